"""A message to a channel was taken: the platform's answer says so, or what comes back from it does."""

import re

from oms.lib.commands import command
from oms.lib.errors import InvalidTransition
from orders.models import ChannelMessage, Refund
from orders.services.record_refund import BY_NAME

Status = ChannelMessage.Status
MARK = re.compile(r"\[oms (\d{1,18})\]")


def settle_message(message, external_id):
    """Record on a message, whose order's record is locked, that it made `external_id` there; a second call: nothing.

    A refund goes by the channel's name of it from then on, so that its coming back is no second one.
    """
    if message.status == Status.DONE:
        return
    message.external_id = external_id[:100]
    if message.status == Status.TAKEN_BACK:  # while it was sent: what takes it back there has to know it
        message.save(update_fields=["external_id"])
        return
    message.move_to(Status.DONE)
    refund, name = message.refund, f"{BY_NAME}{external_id}"[:60]
    if refund and external_id and not Refund.objects.filter(order=refund.order_id, key=name).exists():
        refund.key = name
        refund.save(update_fields=["key"])


def ours_of(record, text):
    """Return the message of a locked ChannelOrder that a text from its channel bears the mark of, or None."""
    found = MARK.search(text)
    return record.messages.select_related("refund").filter(pk=int(found[1])).first() if found else None


@command
def send_again(message_id):
    """Have a message sent that the platform refused; raises InvalidTransition for any other."""
    _refused(message_id).move_to(Status.PENDING)


@command
def settle_by_hand(message_id):
    """Note that somebody did at the platform what it refused to be told; raises InvalidTransition for any other."""
    message = _refused(message_id)
    message.move_to(Status.DONE, error=message.error)


def _refused(message_id):
    message = ChannelMessage.objects.select_for_update(of=("self",)).get(pk=message_id)
    if message.status != Status.REFUSED:
        raise InvalidTransition(f"It is {message.get_status_display()}: nothing is to be settled.")
    return message

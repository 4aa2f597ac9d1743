from oms.lib.commands import command
from oms.lib.errors import InvalidTransition
from oms.papers.models import Message
from oms.papers.services.queue_message import publish_queued
from oms.papers.services.stop_message import stop_message
from oms.papers.services.write_message import address_now

WORDS = ("subject_line", "text", "html", "sender_name", "reply_to")


@command
def resend_message(message, *, to=None, actor=""):
    """Send an e-mail again, to `to` or where it would go now; in the words in which it went out, if to the same.

    Returns the new row, with a Message-ID of its own. To another address, or when it never went out, it is
    written afresh; one that failed is not tried any more by itself. Raises InvalidTransition while it still
    waits to go out the first time.
    """
    original = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if original.status in Message.WAITING:
        raise InvalidTransition("The e-mail has not gone out yet: it will by itself.")
    if original.status == Message.Status.FAILED:
        stop_message(original, actor=actor)
    to = to or address_now(original)
    is_same = original.status == Message.Status.SENT and original.to == to
    copies = ("kind", "subject", "object_id", "language", *(WORDS if is_same else ()))
    again = Message.objects.create(
        **{field: getattr(original, field) for field in copies},
        to=to,
        cause=f"resend:{original.pk}:{original.resends.count() + 1}",
        resend_of=original,
    )
    if is_same:
        again.attachments.set(original.attachments.all())
    publish_queued(again, actor=actor)
    return again

"""What a carrier says of a parcel, by webhook or asked for, is noted on it, whichever comes first."""

import logging
from datetime import timedelta

from fulfilment.carriers import easypost
from fulfilment.models import Parcel
from fulfilment.services.deliver import track
from oms.lib.commands import command
from oms.partners.models import InboundMessage

logger = logging.getLogger(__name__)

READERS = {"easypost": easypost.read}  # source of the message -> bytes of its body to Tracked, or None
# Carriers' clocks are wrong by hours, not by days.
SLACK = timedelta(days=2)


@command
def follow(message_id):
    """Note each event of a stored message once on its parcel, and deliver that when it has arrived.

    What is about no parcel of ours is logged and left. Raises CarrierError, naming the field, for what
    cannot be read, and InvalidTransition when the parcel arrived and is not booked out yet: the outbox
    tries that again until it is.
    """
    message = InboundMessage.objects.get(pk=message_id)
    told = READERS[message.source](bytes(message.body))
    if told is None:
        logger.info("Message %s of %s is about no parcel.", message.external_id, message.source)
        return
    parcel = _parcel_of(told)
    if parcel is None:
        logger.info("No parcel has the tracking number %r of message %s.", told.number[:60], message.external_id)
        return
    note(parcel.pk, told, actor=f"carrier:{message.source}")


@command
def note(parcel_id, told, *, actor):
    """Note each event of a Tracked once on a parcel, whether it came by itself or was asked for.

    Carriers use numbers again: what was before it was ordered is about another parcel, and passed over.
    """
    ordered_at = Parcel.objects.values_list("order__ordered_at", flat=True).get(pk=parcel_id)
    for event in told.events:
        if event.at < ordered_at - SLACK:
            continue
        fields = {"at": event.at, "text": event.text, "place": event.place}
        fields |= {"signed_by": event.signed_by, "photo_url": event.photo_url}
        track(parcel_id, event.code, **fields, actor=actor)


def _parcel_of(told):
    """Return the Parcel that `told` is about, or None.

    Carriers use numbers again, and several may share one. First comes a parcel of that carrier, then one that was
    told the same before (a repeated message must not reach another), one on its way, and the newest.
    """
    rows = Parcel.objects.filter(tracking_number=told.number).exclude(status=Parcel.Status.CANCELLED)
    rows = rows.select_related("carrier").prefetch_related("tracking_events")
    moments = {(event.code, event.at) for event in told.events}

    def rank(parcel):
        is_under_way = parcel.status != Parcel.Status.DELIVERED
        return _is_of(parcel, told.carrier), bool(moments & _moments(parcel)), is_under_way, parcel.pk

    return max(rows, key=rank, default=None)


def _is_of(parcel, carrier):
    names = (parcel.carrier.code, parcel.carrier.name) if parcel.carrier else ()
    return carrier.casefold() in [name.casefold() for name in names]


def _moments(parcel):
    return {(event.code, event.at) for event in parcel.tracking_events.all()}

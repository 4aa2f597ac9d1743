"""Delivered: the customer has it."""

from django.utils import timezone

from fulfilment.models import FulfilmentOrder, Parcel, ParcelLine, TrackingEvent
from fulfilment.services.pack import claim_parcel
from fulfilment.services.watch_parcels import review
from oms.lib.commands import command
from oms.lib.errors import InvalidTransition
from orders.services import progress

Status = FulfilmentOrder.Status


@command
def deliver(parcel_id, *, at=None, actor, **said):
    """Record that a parcel arrived, at `at` (now); a second call does nothing.

    `said` is what is known of it: text, place, signed_by, photo_url.

    Raises InvalidTransition when it has not left.
    """
    work, parcel = claim_parcel(parcel_id)
    if parcel.status != Parcel.Status.DELIVERED:
        if parcel.status not in Parcel.GONE:
            raise InvalidTransition(f"Parcel {parcel} has not left yet.")
        record(work, [parcel], at=at, actor=actor, **said)
    return parcel


@command
def track(parcel_id, code, *, at=None, actor, **said):
    """Note what the carrier says of a parcel on its way; the same code and moment again: only who signed is added.

    `said` is its text, place, signed_by and photo_url.

    DELIVERED does what `deliver` does; of several such moments the earliest counts, in whichever order they come. After
    the parcel turned back it is with us again, not with the customer: that is noted as RETURNED.
    """
    work, parcel = claim_parcel(parcel_id)
    if code == TrackingEvent.Code.DELIVERED and _turned_back(parcel, at):
        code = TrackingEvent.Code.RETURNED
    arrived = code == TrackingEvent.Code.DELIVERED
    if arrived and (at is None or parcel.status != Parcel.Status.DELIVERED):
        return deliver(parcel_id, at=at, actor=actor, **said)
    at, fields = at or timezone.now(), _fields(**said)
    event, is_new = TrackingEvent.objects.get_or_create(
        parcel=parcel, code=code, at=at, defaults=fields | {"actor": actor}
    )
    if not is_new:
        _prove(event, fields)
    if is_new:
        work.order.publish("parcel.tracked", actor=actor, parcel=parcel.pk, code=str(code))
        review(work.order, [parcel.pk], actor=actor)
    if arrived and at < parcel.delivered_at:
        parcel.delivered_at = at
        parcel.save(update_fields=["delivered_at"])
    return parcel


def record(work, parcels, *, at=None, actor, **said):
    """Book shipped `parcels` of claimed work as delivered, and close the work when they are the last."""
    at = at or timezone.now()
    rows = ParcelLine.objects.filter(parcel__in=parcels).order_by("pk")
    progress.deliver(work.order, [(work.line(row.fulfilment_line_id).allocation, row.quantity) for row in rows])
    for parcel in parcels:
        parcel.delivered_at = at
        parcel.move_to(Parcel.Status.DELIVERED)
    fields = _fields(**said) | {"actor": actor}
    TrackingEvent.objects.bulk_create(
        [TrackingEvent(parcel=parcel, code=TrackingEvent.Code.DELIVERED, at=at, **fields) for parcel in parcels],
        ignore_conflicts=True,
    )
    work.order.publish(
        "order.delivered",
        actor=actor,
        parcels=[parcel.pk for parcel in parcels],
        work=work.fulfilment_order.pk,
    )
    review(work.order, [parcel.pk for parcel in parcels], actor=actor)
    row = work.fulfilment_order
    if row.status == Status.SHIPPED and not row.parcels.gone().exclude(status=Parcel.Status.DELIVERED).exists():
        row.move_to(Status.CLOSED, order=work.order, actor=actor)


def _turned_back(parcel, at):
    events = parcel.tracking_events.filter(code=TrackingEvent.Code.RETURNED, at__lte=at or timezone.now())
    return events.exists()


def _fields(text="", place="", signed_by="", photo_url=""):
    """Return the fields of a TrackingEvent, as long as they may be; a photo is behind https or not shown."""
    is_safe = photo_url.startswith("https://") and len(photo_url) <= 300
    photo_url = photo_url if is_safe else ""
    return {"text": text[:200], "place": place[:100], "signed_by": signed_by[:100], "photo_url": photo_url}


def _prove(event, fields):
    """Add to an event that is known already who signed and the photo: carriers tell them later."""
    new = {name: fields[name] for name in ("signed_by", "photo_url") if fields[name] and not getattr(event, name)}
    if new:
        type(event).objects.filter(pk=event.pk).update(**new)

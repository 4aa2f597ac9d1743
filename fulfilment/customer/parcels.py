"""What a customer is told of parcels and pickups, on the page and in e-mails alike."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from fulfilment.models import FulfilmentOrder, ParcelLine, TrackingEvent

Code = TrackingEvent.Code


@dataclass(frozen=True)
class ParcelTold:
    """`rows` are ["2 × Mug"]; `state` says in words where it is; `url` is the carrier's page, or ""."""

    rows: tuple
    state: str
    carrier: str
    tracking_number: str
    url: str


@dataclass(frozen=True)
class PickupTold:
    """Goods that wait in a store: `code` is what the customer shows, `until` a day in words."""

    place: str
    address: dict
    code: str
    until: str


def told_parcels(parcels, reader):
    """Return [ParcelTold] of a Parcel QuerySet, for `reader`, in the active language. Three statements."""
    lines = ParcelLine.objects.select_related("fulfilment_line__order_line")
    rows = parcels.select_related("carrier").prefetch_related(Prefetch("lines", lines), "tracking_events")
    return [_told(parcel, reader) for parcel in rows.order_by("pk")]


def told_pickups(order, reader):
    """Return [PickupTold] of what of `order` lies ready in stores."""
    rows = FulfilmentOrder.objects.filter(order=order, status=FulfilmentOrder.Status.READY_FOR_PICKUP)
    return [told_pickup(row, reader) for row in rows.select_related("location").order_by("pk")]


def told_pickup(row, reader):
    until = reader.day(row.pickup_until) if row.pickup_until else ""
    return PickupTold(row.location.name, row.location.address, row.pickup_code, until)


def _told(parcel, reader):
    url = parcel.tracking_url
    return ParcelTold(
        rows=tuple(f"{line.quantity} × {line.fulfilment_line.order_line.name}" for line in parcel.lines.all()),
        state=_state(parcel, reader),
        carrier=parcel.carrier.name if parcel.carrier else "",
        tracking_number=parcel.tracking_number,
        url=url if url.startswith(("https://", "http://")) else "",
    )


def _state(parcel, reader):
    """Return where it is: what the carrier said last, else what we know."""
    if parcel.delivered_at:
        return _("Delivered on %(day)s") % {"day": reader.day(parcel.delivered_at)}
    news = max(parcel.tracking_events.all(), key=lambda event: (event.at, event.pk), default=None)
    if news and news.code == Code.OUT_FOR_DELIVERY:
        return _("Out for delivery")
    if news and news.code == Code.EXCEPTION:
        return _("The carrier reports a problem; we look after it")
    if news and news.code == Code.RETURNED:
        return _("On its way back to us")
    if parcel.shipped_at:
        return _("On its way since %(day)s") % {"day": reader.day(parcel.shipped_at)}
    return _("Packed")

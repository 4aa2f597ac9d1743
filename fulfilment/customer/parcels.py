"""What a customer is told of parcels and pickups, on the page and in e-mails alike."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from fulfilment.models import FulfilmentOrder, ParcelCase, ParcelLine, TrackingEvent

Code = TrackingEvent.Code
Kind = ParcelCase.Kind


@dataclass(frozen=True)
class ParcelTold:
    """`rows` are ["2 × Mug"]; `state` says in words where it is, `trouble` what is wrong with its way and what we do,
    or ""; `url` is the carrier's page, or "". `proof` says who took it and where, `photo` is the carrier's, or ""."""

    rows: tuple
    state: str
    carrier: str
    tracking_number: str
    url: str
    trouble: str = ""
    proof: str = ""
    photo: str = ""


@dataclass(frozen=True)
class PickupTold:
    """Goods that wait in a store: `code` is what the customer shows, `until` a day in words."""

    place: str
    address: dict
    code: str
    until: str


def told_parcels(parcels, reader):
    """Return [ParcelTold] of a Parcel QuerySet, for `reader`, in the active language. Four statements."""
    lines = ParcelLine.objects.select_related("fulfilment_line__order_line")
    rows = parcels.select_related("carrier").prefetch_related(Prefetch("lines", lines), "tracking_events", "cases")
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
        trouble=_trouble(parcel, reader),
        **_proof(parcel, reader),
    )


def _proof(parcel, reader):
    """Return {proof, photo} of a parcel that arrived: what its carrier told of the moment that counts."""
    arrivals = [event for event in parcel.tracking_events.all() if event.code == Code.DELIVERED]
    if not parcel.delivered_at or not arrivals:
        return {}
    signed = next((event.signed_by for event in arrivals if event.signed_by), "")
    place = next((event.place for event in arrivals if event.place), "")
    when = reader.moment(parcel.delivered_at)
    if signed and place:
        words = _("%(when)s, %(place)s: taken by %(name)s") % {"when": when, "place": place, "name": signed}
    elif signed:
        words = _("%(when)s: taken by %(name)s") % {"when": when, "name": signed}
    else:
        words = f"{when}, {place}" if place else when
    return {"proof": words, "photo": next((event.photo_url for event in arrivals if event.photo_url), "")}


def told_trouble(kind, since, reader):
    """Return (headline, words) for trouble of a ParcelCase.Kind with a parcel, `since` as the case has it."""
    day = reader.day(since)
    match kind:
        case Kind.RETURNING:
            return _("Your parcel is on its way back to us"), _(
                "The carrier could not deliver it and sends it back. You need do nothing: we write to you as soon as "
                "we know more."
            )
        case Kind.EXCEPTION:
            return _("There is a problem with your parcel"), _(
                "The carrier could not go on with it as planned. We look after it and write to you if we need you."
            )
        case Kind.LATE:
            return _("Your parcel takes longer than we said"), _(
                "It should have been with you on %(day)s. We are sorry, and ask the carrier where it is."
            ) % {"day": day}
        case _:
            return _("Your parcel has not moved for some days"), _(
                "The last we heard of it was on %(day)s. We ask the carrier where it is."
            ) % {"day": day}


def _trouble(parcel, reader):
    """Return what the customer is told of the open case of a parcel, or that it is lost or damaged; "" without one."""
    cases = list(parcel.cases.all())
    damaged = next((case for case in cases if case.outcome == ParcelCase.Outcome.DAMAGED), None)
    if damaged and damaged.replacement_id:
        return _("It arrived damaged. We send you the damaged goods again, free of charge.")
    if damaged and damaged.refund_id:
        return _("It arrived damaged. We pay the damaged goods back to you.")
    if parcel.delivered_at:
        return ""
    lost = next((case for case in cases if case.outcome == ParcelCase.Outcome.LOST), None)
    if lost and lost.replacement_id:
        return _("The carrier cannot find it. We send you the goods again, free of charge.")
    if lost and lost.refund_id:
        return _("The carrier cannot find it. We pay the goods back to you.")
    if lost:
        return _("The carrier cannot find it. We write to you about what happens now.")
    open_case = next((case for case in cases if case.closed_at is None), None)
    return told_trouble(open_case.kind, open_case.since, reader)[1] if open_case else ""


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

"""Parcels on the road that want a person: cases open and close as news come, and by the schedule."""

import logging

from django.db.models import F

from fulfilment.models import Parcel, ParcelCase, TrackingEvent
from fulfilment.services.parcel_trouble import known, troubles, with_facts
from oms.lib.chunks import chunks
from oms.lib.commands import command
from orders.models import Order

logger = logging.getLogger(__name__)

Outcome = ParcelCase.Outcome
SYSTEM = "system"
SIZE = 500  # parcels looked at at a time
MOST = 2000  # parcels whose cases change in one run; the rest is for the next


def watch_due():
    """Bring the cases of all parcels on the road up to date; run by the schedule. A second call changes nothing."""
    by, about, changed = known(), set(ParcelCase.objects.open().values_list("parcel", flat=True)), 0
    on_road = _on_road() | _came_back(about)
    for pks in chunks(sorted(on_road | about), SIZE):
        for parcel in with_facts(Parcel.objects.filter(pk__in=pks)).order_by("pk"):
            if _differs(parcel, by, parcel.pk in on_road):
                look_at(parcel.pk)
                changed += 1
        if changed >= MOST:
            logger.info("Cases of %s parcels changed; the others are for the next run.", changed)
            return


@command
def look_at(parcel_id):
    """Bring the case of one parcel up to date, under its order's lock."""
    order_id = Parcel.objects.values_list("order_id", flat=True).get(pk=parcel_id)
    review(Order.objects.lock(order_id), [parcel_id])


def review(order, parcel_ids, *, actor=SYSTEM):
    """Bring the cases of parcels of a locked order up to date: what holds is open, what does not is closed."""
    by, on_road = known(), _on_road(pk__in=parcel_ids) | _came_back(parcel_ids)
    for parcel in with_facts(Parcel.objects.filter(pk__in=parcel_ids)).order_by("pk"):
        _review(order, parcel, _wanted(parcel, by, parcel.pk in on_road), actor)


def _on_road(**among):
    """Return the ids of the parcels on the road that were not given up as lost."""
    lost = ParcelCase.objects.filter(outcome=Outcome.LOST).values("parcel")
    return set(Parcel.objects.on_road().filter(**among).exclude(pk__in=lost).values_list("pk", flat=True))


def _came_back(parcel_ids):
    """Return those that count as delivered, though they had turned back before: that was heard too late."""
    turned = {"tracking_events__code": TrackingEvent.Code.RETURNED, "tracking_events__at__lte": F("delivered_at")}
    rows = Parcel.objects.filter(pk__in=parcel_ids, status=Parcel.Status.DELIVERED, **turned)
    return set(rows.values_list("pk", flat=True))


def _differs(parcel, by, is_on_road):
    open_case = next((case for case in parcel.cases.all() if case.closed_at is None), None)
    wanted = _wanted(parcel, by, is_on_road)
    return (open_case and open_case.kind) != (wanted and wanted[0])


def _wanted(parcel, by, is_on_road):
    """Return (kind, since) of the case that a parcel should have open, or None.

    What a person settled is dealt with until there is news of it.
    """
    settled = {(case.kind, case.since) for case in parcel.cases.all() if case.is_by_people}
    found = troubles(parcel, by) if is_on_road else []
    return next((trouble for trouble in found if trouble not in settled), None)


def _review(order, parcel, wanted, actor):
    cases = list(parcel.cases.all())
    open_case = next((case for case in cases if case.closed_at is None), None)
    if open_case and wanted and open_case.kind == wanted[0]:
        return
    if open_case:
        open_case.close(Outcome.NEWS, by=actor)
        order.publish("parcel.case_closed", actor=actor, parcel=parcel.pk, case=open_case.pk, kind=open_case.kind)
    if wanted:
        _open(order, parcel, cases, wanted, actor)


def _open(order, parcel, cases, wanted, actor):
    kind, since = wanted
    case = next((case for case in cases if (case.kind, case.since) == wanted), None)
    if case:
        case.reopen()
    else:
        case = ParcelCase.objects.create(parcel=parcel, kind=kind, since=since)
    order.publish("parcel.case_opened", actor=actor, parcel=parcel.pk, case=case.pk, kind=str(kind))

"""What a lead must see coming: by cut-off how much is where and how long it takes, and what nobody touches."""

from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from fulfilment.models import FulfilmentLine, FulfilmentOrder, PickList, PickTask
from fulfilment.services import pace
from orders.models import Order

Status = FulfilmentOrder.Status
UNTOUCHED = timedelta(minutes=30)
MOST_SHOWN = 50


def by_cutoff(location, now=None):
    """Return ([{ship_by, ready, picking, to_pack, packed, late, hours, present}], people picking now), the next first.

    `hours` is what picking what is left takes, `present` the hours those here have until then (None: it is past).
    """
    now = now or timezone.now()
    rows = FulfilmentOrder.objects.filter(location=location).wanted().exclude(status=Status.READY_FOR_PICKUP)
    counts = rows.order_by("ship_by").values("ship_by").annotate(
        ready=Count("pk", filter=Q(status=Status.OPEN, order__is_held=False)),
        picking=Count("pk", filter=Q(status__in=[Status.RELEASED, Status.PICKING], picked_at=None)),
        to_pack=Count("pk", filter=Q(status=Status.PICKING, picked_at__isnull=False)),
        packed=Count("pk", filter=Q(status=Status.PACKED)),
    )  # fmt: skip
    lines = _lines_left(location)
    factor, people = pace.factor_of(location, now), len(pace.present(location, now))
    found = []
    for row in counts[:MOST_SHOWN]:
        late = row["ship_by"] < now
        until = max((row["ship_by"] - now).total_seconds(), 0) / 3600
        hours = round(pace.rough_seconds(lines.get(row["ship_by"], 0), factor=factor) / 3600, 1)
        is_short = bool(people) and hours > until * people
        found.append(row | {"late": late, "hours": hours, "present": round(until * people, 1), "is_short": is_short})
    return found, people


def _lines_left(location):
    """Return {cut-off: lines that are still to be picked}."""
    rows = FulfilmentLine.objects.filter(
        fulfilment_order__location=location,
        fulfilment_order__status__in=[Status.OPEN, Status.RELEASED, Status.PICKING],
        fulfilment_order__order__is_held=False,
        quantity__gt=F("picked") + F("short") + F("cancelled"),
    ).exclude(fulfilment_order__order__status=Order.Status.CANCELLED)
    counts = rows.order_by().values_list("fulfilment_order__ship_by").annotate(Count("pk"))
    return dict(counts)


def stuck(location, now=None):
    """Return the orders that somebody began and nobody has touched for half an hour, the longest first.

    Each has `is_half_packed`, and its list and picker loaded; what was set aside is known and is not among them.
    """
    now = now or timezone.now()
    packed = FulfilmentLine.objects.filter(fulfilment_order=OuterRef("pk"), packed__gt=0)
    rows = FulfilmentOrder.objects.filter(location=location, status=Status.PICKING, set_aside="")
    rows = rows.filter(touched_at__lt=now - UNTOUCHED).annotate(is_half_packed=Exists(packed))
    return list(rows.select_related("order", "pick_list__picker").order_by("touched_at")[:MOST_SHOWN])


def silent_lists(location, now=None):
    """Return the lists that are being picked, and of which nothing was scanned for half an hour: a dead device?"""
    now = now or timezone.now()
    lately = PickTask.objects.filter(pick_list=OuterRef("pk"), done_at__gt=now - UNTOUCHED)
    rows = PickList.objects.filter(location=location, status=PickList.Status.PICKING)
    rows = rows.filter(started_at__lt=now - UNTOUCHED).exclude(Exists(lately)).select_related("picker")
    return list(rows.order_by("pk")[:MOST_SHOWN])

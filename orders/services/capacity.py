"""How many orders a location begins a day: those with a daily capacity are given no more.

It is exact under concurrency: who takes a slot has the location's row locked and counts again under the lock.
So orders of one such location commit one after the other, which suits a store or a 3PL; a location without a
capacity is never locked and costs no statement. Reading before the lock only saves the second try.
"""

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q

from inventory.models import Location
from oms.lib.errors import Retry
from orders.models import Allocation, DaySlot, Order
from orders.services.network import begun_at, network


def full(order, places, *, now, without=()):
    """Return {location id: (taken, capacity)} of those `places` that begin no more orders on the day `order` would be.

    `places` are Locations. Where the order has a slot and pieces already (its allocations `without`, ids, not
    counted), it is not full. Who collects has chosen his store: that counts, but is never turned away. One
    statement, none where no place has a capacity.
    """
    days = {place.pk: begun_at(place, now) for place in places if place.daily_capacity is not None}
    if not days or order.method == Order.Method.PICKUP:
        return {}
    limits = {place.pk: place.daily_capacity for place in places if place.pk in days}
    counts = others(order, days, without)
    return {pk: (counts[pk], limit) for pk, limit in limits.items() if counts[pk] >= limit}


def taken(place, *, now):
    """Return how many orders `place` begins on the day on which it would begin one of `now`; one statement."""
    return others(Order(), {place.pk: begun_at(place, now)})[place.pk]


def take(order, rows, *, now):
    """Take the day's slot of a saved `order` at each limited location of its RESERVED `rows`, which are saved.

    Locks these locations, by pk: after orders, allocations and SKUs, before stock. A slot that it has already stays.
    Raises Retry when another order took the last one: the command starts again and sources anew.
    """
    known = network()
    limited = {pk for row in rows if (pk := row.location_id) and known.place(pk).daily_capacity is not None}
    if not limited:
        return
    places = list(Location.objects.filter(pk__in=limited).order_by("pk").select_for_update(no_key=True))
    if taken := full(order, places, now=now, without=[row.pk for row in rows]):
        raise Retry(f"The day of {', '.join(known.place(pk).code for pk in sorted(taken))} is full by now.")
    slots = [DaySlot(location=place, day=begun_at(place, now), order=order) for place in places]
    DaySlot.objects.bulk_create(slots, ignore_conflicts=True)


def others(order, days: dict[int, date], without=()):
    """Return {location id: how many other orders it begins on its day of `days`}; 0 where `order` is among them.

    The order's allocations `without` (ids) do not make it one of them.
    """
    wanted = Q(pk__in=[])
    for pk, day in days.items():
        wanted |= Q(location=pk, day=day)
    there = Allocation.objects.filter(order=OuterRef("order"), location=OuterRef("location")).exclude(pk__in=without)
    kept = Exists(there.exclude(status__in=[Allocation.Status.FREED, Allocation.Status.BACKORDERED]))
    slots = DaySlot.objects.filter(wanted).filter(kept).order_by().values_list("location")
    counts = slots.annotate(all=Count("pk"), mine=Count("pk", filter=Q(order=order.pk)))
    return dict.fromkeys(days, 0) | {pk: 0 if mine else n for pk, n, mine in counts}

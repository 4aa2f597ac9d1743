"""What is on its way of SKUs, and promising missing pieces out of it: never more than comes, never earlier.

Whoever writes such a promise has the SKU's row locked (`lock_skus`): after orders and allocations, before stock.
"""

from collections import Counter, defaultdict
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from inventory.models import PurchaseLine, Sku, StockLevel, TransferLine
from orders.models import Allocation
from orders.promise.timeline import Timeline
from orders.services.eligible import eligible
from orders.services.network import arrival_from, lane_of, made_on, network

Status = Allocation.Status
# What comes in a day is on its shelf the next morning.
PUT_AWAY = timedelta(days=1)


class Books:
    """What is on its way of some SKUs, less what is promised of it, at each location. Five statements."""

    def __init__(self, sku_ids, *, without=()):
        """Read the books of `sku_ids`; the claims of the allocations `without` are taken as free."""
        now = timezone.now()
        self._lines = defaultdict(lambda: Timeline(now))
        for sku_id, location_id, day, pieces in inbound(sku_ids):
            if day >= timezone.localdate(now, zone_of(location_id)):  # of overdue goods nobody knows when they come
                self._lines[sku_id, location_id].add(on_shelf(location_id, day), pieces)
        for row in Allocation.objects.claims().filter(sku__in=sku_ids).exclude(pk__in=without):
            self._lines[row.sku_id, row.supply_location_id].add(row.supply_at, -row.quantity)
        levels = StockLevel.objects.with_available().filter(sku__in=sku_ids)
        self._available = {
            (sku_id, place): n for sku_id, place, n in levels.values_list("sku", "location", "available")
        }

    def take(self, order, row):
        """Promise the missing `row` of `order` where it arrives first, and set its supply; the caller saves it."""
        if row.sku.is_made_to_order:
            _make(order, row)
            return
        row.supply_location_id = row.supply_at = None
        options = []
        able = eligible(order, has_hazmat=row.sku.is_hazmat)
        for pk, (place, lane) in able.places.items():
            if row.sku.is_hazmat and pk in able.barred:
                continue
            line = self._lines.get((row.sku_id, pk))
            keep = max(0, order.channel.buffer - self._available.get((row.sku_id, pk), 0))
            at = line and line.promise(row.quantity, after=released_at(row.sku, place), keep=keep)
            if at:
                options.append((arrival_from(place, at, lane.transit_days if lane else 0), pk, at))
        if options:
            _, row.supply_location_id, row.supply_at = min(options)
            self._lines[row.sku_id, row.supply_location_id].add(row.supply_at, -row.quantity)


def peg(order, rows, *, is_sure=True):
    """Promise those of `rows` (allocations, saved or not, with SKU) that are missing out of what is on its way.

    Sets their supply, which the caller saves; what nothing covers gets none. Not `is_sure`: nothing is
    locked, for a forecast that is not written.
    """
    missing = [row for row in rows if row.status == Status.BACKORDERED]
    if missing:
        skus = {row.sku_id for row in missing}
        if is_sure:
            lock_skus(skus)
        books = Books(skus, without=[row.pk for row in missing if row.pk])
        for row in missing:
            books.take(order, row)


def _make(order, row):
    """Promise `row` from when it is made for its order. A day that was promised stands until it is past."""
    place, now = eligible(order, has_hazmat=row.sku.is_hazmat), timezone.now()
    place = None if row.sku.is_hazmat and row.sku.made_at_id in place.barred else place.places.get(row.sku.made_at_id)
    if place is None:
        row.supply_location_id = row.supply_at = None
    elif row.supply_location_id != row.sku.made_at_id or row.supply_at is None or row.supply_at <= now:
        place, _ = place
        ready = on_shelf(place.pk, made_on(place, now, row.sku.made_in_days))
        row.supply_location_id, row.supply_at = place.pk, max(ready, released_at(row.sku, place) or ready)


def foreseen(order, rows, *, now):
    """Return the moment by which all of `rows` (open allocations with their SKU) arrive; None if one has no source."""
    arrivals = []
    for row in rows:
        location_id = row.location_id or row.supply_location_id
        if location_id is None:
            return None
        place, lane = network().place(location_id), lane_of(location_id, order)
        ready = max(moment for moment in (now, row.supply_at, released_at(row.sku, place)) if moment)
        if row.sku.is_stocked or ready > now:
            arrivals.append(arrival_from(place, ready, lane.transit_days if lane else 0))
    return max(arrivals, default=now)


def inbound(sku_ids):
    """Yield (sku id, location id, day, pieces) of what is on its way with a day, overdue or not. Two statements."""
    lines = PurchaseLine.objects.inbound().filter(sku__in=sku_ids)
    yield from lines.values_list("sku_id", "location_id", "arrives_on", "pieces")
    moved = TransferLine.objects.inbound().filter(sku__in=sku_ids, transfer__expected_on__isnull=False)
    yield from moved.values_list("sku_id", "location_id", "expected_on", "open_pieces")


def on_shelf(location_id, day):
    """Return from when on pieces can be sent that come on `day`: the next morning at the location."""
    return datetime.combine(day + PUT_AWAY, time(), zone_of(location_id))


def released_at(sku, place):
    """Return the moment of a location's clock before which nothing of the SKU leaves, or None."""
    return datetime.combine(sku.released_on, time(), ZoneInfo(place.tz)) if sku.released_on else None


def zone_of(location_id):
    return ZoneInfo(network().place(location_id).tz)


def lock_skus(sku_ids):
    """Keep others from promising what is on its way of these SKUs, until the transaction ends."""
    list(Sku.objects.filter(pk__in=sku_ids).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def overclaimed(sku_ids):
    """Return {(sku id, location id): (moment, pieces)} where more is promised by a moment than comes until then."""
    comes, claimed = defaultdict(Counter), defaultdict(Counter)
    for sku_id, location_id, day, pieces in inbound(sku_ids):
        comes[sku_id, location_id][on_shelf(location_id, day)] += pieces
    for row in Allocation.objects.claims().filter(sku__in=sku_ids):
        claimed[row.sku_id, row.supply_location_id][row.supply_at] += row.quantity
    found = {}
    for key, claims in claimed.items():
        for at in sorted(claims):
            over = sum(n for when, n in claims.items() if when <= at)
            over -= sum(n for when, n in comes[key].items() if when <= at)
            if over > 0 and key not in found:
                found[key] = at, over
    return found

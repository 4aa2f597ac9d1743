"""Backorders: breaking the newest promises when stock shrinks, keeping the oldest when stock comes."""

import logging
from math import inf

from django.db import OperationalError
from django.db.models import Exists, OuterRef, Q, Sum
from django.utils import timezone

from inventory.models import Location, PurchaseLine, StockLevel, TransferLine
from inventory.services import stock
from oms.lib.commands import command
from oms.lib.errors import DomainError, InsufficientStock, Retry
from orders.models import Allocation, Gathering, Order, PromiseEvent
from orders.services import allocate, end_gathering, promise, states, supply
from orders.services.eligible import eligible
from orders.services.network import network

logger = logging.getLogger(__name__)

Status = Allocation.Status


@command
def make_room(sku_id, location_id, pieces, *, actor="system"):
    """Backorder the newest promises of a level until `pieces` fewer are reserved.

    Called by name before any stock lock (oms.subscribers.BEFORE_SHRINK). Pieces on the floor are not
    touched: raises InsufficientStock, naming the orders that a picker must short first.
    """
    at_level = Allocation.objects.filter(sku=sku_id, location=location_id)
    order_ids, covered = [], 0
    for row in at_level.filter(status=Status.RESERVED).order_by("-pk").values("order_id", "quantity"):
        if covered < pieces:
            order_ids.append(row["order_id"])
            covered += row["quantity"]
    if covered < pieces:
        raise InsufficientStock(_on_the_floor(at_level), field="quantity", skus=[sku_id])
    orders = {order.pk: order for order in Order.objects.lock_all(order_ids)}
    rows = at_level.filter(order__in=orders, status=Status.RESERVED).order_by("pk").select_for_update(of=("self",))
    moved = {}
    for row in sorted(rows, key=lambda row: -row.pk):
        taken = min(pieces, row.quantity)
        if taken:
            pieces -= taken
            moved.setdefault(row.order_id, []).append(_backorder(row, taken))
    for order_id in sorted(moved):
        _tell_backordered(orders[order_id], moved[order_id], actor=actor)
    # Fewer than wished where an order moved on meanwhile: the poster finds the level short and retries.
    for order_id, rows in sorted(moved.items()):
        freed = {(sku_id, location_id): sum(row.quantity for row in rows)}
        stock.release(freed, subject=orders[order_id].subject, actor=actor)


@command
def take_up(sku_id, *, arrived_at=None, actor="system"):
    """Reserve arrived pieces of a SKU for the orders that wait for them: by priority, then the date promised, then age.

    The rest is promised anew out of what is still on its way. A location that did not give an order its pieces is not
    asked for them again before more came there: `arrived_at`, its id. Returns how many orders got pieces. A second call
    finds nothing left to do.
    """
    waiting = Allocation.objects.waiting_for(sku_id)
    orders = {order.pk: order for order in Order.objects.lock_all(set(waiting.values_list("order_id", flat=True)))}
    if not orders:
        return 0
    rows = list(waiting.select_related("sku", "line").order_by("pk").select_for_update(of=("self",)))
    supply.lock_skus([sku_id])
    if any(row.order_id not in orders for row in rows):
        raise Retry(f"Somebody else ordered SKU {sku_id} meanwhile.")
    if not rows:  # somebody else took them up while we waited for the orders
        return 0
    _forget_refusals(rows, arrived_at)
    rows.sort(key=lambda row: _turn(orders[row.order_id], row))
    served = _serve(orders, rows, actor=actor)
    moved = _peg_again(orders, sku_id)
    for order_id in sorted(served.keys() | moved):
        _tell_moved(orders[order_id], served.get(order_id, []), actor=actor)
    return len(served)


def _forget_refusals(rows, location_id):
    told = [row for row in rows if location_id in row.refused_by]
    for row in told:
        row.refused_by = [pk for pk in row.refused_by if pk != location_id]
    Allocation.objects.bulk_update(told, ["refused_by"])


def _turn(order, row):
    """Return what decides whose turn it is; who was promised a day comes before who was promised none."""
    return order.priority, row.supply_at is None, row.supply_at or order.ordered_at, order.pk, row.pk


def _serve(orders, rows, *, actor):
    """Reserve what is there for `rows` in their order; returns {order id: allocations that are RESERVED now}.

    Each order is asked for: that one cannot be served out of what is there says nothing of the next, which may
    go elsewhere, want fewer pieces or be of a channel with a smaller buffer.
    """
    there = _available(rows[0].sku_id)
    if not there:
        return {}
    by_order = {}
    for row in rows:
        by_order.setdefault(row.order_id, []).append(row)
    served, gathered = {}, Gathering.objects.places_of(by_order)
    for order_id, wanted in by_order.items():
        order = orders[order_id]
        # What is being gathered is served where it is awaited: elsewhere it was taken away from.
        place = gathered.get(order_id)
        places = _places(order, wanted) & ({place} if place else there.keys())
        if max((there.get(pk, 0) for pk in places), default=0) <= order.channel.buffer:
            continue
        away = set(network().locations) - {place} if place else frozenset()
        got = allocate.resource(order, wanted, exclude=away, actor=actor)
        if got:
            served[order_id] = got
            there = _available(rows[0].sku_id)
    return served


def _places(order, rows):
    """Return the ids of the locations that may serve `rows` of an order and did not refuse them."""
    return eligible(order).places.keys() - {pk for row in rows for pk in row.refused_by}


def _available(sku_id):
    """Return {location id: pieces of a SKU that nobody was promised}; without end where stock is not counted."""
    levels = StockLevel.objects.with_available().filter(sku=sku_id, available__gt=0)
    return dict(levels.values_list("location_id", "available")) | dict.fromkeys(_uncounted(), inf)


def _uncounted():
    """Return the ids of the locations that do not count their goods: whatever is asked is taken to be there."""
    places = network().locations.values()
    return {place.pk for place in places if not place.tracks_stock and place.kind != Location.Kind.DIGITAL}


def _peg_again(orders, sku_id):
    """Promise what still waits for a SKU anew, by turn; returns the ids of orders whose pieces come at another time."""
    rows = list(Allocation.objects.waiting_for(sku_id).filter(order__in=orders).select_related("sku"))
    rows.sort(key=lambda row: _turn(orders[row.order_id], row))
    books = supply.Books([sku_id], without=[row.pk for row in rows])
    changed = []
    for row in rows:
        before = row.supply_location_id, row.supply_at
        books.take(orders[row.order_id], row)
        if (row.supply_location_id, row.supply_at) != before:
            changed.append(row)
    Allocation.objects.bulk_update(changed, ["supply_location", "supply_at"])
    return {row.order_id for row in changed}


def _tell_moved(order, got, *, actor):
    is_whole = got and not Allocation.objects.backordered().filter(order=order).exists()
    is_gathered = order.pk in Gathering.objects.places_of([order])
    cause = PromiseEvent.Cause.GATHERED if is_gathered else PromiseEvent.Cause.RESTOCKED
    promise.move(order, cause if is_whole else None, is_pegged=True)
    _check_gathering(order, actor)
    if got:
        order.publish("order.restocked", actor=actor, allocations=[row.pk for row in got])
    states.refresh(order)


def take_up_all():
    """Look for waiting pieces that stock covers by now (freed by a cancellation, say); run by the schedule."""
    covered = StockLevel.objects.with_available().filter(
        sku=OuterRef("sku"), available__gt=OuterRef("order__channel__buffer")
    )
    waiting = Allocation.objects.backordered().filter(Exists(covered), order__status__in=["placed", "confirmed"])
    _take_up_each(_skus(waiting))


def repeg_all():
    """Look again at what waits for goods that are overdue, or for which none were on their way, and at what a location
    may send by now that does not count its goods (its day was full, say); by the schedule."""
    waiting = Allocation.objects.backordered().filter(order__status__in=["placed", "confirmed"])
    due = Q(supply_at__lte=timezone.now()) | Q(supply_at=None, sku__in=PurchaseLine.objects.inbound().values("sku"))
    overdue = Q(supply_at__isnull=False, sku__in=PurchaseLine.objects.late(timezone.localdate()).values("sku"))
    moved = Q(supply_at=None, sku__in=TransferLine.objects.inbound().values("sku"))
    _take_up_each(_skus(waiting.filter(due | overdue | moved)) | _skus_of_uncounted())


def _skus(rows):
    return set(rows.order_by().values_list("sku_id", flat=True).distinct())


def _skus_of_uncounted():
    """Return the ids of SKUs that orders wait for which a location without a count may send."""
    uncounted = _uncounted()
    if not uncounted:
        return set()
    waiting = Allocation.objects.missing().filter(order__status__in=["placed", "confirmed"])
    rows = waiting.select_related("order__channel").order_by("pk").iterator()
    return {row.sku_id for row in rows if _places(row.order, [row]) & uncounted}


def _take_up_each(sku_ids):
    """Take up SKU by SKU; what goes wrong with one of them keeps no other waiting."""
    for sku_id in sorted(sku_ids):
        try:
            take_up(sku_id)
        except (DomainError, Retry, OperationalError) as error:
            logger.warning("SKU %s: nobody who waits was served: %s", sku_id, error)


def _backorder(row, pieces):
    row = row.split(pieces)
    row.location_id = None
    row.move_to(Status.BACKORDERED)
    return row


def _tell_backordered(order, rows, *, actor):
    promise.move(order, PromiseEvent.Cause.BACKORDER)
    order.publish("order.backordered", actor=actor, allocations=[row.pk for row in rows])
    states.refresh(order)


def _check_gathering(order, actor):
    """Give a gathering up whose missing pieces are not awaited where it gathers."""
    place = Gathering.objects.places_of([order]).get(order.pk)
    missing = Allocation.objects.backordered().filter(order=order)
    if place and missing.exclude(supply_location=place, supply_at__isnull=False).exists():
        end_gathering.give_up(order, actor=actor)


def _on_the_floor(at_level):
    busy = at_level.filter(status__in=[Status.ON_FLOOR, Status.PICKED]).select_related("order")
    pieces = busy.aggregate(n=Sum("quantity", default=0))["n"]
    numbers = ", ".join(sorted({row.order.number for row in busy[:10]}))
    return f"{pieces} of these pieces are being picked ({numbers}): short them there first."

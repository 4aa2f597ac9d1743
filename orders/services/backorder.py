"""Backorders: breaking the newest promises when stock shrinks, keeping the oldest when stock comes."""

from django.db.models import Exists, OuterRef, Sum

from inventory.models import StockLevel
from inventory.services import stock
from oms.lib.commands import command
from oms.lib.errors import InsufficientStock
from orders.models import Allocation, Order, PromiseEvent
from orders.services import allocate, promise, states

Status = Allocation.Status
ORDERS_AT_ONCE = 100


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
    orders = {order.pk: order for order in lock_orders(order_ids)}
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
def take_up(sku_id, *, actor="system"):
    """Reserve arrived pieces of a SKU for the orders that wait for them, by priority, then age.

    Returns how many orders got pieces. A second call finds nothing left to do.
    """
    waiting = Allocation.objects.waiting_for(sku_id)
    wanted = list(waiting.order_by("order__priority", "order_id").values_list("order_id", flat=True)[:ORDERS_AT_ONCE])
    orders = {order.pk: order for order in lock_orders(set(wanted))}
    rows = waiting.filter(order__in=orders).select_related("sku", "line").order_by("pk")
    by_order = {}
    for row in rows.select_for_update(of=("self",)):
        by_order.setdefault(row.order_id, []).append(row)
    served, dry = 0, set()
    for order_id in dict.fromkeys(wanted):
        order = orders[order_id]
        if order_id not in by_order or order.channel_id in dry:
            continue
        got = allocate.resource(order, by_order[order_id], actor=actor)
        if not got:  # another channel has other locations, or a smaller buffer
            dry.add(order.channel_id)
            continue
        served += 1
        promise.move(order, PromiseEvent.Cause.RESTOCKED)
        order.publish("order.restocked", actor=actor, allocations=[row.pk for row in got])
        states.refresh(order)
    return served


def take_up_all():
    """Look for waiting pieces that stock covers by now (freed by a cancellation, say); run by the schedule."""
    covered = StockLevel.objects.with_available().filter(
        sku=OuterRef("sku"), available__gt=OuterRef("order__channel__buffer")
    )
    waiting = Allocation.objects.backordered().filter(Exists(covered), order__status__in=["placed", "confirmed"])
    for sku_id in waiting.order_by("sku_id").values_list("sku_id", flat=True).distinct()[:200]:
        take_up(sku_id)


def lock_orders(pks):
    """Return the orders `pks`, locked in pk order."""
    rows = Order.objects.filter(pk__in=pks).select_related("channel").order_by("pk")
    return list(rows.select_for_update(of=("self",)))


def _backorder(row, pieces):
    row = row.split(pieces)
    row.location_id = None
    row.move_to(Status.BACKORDERED)
    return row


def _tell_backordered(order, rows, *, actor):
    promise.move(order, PromiseEvent.Cause.BACKORDER)
    order.publish("order.backordered", actor=actor, allocations=[row.pk for row in rows])
    states.refresh(order)


def _on_the_floor(at_level):
    busy = at_level.filter(status__in=[Status.ON_FLOOR, Status.PICKED]).select_related("order")
    pieces = busy.aggregate(n=Sum("quantity", default=0))["n"]
    numbers = ", ".join(sorted({row.order.number for row in busy[:10]}))
    return f"{pieces} of these pieces are being picked ({numbers}): short them there first."

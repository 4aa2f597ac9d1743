"""A sale over the counter: the goods are gone already, whoever the book kept them for."""

from collections import Counter

from django.db.models import Sum
from django.utils import timezone

from fulfilment.models import FulfilmentOrder
from fulfilment.services.claim import claim
from fulfilment.services.deliver import record
from fulfilment.services.direct import ParcelIn, book
from fulfilment.services.open_orders import follow
from fulfilment.services.plan_bins import PICKABLE, free_bins
from inventory.models import Bin, BinStock, CountSession, Sku, StockLevel
from inventory.services import stock
from inventory.services.counts import ask_count
from oms.lib.commands import command
from oms.lib.errors import InsufficientStock, Invalid, Retry
from orders.models import Allocation, Order
from orders.services import allocate, place
from orders.services.customers import customer_of
from orders.sourcing.plan import Plan, Search

Status = Allocation.Status


@command
def sell(order_in, *, actor):
    """Place, confirm, ship and deliver what `order_in` (OrderIn) says was sold at a till; return the Order.

    Its store is the `pickup_location`, or the only location of its channel. Nothing is verified and no
    payment is waited for. Pieces that were promised to others are backordered, the newest promise first; what the
    book has not is booked as `pos_overrun`, and somebody counts. The same channel and external id again: the
    first order, unchanged (`is_new`). Raises Invalid, naming the field.
    """
    known = place.existing(order_in)
    if known:
        return known
    store = _store_of(order_in)
    order, goods = _place(order_in, store, actor)
    overrun = _reserve(order, store, goods, actor) if store.tracks_stock and goods else []
    follow(order.pk, actor=actor)
    for pk in FulfilmentOrder.objects.filter(order=order, location=store).values_list("pk", flat=True):
        work = claim(pk)
        everything = ParcelIn({line.pk: line.wanted for line in work.lines})
        parcels = book(work, [everything], has_slip=False, actor=actor)
        record(work, parcels, place=str(store), text="sold over the counter", actor=actor)
    for sku_id in overrun:
        ask_count(_home_of(sku_id, store), origin=CountSession.Origin.TILL, actor=actor)
    order = Order.objects.select_related("channel").get(pk=order.pk)
    order.is_new = True
    return order


def _store_of(order_in):
    """Return the Location where it was sold; raises Invalid where nobody said, or it is not the channel's."""
    chosen = list(order_in.channel.locations.order_by("pk"))
    code = order_in.pickup_location or (chosen[0].code if len(chosen) == 1 else "")
    if not code:
        raise Invalid("Name the store where it was sold.", field="pickup_location")
    store = place.pickup_place(code)
    if chosen and store not in chosen:
        raise Invalid(f"{store} does not sell for {order_in.channel}.", field="pickup_location")
    return store


def _place(order_in, store, actor):
    """Write the order, all of it promised from the store and CONFIRMED; return it and its goods {sku id: pieces}."""
    order_in.method, order_in.pickup_location = Order.Method.PICKUP, store.code
    priced = place.read(order_in)
    order = place.build(order_in, priced, customer=customer_of(order_in))
    leaves = [line for line in priced.lines if line.kind != Sku.Kind.KIT]
    goods = Counter()
    for line in leaves:
        if line.kind == Sku.Kind.PHYSICAL:
            goods[line.sku_id] += line.quantity
    pieces = {(sku_id, store.pk): count for sku_id, count in goods.items()}
    found = Search([Plan((allocate.site_of(store, None),) if goods else (), pieces, {}, {}, 0)])
    digital = allocate.digital_shelf() if any(line.kind != Sku.Kind.PHYSICAL for line in leaves) else None
    sourced = place.settle(order, leaves, found, digital)
    for row in sourced[0]:
        row.expires_at = None  # paid or not, the goods are gone
    order.event_counter = 1
    place.write(order, priced)
    if store.tracks_stock:
        _make_room(store, goods, actor)  # before the order has promises of its own, which are the newest
    place.announce(order, priced.lines, sourced, payments=order_in.payments, actor=actor)
    order.verified_at = timezone.now()
    order.save(update_fields=["verified_at"])
    order.move_to(Order.Status.CONFIRMED)
    order.publish("order.confirmed", actor=actor)
    return order, goods


def _reserve(order, store, goods, actor):
    """Take `goods` for the order, whatever is kept as safety stock or promised; return the SKUs the book has not."""
    levels = StockLevel.objects.lock({(sku_id, store.pk) for sku_id in goods})
    shelves, busy = free_bins(store, goods), _on_the_floor(store, goods)
    dock = stock.system_bin(store, Bin.Kind.DOCK)
    moves, overrun = [], []
    for sku_id, count in sorted(goods.items()):
        level = levels.get((sku_id, store.pk)) or StockLevel()
        free = level.on_hand - level.reserved - level.unavailable
        if free < count and level.reserved > busy[sku_id]:
            raise Retry(f"{order} found pieces promised meanwhile.")
        beyond = count - min(count, free, sum(there for _, there in shelves.get(sku_id, ())))
        if beyond:
            key = f"till:{order.pk}:{sku_id}"
            moves.append(stock.Move(sku_id, store.pk, stock.ON_HAND, beyond, dock.pk, key, "pos_overrun"))
            overrun.append(sku_id)
        moves.append(stock.Move(sku_id, store.pk, stock.RESERVED, count))
    stock.post(moves, "reserve", subject=order.subject, actor=actor)
    return overrun


def _make_room(store, goods, actor):
    """Break promises on `goods` as far as they are not on the floor yet; all their orders are locked before stock."""
    busy, wanted = _on_the_floor(store, goods), {}
    for level in StockLevel.objects.filter(location=store, sku__in=goods).order_by("sku_id"):
        room = level.on_hand - level.unavailable - busy[level.sku_id]
        if level.on_hand - level.unavailable - level.reserved < goods[level.sku_id]:
            wanted[level.sku_id] = min(goods[level.sku_id], room)
    if len(wanted) > 1:
        promised = Allocation.objects.filter(location=store, sku__in=wanted, status=Status.RESERVED)
        Order.objects.lock_all(set(promised.values_list("order_id", flat=True)))
    for sku_id, count in wanted.items():
        try:
            stock.make_room(sku_id, store.pk, count, actor=actor)
        except InsufficientStock as error:
            raise Retry(f"Pieces went to the floor of {store} meanwhile.") from error


def _on_the_floor(store, sku_ids):
    """Return {sku id: pieces} of `sku_ids` at the store that pickers are after, or have."""
    rows = Allocation.objects.filter(location=store, sku__in=sku_ids, status__in=[Status.ON_FLOOR, Status.PICKED])
    return Counter(dict(rows.order_by().values_list("sku_id").annotate(n=Sum("quantity"))))


def _home_of(sku_id, store):
    """Return the Bin where a SKU lies by the book, a shelf before the dock."""
    held = BinStock.objects.filter(sku=sku_id, bin__location=store, bin__kind__in=PICKABLE).select_related("bin")
    return min(held, key=lambda row: (PICKABLE.index(row.bin.kind), -row.quantity, row.pk)).bin

"""One SKU that everybody wants: buyers at once, beside the same code that looks before it writes."""

from django.db.models import F

from inventory.models import StockLevel
from oms.lib.commands import command
from oms.lib.errors import InsufficientStock
from oms.management.bench import load
from oms.management.bench.merchant import FIRST_SKU, make_merchant, order_in
from orders.models import Order
from orders.services.place import place

CLIENTS = 16
SECONDS = 8


def run(bench, *, scale=1.0):
    """Add orders a second on one SKU and on many, the reservation alone by two ways, and what was oversold."""
    seconds = max(1, round(SECONDS * scale))
    channel = make_merchant(skus=300, locations=1, on_shortage="refuse")
    rate, cpu = load.drive(
        lambda client, i: place(order_in(channel, f"many{client}-{i}", [(client * 17 + i) % 300])),
        clients=CLIENTS,
        seconds=seconds,
    )
    bench.add(clients=CLIENTS, many_skus_orders_per_s=rate, many_skus_cpu_ms=cpu)
    hot, cpu = load.drive(
        lambda client, i: place(order_in(channel, f"hot{client}-{i}", [0])), clients=CLIENTS, seconds=seconds
    )
    bench.add(hot_sku_orders_per_s=hot, hot_sku_cpu_ms=cpu, hot_to_many_ratio=hot / rate)
    bench.add(oversold_pieces=_last_pieces(channel, max(10, round(500 * scale)), seconds))
    locked, _ = load.drive(lambda client, i: _look_then_write(), clients=CLIENTS, seconds=seconds)
    plain, _ = load.drive(lambda client, i: _conditional(), clients=CLIENTS, seconds=seconds)
    bench.add(conditional_update_per_s=plain, select_for_update_per_s=locked, conditional_ratio=plain / locked)


def _last_pieces(channel, pieces, seconds):
    """Return how many more than `pieces` were sold when all rushed for them."""
    level = StockLevel.objects.filter(sku=FIRST_SKU)
    level.update(on_hand=F("reserved") + pieces)
    before = Order.objects.count()

    def buy(client, i):
        try:
            place(order_in(channel, f"last{client}-{i}", [0]))
        except InsufficientStock:
            return

    load.drive(buy, clients=CLIENTS, seconds=seconds)
    return max(0, Order.objects.count() - before - pieces)


@command
def _look_then_write():
    """The baseline: lock the row, look, write."""
    level = StockLevel.objects.select_for_update().get(sku=FIRST_SKU + 1)
    if level.on_hand - level.reserved >= 1:
        level.reserved += 1
        level.save(update_fields=["reserved"])


@command
def _conditional():
    """What we do: one update that looks and writes."""
    levels = StockLevel.objects.filter(sku=FIRST_SKU + 2, on_hand__gte=F("reserved") + 1)
    levels.update(reserved=F("reserved") + 1)

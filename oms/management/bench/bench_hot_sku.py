"""One SKU that everybody wants: buyers at once, beside pgbench's update of one row and code that looks first."""

import numpy as np
from django.db import connection
from django.db.models import F

from inventory.models import Location, StockLevel
from inventory.services import stock
from inventory.services.reserving import change_reserved
from oms.lib.commands import command
from oms.lib.errors import InsufficientStock
from oms.management.bench import load, pgbench
from oms.management.bench.measure import in_turn
from oms.management.bench.merchant import FIRST_SKU, make_merchant, order_in
from orders.models import Order
from orders.services.place import place

CLIENTS = 16
SECONDS = 8
TURN_S = 2
# One row, looked at and written: all that a reservation cannot do without. Ours writes the ledger, too.
BOUND = """UPDATE inventory_stocklevel SET reserved = reserved + 1
    WHERE sku_id = {sku} AND on_hand - reserved - unavailable - safety >= 1;"""


def run(bench, *, scale=1.0):
    """Add reservations a second beside pgbench's, orders on one SKU and on many, and what was oversold."""
    seconds = SECONDS * scale
    channel = make_merchant(skus=300, locations=1, on_shortage="refuse")
    for clients in (1, 4, CLIENTS):
        _reservations(bench, clients, seconds)
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


def _reservations(bench, clients, seconds):
    """Add how often so many clients reserve a piece of one SKU, in a command of their own.

    On PostgreSQL also by the bare statement, which is a transaction by itself as pgbench's update is, and both
    ratios to that: a command keeps the row locked until its COMMIT has come over from a client. They take turns; a
    figure is the median of its turns.
    """
    turns = max(1, round(seconds / TURN_S))
    seconds /= turns
    level = (FIRST_SKU + 3, Location.objects.get(code="WH0").pk)
    cpus = []

    def commands(turn):
        rate, cpu = load.drive(lambda client, i: _reserve(level, client), clients=clients, seconds=seconds)
        cpus.append(cpu)
        return rate

    def reservations(turn):
        return load.drive(lambda client, i: _bare(level, client), clients=clients, seconds=seconds)[0]

    def bound(turn):
        text = " ".join(BOUND.format(sku=level[0]).split())
        return pgbench.run(text, clients=clients, seconds=max(1, round(seconds)))

    measures = {"commands": commands}
    if connection.vendor == "postgresql":
        measures |= {"reservations": reservations, "pgbench": bound}
    rates = in_turn(turns, **measures)
    bench.add(**{f"{name}_{clients}_clients_per_s": float(np.median(each)) for name, each in rates.items()})
    bench.add(**{f"command_{clients}_clients_cpu_ms": float(np.median(cpus))})
    for name in ("reservations", "commands") if "pgbench" in rates else ():
        ratio = np.median(rates[name] / rates["pgbench"])
        bench.add(**{f"{name}_{clients}_clients_to_pgbench_ratio": float(ratio)})


@command
def _reserve(level, client):
    stock.reserve({level: 1}, subject=f"order:{client}")


def _bare(level, client):
    if not change_reserved({level: 1}, reason="reserve", subject=f"order:{client}", actor="system"):
        raise RuntimeError("There is not enough stock for this bench.")


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

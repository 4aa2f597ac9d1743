"""A wave of many orders: carts by walking against first-come carts walked in S-shape, and how long it takes to plan."""

import random
import time

from fulfilment.models import FulfilmentLine, WavePreset
from fulfilment.services import wave
from inventory.models import Bin, BinStock, Location, Sku
from oms.management.bench.measure import cpu_ms
from oms.management.bench.merchant import make_merchant, order_in
from oms.management.bench.multiply import multiply
from oms.outbox.relay import run_due
from orders.services.place import place

OPTIONS = ("orders", "seed", "release")
PLACED = 50  # the others are copies of them
SKUS = 200  # a bin each, as many as a warehouse of the demo has
LINES, SHARES = [1, 2, 3, 5], [50, 28, 15, 7]


def add_arguments(parser):
    parser.add_argument("--orders", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1, help="of the random orders")
    parser.add_argument("--release", action="store_true", help="make the lists, too")


def run(bench, *, scale=1.0, orders=1000, seed=1, release=False):
    """Add metres of a wave and of first-come carts, CPU seconds of its preview, seconds of its release."""
    channel = make_merchant(skus=SKUS, locations=1, gateway="manual")
    location = Location.objects.get(code="WH0")
    _shelve(location)
    dice = random.Random(seed)
    _orders(channel, max(10, round(orders * scale)), dice)
    preset = WavePreset.objects.create(location=location, name="All", due="any", most_orders=1000)
    with cpu_ms() as ms:
        planned = wave.preview(preset, actor="system")
    figures = planned.figures
    bench.add(**{key: figures[key] for key in ("orders", "lists", "lines", "pieces", "metres", "naive_metres")})
    bench.add(seed=seed, saved_percent=100 * (1 - figures["metres"] / figures["naive_metres"]))
    bench.add(preview_cpu_s=sum(ms) / 1000)
    if release:
        start = time.perf_counter()
        wave.release_wave(planned.pk, actor="system", seconds=3600)
        bench.add(release_s=time.perf_counter() - start)


def _orders(channel, count, dice):
    """Place some orders, copy them until there are `count`, and let each line be of any SKU."""
    placed = min(PLACED, count)
    for number in range(placed):
        goods = dice.sample(range(SKUS), dice.choices(LINES, SHARES)[0])
        place(order_in(channel, f"wave-{number}", goods))
    while run_due():
        pass
    if count >= 2 * placed:
        multiply(count // placed - 1, first_number=100_000)
    lines, skus = list(FulfilmentLine.objects.order_by("pk")), list(Sku.objects.order_by("pk"))
    for line in lines:
        line.sku = dice.choice(skus)
    FulfilmentLine.objects.bulk_update(lines, ["sku"], batch_size=500)


def _shelve(location):
    """Put each SKU into a bin of its own, ten on a side, as the demo's warehouses are laid out."""
    for i, sku in enumerate(Sku.objects.order_by("pk")):
        zone, aisle = "AB"[i % 2], i // 20 + 1
        code = f"{zone}{aisle}-{i % 20 + 1}-{i % 4}"
        row = Bin.objects.create(location=location, code=code, zone=zone, aisle=f"{zone}{aisle}", level=i % 4)
        BinStock.objects.filter(sku=sku, bin__location=location).update(bin=row)

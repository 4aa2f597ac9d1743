"""Where orders ship from: one order exactly, and many at once out of scarce stock, beside naive rules and bounds."""

import time
from decimal import Decimal
from functools import partial

import numpy as np
from django.db.models import F
from django.utils import timezone

from inventory.models import StockLevel
from oms.lib.garbage import settle
from oms.management.bench.measure import Clock
from oms.management.bench.merchant import make_merchant, order_in
from oms.management.bench.sourcing_orders import as_sites, make_batch
from orders.models import Lane, Order
from orders.services import allocate
from orders.services.intake import clean
from orders.services.network import forget_network
from orders.services.pricing import price
from orders.sourcing.batch import violations
from orders.sourcing.milp import cheapest_by_milp
from orders.sourcing.scarce import bound, solve
from orders.sourcing.search import search
from orders.sourcing.sequence import first_come, most_coverage
from orders.sourcing.subsets import NEVER

OPTIONS = ("orders", "locations", "seed")
LINES = 3


def add_arguments(parser):
    parser.add_argument("--orders", type=int, default=1000, help="how many, 1000 unless told")
    parser.add_argument("--locations", type=int, default=50, help="how many, 50 unless told")
    parser.add_argument("--seed", type=int, default=1, help="of the random orders")


def run(bench, *, scale=1.0, orders=1000, locations=50, seed=1):
    """Add gaps to the optimum and milliseconds of single orders, and gaps to the bound and seconds of a batch.

    What a single order takes is the median of three times.
    """
    orders = max(20, round(orders * scale))
    bench.add(orders=orders, locations=locations, seed=seed)
    _single(bench, min(orders, 1000), locations, seed)
    _with_database(bench, min(orders, 500), locations)
    _batch(bench, orders, locations, seed)


def _single(bench, orders, locations, seed):
    """Each order alone: what we find, and what the naive rules find, beside the MILP's optimum."""
    rules = {"ours": None, "cheapest_per_line": _cheapest_per_line, "most_coverage": _most_coverage}
    costs, clocks = {}, {name: Clock() for name in rules}
    made = list(as_sites(orders, locations, seed=seed, lines=LINES))
    best = [cheapest_by_milp(*tables)[0] for _, _, _, tables in made]
    settle()
    for name, rule in rules.items():
        calls = [partial(rule, *tables) if rule else partial(_ours, *order) for *order, tables in made]
        costs[name] = clocks[name].medians(calls)
    for name, values in costs.items():
        gaps = (np.array(values) / np.array(best) - 1) * 100
        bench.add(**{f"one_{name}_gap_percent": float(gaps.mean()), f"one_{name}_gap_max_percent": float(gaps.max())})
        mean = float(np.mean(values)), float(np.mean(best))
        bench.instance(f"one order, {name}", mean[0], reference=mean[1], ms=clocks[name].percentile(50))
    bench.add(**clocks["ours"].figures("one_order"))


def _with_database(bench, orders, locations):
    """The same from the tables of locations, lanes and stock: what placing an order asks."""
    channel = make_merchant(skus=60, locations=locations)
    random = np.random.default_rng(1)
    for lane in Lane.objects.all():
        Lane.objects.filter(pk=lane.pk).update(base=Decimal(int(random.integers(300, 1200))) / 100)
    StockLevel.objects.annotate(third=(F("sku_id") + F("location_id")) % 3).exclude(third=0).delete()
    forget_network()
    clock, calls = Clock(), []
    for i in range(orders):
        numbers = random.choice(60, size=LINES, replace=False).tolist()
        wanted = order_in(channel, f"source-{i}", numbers)
        lines = price(clean(wanted)).lines
        order = Order(channel=channel, ship_to=wanted.ship_to, ship_country="DE", placed_at=timezone.now())
        calls.append(partial(allocate.choose, order, lines))
    clock.medians(calls)
    bench.add(**clock.figures("with_database"))


def _batch(bench, orders, locations, seed):
    batch = make_batch(orders, locations, seed=seed)
    solved = {}
    for name, rule in (("ours", solve), ("first_come", first_come), ("most_coverage", most_coverage)):
        start, cpu = time.perf_counter(), time.process_time()
        solved[name] = rule(batch)
        seconds = time.perf_counter() - start
        bench.add(**{f"batch_{name}_s": seconds, f"batch_{name}_cpu_s": time.process_time() - cpu})
    least = bound(batch)
    for name, site in solved.items():
        total, wrong = batch.total(site), violations(batch, site)
        bench.add(**{f"batch_{name}_gap_percent": (total / least - 1) * 100, f"batch_{name}_violations": len(wrong)})
        bench.instance(f"batch, {name}", total, reference=least, ms=bench.figures[f"batch_{name}_s"] * 1000)


def _ours(demand, sites, weights):
    return search(demand, sites, weights=weights).best.cost


def _cheapest_per_line(fixed, cost, free):
    """Each line goes where it would cost least if it were alone."""
    chosen = [min(range(len(fixed)), key=lambda site: line[site] + fixed[site]) for line in cost]
    return sum(fixed[site] for site in set(chosen)) + sum(line[site] for line, site in zip(cost, chosen, strict=True))


def _most_coverage(fixed, cost, free):
    """The site that has most lines takes them, then the one that has most of the rest; the cheaper where equal."""
    left, total = list(cost), 0
    while left:
        able = [[line for line in left if line[site] < NEVER] for site in range(len(fixed))]
        best = min(range(len(fixed)), key=lambda site: (-len(able[site]), fixed[site]))
        total += fixed[best] + sum(line[best] for line in able[best])
        left = [line for line in left if line[best] >= NEVER]
    return total

"""Which orders share a walk: savings and annealing against first-come batches, on random orders or a file."""

import time

import numpy as np

from fulfilment.routing import rules_of_thumb
from fulfilment.routing.batching import batch, first_come
from fulfilment.routing.layout import Layout, Stop
from fulfilment.routing.matrix import round_trip
from fulfilment.routing.oracle import ByMatrix, InAisles
from fulfilment.routing.savings import by_savings
from fulfilment.routing.work import Work
from oms.management.bench import picking_files

OPTIONS = ("file", "orders", "seconds", "seed")
AISLES, SLOTS, CAPACITY, KICKS = 10, 45, 75, 300
# Shares of demand by aisle where fast movers lie near the depot: one aisle of A, three of B, six of C.
CLASSES = [0.52] + [0.36 / 3] * 3 + [0.12 / 6] * 6


def add_arguments(parser):
    parser.add_argument("file", nargs="?", help="an instance of Henn & Wäscher's or of the Foodmart kind, plain or .gz")
    parser.add_argument("--orders", type=int, default=1000, help="random orders where there is no file")
    parser.add_argument("--seconds", type=float, default=4.5, help="that savings and annealing may take")
    parser.add_argument("--seed", type=int, default=1, help="of the random orders")


def run(bench, *, scale=1.0, file=None, orders=1000, seconds=4.5, seed=1):
    """Add metres of first-come batches, of savings alone and annealed, and what they save against S-shaped walks."""
    if file:
        work, oracle = picking_files.batches(file)
        _measured(bench, "file", work, oracle, seconds * scale)
        return
    bench.add(orders=max(10, round(orders * scale)), seed=seed, capacity=CAPACITY)
    for storage, shares in (("uniform", [1 / AISLES] * AISLES), ("class_based", CLASSES)):
        layout, places, work = _random(bench.figures["orders"], np.array(shares), seed)
        _measured(bench, storage, work, InAisles(layout, places), seconds * scale, layout=layout, places=places)


def _random(count, shares, seed):
    """Return (layout, places, Work): orders of 5 to 25 pieces, as Henn & Wäscher make them."""
    dice = np.random.default_rng(seed)
    layout = Layout(tuple(5.0 * i for i in range(AISLES)), (0.0, SLOTS + 2.0), (0, 1))
    places = [Stop(aisle, slot + 1.5) for aisle in range(AISLES) for slot in range(SLOTS)]
    odds = np.repeat(shares / SLOTS, SLOTS)
    load = dice.integers(5, 26, (count, 1))
    spots = np.zeros((count, len(places)), dtype=bool)
    for order in range(count):
        spots[order, dice.choice(len(places), load[order, 0], p=odds)] = True
    return layout, places, Work(spots, load, np.array([CAPACITY]), np.array([stop.aisle for stop in places]))


def _measured(bench, name, work, oracle, seconds, *, layout=None, places=None):
    naive = first_come(work, oracle)
    began = time.perf_counter()
    savings = by_savings(work, oracle)
    after_savings = time.perf_counter()
    found = batch(work, oracle, seconds=seconds)
    figures = {"first_come_m": naive.total, "savings_m": savings.total, "annealed_m": _walked(work, oracle, found)}
    bench.add(**{f"{name}_{key}": value for key, value in figures.items()})
    bench.add(**{f"{name}_savings_s": after_savings - began, f"{name}_s": time.perf_counter() - after_savings})
    bench.add(**{f"{name}_walks": len(found.orders), f"{name}_first_come_walks": len(naive.orders)})
    if layout:
        s_shaped = sum(_s_shaped(layout, places, work, orders) for orders in naive.orders)
        bench.add(**{f"{name}_first_come_s_shape_m": s_shaped})
        bench.add(**{f"{name}_saved_percent": 100 * (1 - found.total / s_shaped)})
        bench.add(**{f"{name}_saved_by_savings_percent": 100 * (1 - savings.total / s_shaped)})


def _s_shaped(layout, places, work, orders):
    stops = [places[i] for i in np.flatnonzero(work.spots[orders].any(0))]
    return rules_of_thumb.metres(layout, rules_of_thumb.s_shape(layout, stops))


def _walked(work, oracle, found):
    """Return the metres as walked: by a table of distances, the few walks that are left are searched longer."""
    if not isinstance(oracle, ByMatrix):
        return found.total
    ends = {"start": oracle.start, "end": oracle.end, "kicks": KICKS}
    walks = [oracle.places[work.spots[orders].any(0)].tolist() for orders in found.orders]
    return sum(round_trip(oracle.between, stops, **ends)[1] for stops in walks)

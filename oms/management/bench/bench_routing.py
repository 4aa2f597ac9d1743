"""How far pickers walk: the exact walk against proven optima and rules of thumb, and choices between places."""

import time
from collections import defaultdict
from functools import partial

import numpy as np

from fulfilment.routing import rules_of_thumb
from fulfilment.routing.choose import TRIES, choose
from fulfilment.routing.layout import Layout, Stop
from fulfilment.routing.tour import length
from fulfilment.routing.walk import shortest_walk
from oms.management.bench import picking_files
from oms.management.bench.measure import Clock

OPTIONS = ("file", "tries", "seed")
RULES = {
    "s_shape": rules_of_thumb.s_shape,
    "largest_gap": rules_of_thumb.largest_gap,
    "nearest_neighbour": rules_of_thumb.nearest_neighbour,
}
WALKS, AISLES, AISLE_M, WIDE_M = 300, 20, 50, 3.0


def add_arguments(parser):
    """Take a file of instances; without one, only random walks are measured."""
    parser.add_argument("file", nargs="?", help="JSON lines with name, text and optima, plain or .gz")
    parser.add_argument("--tries", type=int, default=TRIES, help="how often a choice of places is made anew")
    parser.add_argument("--seed", type=int, default=1, help="of the random walks")


def run(bench, *, scale=1.0, file=None, tries=TRIES, seed=1):
    """Add the gap of each rule to the exact walk by blocks and picks, its milliseconds, and gaps to given optima."""
    bench.add(seed=seed, aisles=AISLES)
    for blocks in (1, 2, 3):
        for picks in (10, 30, 60):
            _random(bench, blocks, picks, max(5, round(WALKS * scale)), seed)
    if file:
        _published(bench, file, tries)


def _random(bench, blocks, picks, walks, seed):
    """Measure walks to `picks` random stops in 20 aisles of 50 m, each the median of three rounds."""
    dice = np.random.default_rng(seed)
    cross = tuple(np.linspace(0, AISLE_M, blocks + 1))
    layout = Layout(tuple(WIDE_M * i for i in range(AISLES)), cross, (0, blocks))
    gaps, clock, made = defaultdict(list), Clock(), []
    for _ in range(walks):
        places = zip(dice.integers(0, AISLES, picks), dice.uniform(0, AISLE_M, picks), strict=True)
        made.append([Stop(int(aisle), float(y)) for aisle, y in places])
    found = clock.medians([partial(shortest_walk, layout, stops) for stops in made])
    for stops, walk in zip(made, found, strict=True):
        for name, rule in RULES.items():
            gaps[name].append(rules_of_thumb.metres(layout, rule(layout, stops)) / walk.metres - 1)
    where = f"{blocks}_block_{picks}_picks"
    bench.add(**clock.figures(where))
    bench.add(**{f"{where}_{name}_gap_percent": 100 * float(np.mean(values)) for name, values in gaps.items()})


def _published(bench, file, tries):
    """Measure every instance of a file: plain ones exactly, scattered ones by choosing places."""
    gaps, below = defaultdict(list), 0
    for route in picking_files.routes(file):
        began = time.perf_counter()
        kind = "plain" if route.is_plain else "scattered"
        if route.is_plain:
            metres = length(route.layout, [item.places[0][0] for item in route.items])
        else:
            metres = choose(route.layout, route.items, tries=tries)[1]
        bench.instance(route.name, metres, ms=(time.perf_counter() - began) * 1000, reference=route.optimum)
        gaps[kind].append(metres / route.optimum - 1)
        below += metres < route.optimum - 1e-6
    for kind, found in gaps.items():
        bench.add(**{f"{kind}_instances": len(found), f"{kind}_optimal": int(sum(gap < 1e-9 for gap in found))})
        bench.add(
            **{f"{kind}_mean_gap_percent": 100 * float(np.mean(found)), f"{kind}_max_gap_percent": 100 * max(found)}
        )
    bench.add(below_optimum=below)

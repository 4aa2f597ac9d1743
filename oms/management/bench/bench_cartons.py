"""How many boxes orders need, beside what the volume rule and first fit take; each placement is checked."""

import time
from collections import Counter

import numpy as np

from fulfilment.packing import naive
from fulfilment.packing.bounds import fewest
from fulfilment.packing.cartons import EFFORT, NoBox, one_box, pack
from fulfilment.packing.check import faults, missing
from fulfilment.packing.sets import Sets
from oms.management.bench import packing_files

OPTIONS = ("items", "boxes", "keep_flat", "effort", "seed")
SMALL = 12


def add_arguments(parser):
    """Take the orders and the boxes."""
    parser.add_argument("items", help="CSV: order, qty, width_mm, length_mm, depth_mm, weight_g; plain or .gz")
    parser.add_argument("boxes", help="CSV: name, inner_ and outer_ width, length, depth, empty_ and max_weight_g")
    parser.add_argument("--keep-flat", action="store_true", help="pieces are turned about the vertical only")
    parser.add_argument("--effort", type=int, default=EFFORT, help="placements that may be tried for a question")
    parser.add_argument("--seed", type=int, default=1, help="of the random keys")


def run(bench, *, scale=1.0, items, boxes, keep_flat=False, effort=EFFORT, seed=1):
    """Add boxes in all beside bounds and baselines, and the milliseconds of an order (CPU of this process)."""
    orders = packing_files.orders(items, keeps_flat=keep_flat)
    kinds = packing_files.boxes(boxes)
    reference = packing_files.expected(items, keeps_flat=keep_flat)
    names = list(orders)[:: max(1, round(1 / scale))]
    bench.add(seed=seed, effort=effort, keep_flat=keep_flat, orders=len(names))
    tally, spent = Counter(unpackable=0, faulty_orders=0), []
    for name in names:
        pieces = orders[name]
        began = time.process_time()
        try:
            found = pack(pieces, kinds, effort=effort, seed=seed)
        except NoBox:
            tally["unpackable"] += 1
            continue
        ms = (time.process_time() - began) * 1000
        spent.append((len(pieces), ms))
        bench.instance(name, len(found), ms=ms, reference=reference.get(name))
        tally.update(_weighed(pieces, kinds, found, reference.get(name)))
    _add(bench, tally, spent, kinds)


def _weighed(pieces, kinds, found, known):
    """Count what came of an order, and what the baselines make of it."""
    counted = Counter(pieces=len(pieces), boxes=len(found), bound_boxes=_bound(pieces, kinds))
    counted["outer_litres"] = sum(one.box.volume for one in found) / 1e6
    counted["faulty_orders"] = bool(missing(found, pieces) or any(faults(one, pieces) for one in found))
    if known is not None:
        counted.update(reference_boxes=known, fewer_than_reference=len(found) < known)
        counted["more_than_reference"] = len(found) > known
    plain = naive.first_fit(pieces, kinds)
    counted.update(first_fit_boxes=len(plain), volume_rule_boxes=0)
    counted["first_fit_outer_litres"] = sum(one.box.volume for one in plain) / 1e6
    for box, numbers in naive.by_volume(pieces, kinds):
        counted["volume_rule_boxes"] += 1
        counted["volume_rule_outer_litres"] += box.volume / 1e6
        counted["volume_rule_not_packable"] += one_box([pieces[i] for i in numbers], box) is None
    return counted


def _bound(pieces, kinds):
    """Return how many boxes it takes at least."""
    least, sets = fewest(pieces, kinds), Sets(pieces, kinds)
    while next(sets.of(least), None) is None:
        least += 1
    return least


def _add(bench, tally, spent, kinds):
    bench.add(**{name: float(n) if "litres" in name else int(n) for name, n in tally.items()}, kinds=len(kinds))
    small = [ms for count, ms in spent if count <= SMALL]
    for name, some in ((f"up_to_{SMALL}", small), ("all", [ms for _, ms in spent])):
        if some:
            p50, p95, p99 = np.percentile(some, [50, 95, 99]).tolist()
            bench.add(**{f"{name}_orders": len(some), f"{name}_cpu_ms_p50": p50, f"{name}_cpu_ms_p95": p95})
            bench.add(**{f"{name}_cpu_ms_p99": p99, f"{name}_cpu_ms_max": max(some)})

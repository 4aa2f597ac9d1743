"""The shortest walk past a set of stops: exact, by dynamic programming over the aisles.

Ratliff & Rosenthal 1983, "Order-picking in a rectangular warehouse"; Cambazard & Catusse 2018, "Fixed-parameter
algorithms for rectilinear Steiner tree and rectilinear traveling salesman problem in the plane". Many walks are
priced at once, a row of the arrays each.
"""

import numpy as np
from numpy.typing import NDArray

from fulfilment.routing.layout import Layout, Stop
from fulfilment.routing.states import BOTTOM, GAP, ONCE, SKIP, TOP, TWICE, tables

Costs = NDArray[np.float64]
NEVER = np.inf


def length(layout: Layout, stops: list[Stop]) -> float:
    """Return the metres of the shortest walk from the depot past all `stops` and back."""
    return float(lengths(layout, choice_costs(layout, *occupied(layout, [stops])))[0]) if stops else 0.0


def lengths(layout: Layout, costs: Costs) -> Costs:
    """Return the metres of the shortest walk of each row of `costs`, as `choice_costs` makes them."""
    return swept(layout, costs)


def occupied(layout: Layout, walks: list[list[Stop]]) -> tuple[NDArray[np.bool_], Costs]:
    """Return (which places each walk stops at [walk, aisle, block, place], where those are [aisle, block, place]).

    Places of a sub-aisle ascend; where it has fewer than the fullest one, the rest repeats its lower end.
    """
    places: dict[tuple[int, int], list[float]] = {}
    for aisle, y in sorted({(stop.aisle, stop.y) for stops in walks for stop in stops}):
        places.setdefault((aisle, layout.block_of(y)), []).append(y)
    most = max(map(len, places.values()), default=1)
    at = np.empty((len(layout.aisles), layout.blocks, most))
    at[:] = np.array(layout.cross[1:])[None, :, None]
    for key, ys in places.items():
        at[key][: len(ys)] = ys
    number = {(a, b, y): i for (a, b), ys in places.items() for i, y in enumerate(ys)}
    spots = np.zeros((len(walks), *at.shape), dtype=bool)
    for row, stops in enumerate(walks):
        for stop in stops:
            block = layout.block_of(stop.y)
            spots[row, stop.aisle, block, number[stop.aisle, block, stop.y]] = True
    return spots, at


def choice_costs(layout: Layout, spots: NDArray[np.bool_], at: Costs) -> Costs:
    """Return the metres of each choice in each sub-aisle [walk, aisle, block, choice], inf where it misses a stop."""
    top, bottom = np.array(layout.cross[:-1])[:, None], np.array(layout.cross[1:])[:, None]
    deepest = np.where(spots, at - top, -1.0)
    reach = deepest.max(-1)
    last = np.maximum.accumulate(deepest, -1)
    # How far each stop is from the one before it; the first has none.
    before = np.concatenate([np.full((*last.shape[:-1], 1), -1.0), last[..., :-1]], -1)
    widest = np.where(spots & (before >= 0), deepest - before, 0.0).max(-1)
    from_bottom = np.where(spots, bottom - at, -1.0).max(-1)
    tall = np.broadcast_to((bottom - top)[:, 0], reach.shape)
    has_stops = reach >= 0
    costs = np.full((*reach.shape, 6), NEVER)
    costs[..., SKIP] = np.where(has_stops, NEVER, 0.0)
    costs[..., ONCE], costs[..., TWICE] = tall, 2 * tall
    costs[..., TOP] = np.where(has_stops, 2 * reach, NEVER)
    costs[..., BOTTOM] = np.where(has_stops, 2 * from_bottom, NEVER)
    costs[..., GAP] = np.where(widest > 0, 2 * (tall - widest), NEVER)
    return costs


def swept(layout: Layout, costs: Costs, *, kept: list | None = None) -> Costs:
    """Draw all tours from the first aisle that any needs to the last; returns the metres of each.

    Appends each step to `kept`: its name, table, costs, and the metres to each state before and after it.
    """
    table, (home, row) = tables(layout.blocks), layout.depot
    needed = np.flatnonzero((costs[..., SKIP] > 0).any((0, 2)))
    first, last = min([home, *needed]), max([home, *needed])
    needs_after = _needs_after(costs[..., SKIP], home)
    best = np.full(len(costs), NEVER)
    reached = np.full((len(costs), len(table.states)), NEVER)
    reached[:, 0] = 0.0
    for aisle in range(first, last + 1):
        if aisle == home:
            reached = _taken(reached, table.depot[row], np.zeros((len(costs), 1)), ("depot", aisle, row), kept)
        for block in range(layout.blocks):
            reached = _taken(reached, table.aisle[block], costs[:, aisle, block], ("aisle", aisle, block), kept)
        ended = np.where(needs_after[:, aisle], NEVER, reached[:, table.closed].min(1))
        best = np.minimum(best, ended)
        if aisle < last:
            wide = layout.aisles[aisle + 1] - layout.aisles[aisle]
            across = np.broadcast_to(wide * np.arange(2 * layout.blocks + 3), (len(costs), 2 * layout.blocks + 3))
            reached = _taken(reached, table.across, across, ("across", aisle, 0), kept)
    return best


def _needs_after(skip, home):
    """Return whether a walk must go beyond each aisle to the right [walk, aisle]."""
    needs = (skip > 0).any(2)
    needs[:, home] = True
    after = np.zeros_like(needs)
    after[:, :-1] = np.logical_or.accumulate(needs[:, :0:-1], 1)[:, ::-1]
    return after


def _taken(reached, step, costs, name, kept):
    """Return the least metres to each state after `step`, whose choices cost `costs` [walk, choice]."""
    ways = reached.take(step.source, axis=1) + costs.take(step.choice, axis=1)
    after = np.full_like(reached, NEVER)
    after[:, step.reached] = np.minimum.reduceat(ways, step.starts, axis=1)
    if kept is not None:
        kept.append((name, step, costs, reached, after))
    return after

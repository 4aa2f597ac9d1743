"""The shortest walk as the picker walks it: which way, and in which order past the stops."""

from dataclasses import dataclass

import numpy as np

from fulfilment.routing.layout import Layout, Stop
from fulfilment.routing.states import BOTTOM, GAP, ONCE, TOP, TWICE, tables
from fulfilment.routing.tour import choice_costs, occupied, swept

Way = tuple[Stop, Stop]


@dataclass(frozen=True)
class Walk:
    """A walk of `metres` from the depot and back: `path`, the places it passes, `order`, the stops as it meets them."""

    metres: float
    path: tuple[Stop, ...]
    order: tuple[Stop, ...]


def shortest_walk(layout: Layout, stops: list[Stop]) -> Walk:
    """Return a shortest Walk past all `stops`; equal stops are one."""
    home = Stop(layout.depot[0], layout.cross[layout.depot[1]])
    if not stops:
        return Walk(0.0, (home,), ())
    spots, at = occupied(layout, [stops])
    kept: list = []
    metres = swept(layout, choice_costs(layout, spots, at), kept=kept)
    places = set(stops)
    path = _around(home, _ways(layout, kept, places))
    wanted = dict.fromkeys(place for place in path if place in places)
    return Walk(float(metres[0]), tuple(path), tuple(wanted))


def _ways(layout: Layout, kept: list, stops: set[Stop]) -> list[Way]:
    """Return the ways of the tour that the steps `kept` found, each as often as it is walked."""
    table = tables(layout.blocks)
    final = kept[-1][4][0]
    state = int(np.flatnonzero(table.closed)[final[table.closed].argmin()])
    ways: list[Way] = []
    for (kind, aisle, block), step, costs, before, _ in reversed(kept):
        here = state
        segment = int(np.searchsorted(step.reached, here))
        begin = step.starts[segment]
        end = step.starts[segment + 1] if segment + 1 < len(step.starts) else len(step.source)
        entry = begin + int((before[0, step.source[begin:end]] + costs[0, step.choice[begin:end]]).argmin())
        state = int(step.source[entry])
        if kind == "aisle":
            ways += _in_aisle(layout, aisle, block, int(step.choice[entry]), stops)
        elif kind == "across":
            for (times, _), y in zip(table.states[here], layout.cross, strict=True):
                ways += [(Stop(aisle, y), Stop(aisle + 1, y))] * times
    return ways


def _in_aisle(layout: Layout, aisle: int, block: int, choice: int, stops: set[Stop]) -> list[Way]:
    """Return the ways of `choice` in a sub-aisle, from place to place."""
    ends = Stop(aisle, layout.cross[block]), Stop(aisle, layout.cross[block + 1])
    inside = sorted(stop for stop in stops if stop.aisle == aisle and layout.block_of(stop.y) == block)
    places = [ends[0], *(stop for stop in inside if stop not in ends), ends[1]]
    ways = list(zip(places, places[1:], strict=False))
    if choice == ONCE:
        return ways
    if choice == TOP:
        # The last stop may lie on the lower cross-aisle, which then is reached from here alone.
        ways = ways[: places.index(inside[-1])]
    elif choice == BOTTOM:
        ways = ways[places.index(inside[0]) :]
    elif choice == GAP:
        gaps = [(other.y - one.y, i) for i, (one, other) in enumerate(zip(inside, inside[1:], strict=False))]
        left = places.index(inside[max(gaps)[1]])
        ways = ways[:left] + ways[left + 1 :]
    elif choice != TWICE:
        ways = []
    return ways * 2


def _around(home: Stop, ways: list[Way]) -> list[Stop]:
    """Return the places of a round trip over all `ways`, each once, from `home` (Hierholzer 1873)."""
    leaving: dict[Stop, list[int]] = {}
    for i, way in enumerate(ways):
        for place in way:
            leaving.setdefault(place, []).append(i)
    used, trail, path = [False] * len(ways), [home], []
    while trail:
        at = trail[-1]
        while leaving.get(at) and used[leaving[at][-1]]:
            leaving[at].pop()
        if leaving.get(at):
            number = leaving[at].pop()
            used[number] = True
            one, other = ways[number]
            trail.append(other if one == at else one)
        else:
            path.append(trail.pop())
    return path

"""Heavy goods before fragile ones, so that nothing is crushed in a tote, where that makes the walk little longer.

A round trip is as long the other way round, so the better direction comes first. Then those stops that matter are
kept apart by the table of distances: what is fragile last, or what is heavy first (a cluster constraint as in
Chisman 1975), whichever is shorter.
"""

from dataclasses import dataclass

from fulfilment.routing.layout import Stop
from fulfilment.routing.matrix import round_trip
from fulfilment.routing.roads import FAR, KICKS, Roads

MANY = 40  # stops; of more, walks that are kept apart are not disturbed any more: it would take seconds


@dataclass(frozen=True)
class Load:
    """What is picked at `stop` into `tote`."""

    stop: Stop
    tote: int
    is_heavy: bool = False
    is_fragile: bool = False


def careful_walk(roads: Roads, loads: list[Load], *, detour: float) -> tuple[list[Stop], float]:
    """Return (the stops of `loads` in walking order, metres).

    It crushes as little as a walk can that is at most `detour` (a share: 0.1) longer than the shortest.
    """
    order, metres = roads.shortest([load.stop for load in loads])
    walks = [order, order[::-1]] if roads.is_plain else [order]
    if min(crushed(walk, loads) for walk in walks):
        walks += _kept_apart(roads, loads, set(order))
    most = metres * (1 + detour) + 1e-6
    priced = [(crushed(walk, loads), roads.metres(walk), i) for i, walk in enumerate(walks)]
    least, length, i = min(row for row in priced if row[1] <= most)
    return walks[i], length


def crushed(order: list[Stop], loads: list[Load]) -> int:
    """Return how many fragile loads get something heavy on top that is met later; at one stop heavy comes first."""
    met = {stop: i for i, stop in enumerate(order)}
    last: dict[int, int] = {}
    for load in loads:
        if load.is_heavy:
            last[load.tote] = max(last.get(load.tote, -1), met[load.stop])
    return sum(load.is_fragile and met[load.stop] < last.get(load.tote, -1) for load in loads)


def _kept_apart(roads: Roads, loads: list[Load], stops: set[Stop]) -> list[list[Stop]]:
    """Return the walks that meet heavy stops first, and fragile ones last, of the totes that have both."""
    heavy = {load.tote for load in loads if load.is_heavy} & {load.tote for load in loads if load.is_fragile}
    first = {load.stop for load in loads if load.is_heavy and load.tote in heavy}
    last = {load.stop for load in loads if load.is_fragile and load.tote in heavy}
    return [_in_two(roads, first, stops - first), _in_two(roads, stops - last, last)]


def _in_two(roads: Roads, before: set[Stop], after: set[Stop]) -> list[Stop]:
    """Return a short walk past all of `before`, then all of `after`."""
    stops = sorted(before) + sorted(after)
    table = roads.between([roads.start_stop, roads.end_stop, *stops])
    table[2 + len(before) :, 2 : 2 + len(before)] += FAR
    kicks = KICKS if len(stops) <= MANY else 0
    return [stops[i - 2] for i in round_trip(table, list(range(2, len(table))), start=0, end=1, kicks=kicks)[0]]

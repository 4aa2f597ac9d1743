"""How pickers walk without a computer: the baselines that the exact walk is held against.

Each rule says in which order to stop; the way between two stops is the shortest there is, so that no rule looks
worse than a picker who thinks.
"""

from fulfilment.routing.layout import Layout, Stop, distance


def metres(layout: Layout, order: list[Stop]) -> float:
    """Return the length of the round trip from the depot past the stops in their `order`."""
    home = _home(layout)
    walk = [home, *order, home]
    return sum(distance(layout, one, other) for one, other in zip(walk, walk[1:], strict=False))


def s_shape(layout: Layout, stops: list[Stop]) -> list[Stop]:
    """Return the stops aisle by aisle, up one and down the next; block by block, the farthest first (Hall 1993)."""
    order: list[Stop] = []
    for block in _blocks(layout, stops):
        by_aisle = _by_aisle(layout, block, order)
        for nth, some in enumerate(by_aisle):
            order += sorted(some, reverse=_from_below(layout) == (nth % 2 == 0))
    return order


def largest_gap(layout: Layout, stops: list[Stop]) -> list[Stop]:
    """Return the stops of a walk round each block that leaves out the largest gap of each aisle (Hall 1993)."""
    order: list[Stop] = []
    for block in _blocks(layout, stops):
        by_aisle = _by_aisle(layout, block, order)
        there: list[Stop] = []
        back: list[Stop] = []
        for some in by_aisle[1:-1]:
            near, far = _around_gap(layout, sorted(some, reverse=_from_below(layout)))
            there, back = [*there, *reversed(far)], [*near, *back]
        order += sorted(by_aisle[0], reverse=_from_below(layout)) + there
        if len(by_aisle) > 1:
            order += sorted(by_aisle[-1], reverse=not _from_below(layout))
        order += back
    return order


def nearest_neighbour(layout: Layout, stops: list[Stop]) -> list[Stop]:
    """Return the stops, always the nearest of those left next."""
    at, left, order = _home(layout), sorted(set(stops)), []
    while left:
        at = min(left, key=lambda stop: distance(layout, at, stop))
        left.remove(at)
        order.append(at)
    return order


def _home(layout: Layout) -> Stop:
    return Stop(layout.depot[0], layout.cross[layout.depot[1]])


def _from_below(layout: Layout) -> bool:
    return layout.depot[1] == layout.blocks


def _blocks(layout: Layout, stops: list[Stop]) -> list[list[Stop]]:
    """Return the stops of each block that has any, the farthest from the depot first."""
    found: dict[int, list[Stop]] = {}
    for stop in sorted(set(stops)):
        found.setdefault(layout.block_of(stop.y), []).append(stop)
    return [found[block] for block in sorted(found, key=lambda block: -abs(block + 0.5 - layout.depot[1]))]


def _by_aisle(layout: Layout, block: list[Stop], order: list[Stop]) -> list[list[Stop]]:
    """Return the stops of a block by aisle, from the side where the picker stands."""
    found: dict[int, list[Stop]] = {}
    for stop in block:
        found.setdefault(stop.aisle, []).append(stop)
    aisles = sorted(found)
    at = order[-1].aisle if order else layout.depot[0]
    return [found[aisle] for aisle in (aisles if abs(aisles[0] - at) <= abs(aisles[-1] - at) else aisles[::-1])]


def _around_gap(layout: Layout, some: list[Stop]) -> tuple[list[Stop], list[Stop]]:
    """Split the stops of an aisle, in walking order from the near end, at its largest gap: (near part, far part)."""
    block = layout.block_of(some[0].y)
    ends = layout.cross[block], layout.cross[block + 1]
    near, far = (ends[1], ends[0]) if _from_below(layout) else ends
    ys = [near, *(stop.y for stop in some), far]
    gap = max(range(len(ys) - 1), key=lambda i: abs(ys[i + 1] - ys[i]))
    return some[:gap], some[gap:]

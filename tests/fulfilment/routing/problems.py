"""Random warehouses, and what is true of them by another way of reckoning."""

from itertools import pairwise

from hypothesis import strategies as st

from fulfilment.routing.layout import Layout, Stop, distance


@st.composite
def layouts(draw, *, blocks=3):
    """Draw a layout of up to 5 aisles and `blocks` blocks, with uneven gaps."""
    aisles = draw(st.lists(st.integers(0, 40), min_size=1, max_size=5, unique=True))
    cross = draw(st.lists(st.integers(0, 60), min_size=2, max_size=blocks + 1, unique=True))
    depot = draw(st.integers(0, len(aisles) - 1)), draw(st.integers(0, len(cross) - 1))
    return Layout(tuple(map(float, sorted(aisles))), tuple(map(float, sorted(cross))), depot)


@st.composite
def walks(draw, *, most=7, blocks=3):
    """Draw (layout, stops); some stops are equal, some lie on a cross-aisle."""
    layout = draw(layouts(blocks=blocks))
    low, high = int(layout.cross[0]), int(layout.cross[-1])
    stop = st.builds(Stop, st.integers(0, len(layout.aisles) - 1), st.integers(low, high).map(float))
    return layout, draw(st.lists(stop, max_size=most))


def home(layout):
    return Stop(layout.depot[0], layout.cross[layout.depot[1]])


def walked(layout, path):
    return sum(distance(layout, one, other) for one, other in pairwise(path))


def by_held_and_karp(layout, stops):
    """Return the metres of the shortest round trip, by trying all orders of stops (Held & Karp 1962)."""
    places = sorted(set(stops))
    best = {(1 << i, i): distance(layout, home(layout), place) for i, place in enumerate(places)}
    for seen in range(1, 1 << len(places)):
        for last in range(len(places)):
            if (seen, last) in best:
                for i, place in enumerate(places):
                    if not seen >> i & 1:
                        key = seen | 1 << i, i
                        metres = best[seen, last] + distance(layout, places[last], place)
                        best[key] = min(best.get(key, metres), metres)
    everything = (1 << len(places)) - 1
    ends = [best[everything, i] + distance(layout, place, home(layout)) for i, place in enumerate(places)]
    return min(ends, default=0.0)

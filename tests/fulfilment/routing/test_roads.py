from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fulfilment.routing.layout import Layout, Stop, distance
from fulfilment.routing.roads import DOWN, FAR, UP, Roads
from tests.fulfilment.routing.problems import by_held_and_karp, layouts, walks

GRID = Layout((0.0, 4.0, 8.0), (0.0, 20.0))


@st.composite
def one_way_walks(draw):
    """Draw (Roads, stops) of which some aisles may be one-way, all places reachable."""
    layout, stops = draw(walks(most=5))
    count = len(layout.aisles)
    ways = draw(st.lists(st.sampled_from(["both", "down", "up"]), min_size=count, max_size=count))
    ways[0] = "both"
    end = draw(st.integers(0, count - 1)), draw(st.integers(0, len(layout.cross) - 1))
    return Roads(layout, tuple(ways), end), stops


def by_bellman_and_ford(roads, stops):
    """Return the metres between `stops` by relaxing edges from place to place, till nothing changes."""
    layout = roads.layout
    places = sorted({*stops, *(Stop(a, y) for a in range(len(layout.aisles)) for y in layout.cross)})
    edges = []
    for a, way in enumerate(roads.ways):
        for one, other in pairwise([place for place in places if place.aisle == a]):
            edges += [(one, other, other.y - one.y)] if way != UP else []
            edges += [(other, one, other.y - one.y)] if way != DOWN else []
    for a, b in pairwise(range(len(layout.aisles))):
        wide = layout.aisles[b] - layout.aisles[a]
        for y in layout.cross:
            edges += [(Stop(a, y), Stop(b, y), wide), (Stop(b, y), Stop(a, y), wide)]
    rows = []
    for start in stops:
        metres = dict.fromkeys(places, FAR) | {start: 0.0}
        while any(metres[one] + n < metres[other] for one, other, n in edges):
            for one, other, n in edges:
                metres[other] = min(metres[other], metres[one] + n)
        rows.append([metres[stop] for stop in stops])
    return np.array(rows)


@given(one_way_walks())
@settings(max_examples=60, deadline=None)
def test_distances_are_those_of_the_shortest_ways(walk):
    roads, stops = walk
    stops = [roads.start_stop, *stops]
    assert roads.between(stops) == pytest.approx(by_bellman_and_ford(roads, stops))


@given(walks(most=6))
@settings(max_examples=40, deadline=None)
def test_where_all_aisles_are_walked_both_ways_the_walk_is_exact(walk):
    layout, stops = walk
    roads = Roads(layout)
    order, metres = roads.shortest(stops)
    assert metres == pytest.approx(by_held_and_karp(layout, stops))
    assert roads.metres(order) == pytest.approx(metres)
    assert set(order) == set(stops)
    assert len(order) == len(set(stops))
    assert roads.metres_s_shape(stops) >= metres - 1e-9


@given(one_way_walks())
@settings(max_examples=40, deadline=None)
def test_the_path_is_as_long_as_the_walk_and_goes_no_way_against_its_sign(walk):
    roads, stops = walk
    order, metres = roads.shortest(stops)
    path = roads.path(order)
    if stops:
        assert sum(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in pairwise(path)) == pytest.approx(metres)
    by_x = dict(zip(roads.layout.aisles, roads.ways, strict=True))
    for (x1, y1), (x2, y2) in pairwise(path):
        assert x1 == x2 or (y1 == y2 and y1 in roads.layout.cross)
        assert x1 != x2 or by_x[x1] == "both" or (by_x[x1] == DOWN) == (y2 > y1)


def test_a_one_way_aisle_is_walked_through():
    roads = Roads(GRID, ("both", "down", "both"))
    # There and back would be 2 × 5 m in the aisle; down its whole length and back by the next is 2 × 20 m.
    assert roads.shortest([Stop(1, 5.0)]) == ([Stop(1, 5.0)], 48.0)
    assert Roads(GRID).shortest([Stop(1, 5.0)])[1] == 18.0


def test_a_walk_may_end_elsewhere():
    roads = Roads(GRID, end=(2, 1))
    order, metres = roads.shortest([Stop(2, 5.0), Stop(0, 5.0)])
    assert (order, metres) == ([Stop(0, 5.0), Stop(2, 5.0)], 5 + 5 + 8 + 20)
    assert not roads.is_plain


def test_a_floor_without_a_way_back_is_refused():
    with pytest.raises(ValueError, match="one-way down: let one lead up"):
        Roads(GRID, ("down", "down", "down"))


@given(layouts())
@settings(max_examples=20, deadline=None)
def test_prices_of_many_walks_are_those_of_each(layout):
    stops = [Stop(a, layout.cross[0]) for a in range(len(layout.aisles))]
    for roads in (Roads(layout), Roads(layout, end=(len(layout.aisles) - 1, len(layout.cross) - 1))):
        row = np.ones((1, len(stops)), dtype=bool)
        assert roads.oracle(stops).metres(row)[0] == pytest.approx(roads.shortest(stops)[1])
    assert Roads(layout).between(stops)[0, -1] == pytest.approx(distance(layout, stops[0], stops[-1]))

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fulfilment.routing.careful import Load, careful_walk, crushed
from fulfilment.routing.layout import Layout, Stop
from fulfilment.routing.roads import Roads
from tests.fulfilment.routing.problems import walks

GRID = Layout((0.0, 4.0, 8.0), (0.0, 20.0))


@st.composite
def loaded(draw):
    layout, stops = draw(walks(most=6))
    kinds = st.sampled_from([(False, False), (True, False), (False, True)])
    return layout, [Load(stop, draw(st.integers(1, 2)), *draw(kinds)) for stop in stops]


@given(loaded(), st.sampled_from([0.0, 0.1, 1.0]))
@settings(max_examples=60, deadline=None)
def test_a_walk_crushes_no_more_than_the_shortest_and_is_little_longer(walk, detour):
    layout, loads = walk
    roads = Roads(layout)
    shortest, least = roads.shortest([load.stop for load in loads])
    order, metres = careful_walk(roads, loads, detour=detour)
    assert sorted(order) == sorted(shortest)
    assert metres == pytest.approx(roads.metres(order))
    assert metres <= least * (1 + detour) + 1e-5
    assert crushed(order, loads) <= crushed(shortest, loads)


def test_the_other_way_round_costs_nothing():
    glass, stone = Load(Stop(0, 5.0), 1, is_fragile=True), Load(Stop(2, 5.0), 1, is_heavy=True)
    assert careful_walk(Roads(GRID), [glass, stone], detour=0) == ([stone.stop, glass.stop], 36.0)
    assert careful_walk(Roads(GRID), [stone, glass], detour=0) == ([stone.stop, glass.stop], 36.0)


def test_a_detour_is_made_as_far_as_it_may_be():
    """Fragile, heavy, fragile down one aisle: whichever way round, one is crushed, but for going twice."""
    loads = [Load(Stop(0, y), 1, is_heavy=y == 10, is_fragile=y != 10) for y in (9.0, 10.0, 11.0)]
    roads = Roads(Layout((0.0,), (0.0, 20.0)))
    order, metres = careful_walk(roads, loads, detour=0)
    assert (crushed(order, loads), metres) == (0, 22.0)
    split = [Load(Stop(0, 11.0), 1, is_heavy=True), Load(Stop(0, 9.0), 1, is_fragile=True)]
    other_end = Roads(Layout((0.0,), (0.0, 20.0)), end=(0, 1))
    assert careful_walk(other_end, split, detour=0) == ([Stop(0, 9.0), Stop(0, 11.0)], 20.0)
    assert careful_walk(other_end, split, detour=0.25) == ([Stop(0, 11.0), Stop(0, 9.0)], 24.0)


def test_totes_do_not_crush_each_other():
    loads = [Load(Stop(0, 9.0), 1, is_fragile=True), Load(Stop(0, 11.0), 2, is_heavy=True)]
    assert crushed([Stop(0, 9.0), Stop(0, 11.0)], loads) == 0

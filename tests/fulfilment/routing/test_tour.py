import os

import pytest
from hypothesis import given, settings

from fulfilment.routing.layout import Layout, Stop
from fulfilment.routing.states import tables
from fulfilment.routing.tour import choice_costs, length, lengths, occupied
from fulfilment.routing.walk import shortest_walk
from tests.fulfilment.routing.problems import by_held_and_karp, home, walked, walks

SOAK = "OMS_SOAK" in os.environ
TWO_AISLES = Layout(aisles=(0.0, 3.0), cross=(0.0, 10.0))


@pytest.mark.parametrize(("blocks", "states"), [(1, 6), (2, 24), (3, 112)])
def test_states_are_as_many_as_the_literature_says(blocks, states):
    assert len(tables(blocks).states) == states


@given(walks())
@settings(max_examples=3000 if SOAK else 150, deadline=None)
def test_walk_is_as_short_as_any_order_of_stops(drawn):
    layout, stops = drawn
    assert length(layout, stops) == pytest.approx(by_held_and_karp(layout, stops))


@given(walks(most=25, blocks=4))
@settings(max_examples=2000 if SOAK else 100, deadline=None)
def test_walk_passes_every_stop_and_is_as_long_as_it_says(drawn):
    layout, stops = drawn
    walk = shortest_walk(layout, stops)
    assert set(walk.order) == set(stops) <= set(walk.path)
    assert (walk.path[0], walk.path[-1]) == (home(layout), home(layout))
    assert walked(layout, walk.path) == pytest.approx(walk.metres) == pytest.approx(length(layout, stops))


@given(walks(most=12), walks(most=12))
@settings(max_examples=500 if SOAK else 40, deadline=None)
def test_many_walks_at_once_cost_what_each_costs(drawn, other):
    layout, stops = drawn
    some = [stops, [stop for stop in stops if stop.aisle % 2], stops[:1]]
    some = [each for each in some if each]
    if some:
        found = lengths(layout, choice_costs(layout, *occupied(layout, some)))
        assert found == pytest.approx([length(layout, each) for each in some])


def test_no_stop_no_walk():
    assert (length(TWO_AISLES, []), shortest_walk(TWO_AISLES, []).path) == (0.0, (Stop(0, 0.0),))


def test_stop_near_the_top_is_reached_and_left_from_there():
    assert length(TWO_AISLES, [Stop(1, 2.0)]) == 2 * 3 + 2 * 2


def test_largest_gap_is_left_out():
    layout = Layout(aisles=(0.0, 1.0, 2.0), cross=(0.0, 100.0))
    stops = [Stop(0, 50.0), Stop(1, 1.0), Stop(1, 99.0), Stop(2, 50.0)]
    assert length(layout, stops) == 100 + 100 + 2 * 2 + 2 + 2


@pytest.mark.parametrize(
    ("aisles", "cross", "depot"),
    [((), (0, 1), (0, 0)), ((0,), (0,), (0, 0)), ((1, 0), (0, 1), (0, 0)), ((0, 1), (0, 1), (2, 0))],
)
def test_layout_that_cannot_be_walked_is_refused(aisles, cross, depot):
    with pytest.raises(ValueError, match=r"\w"):
        Layout(aisles, cross, depot)


def test_stop_outside_of_the_aisles_is_refused():
    with pytest.raises(ValueError, match="outside"):
        length(TWO_AISLES, [Stop(0, 11.0)])

import pytest
from hypothesis import given, settings

from fulfilment.routing.layout import Layout, Stop
from fulfilment.routing.rules_of_thumb import largest_gap, metres, nearest_neighbour, s_shape
from fulfilment.routing.tour import length
from tests.fulfilment.routing.problems import walks

LAYOUT = Layout(aisles=(0.0, 5.0, 10.0), cross=(0.0, 20.0), depot=(0, 1))


@pytest.mark.parametrize("rule", [s_shape, largest_gap, nearest_neighbour])
@given(walks(most=12))
@settings(max_examples=60, deadline=None)
def test_every_rule_stops_everywhere_and_none_beats_the_exact_walk(rule, drawn):
    layout, stops = drawn
    order = rule(layout, stops)
    assert sorted(order) == sorted(set(stops))
    assert metres(layout, order) >= length(layout, stops) - 1e-6


def test_s_shape_goes_up_one_aisle_and_down_the_next():
    stops = [Stop(0, 5.0), Stop(0, 15.0), Stop(1, 4.0), Stop(1, 8.0)]
    assert s_shape(LAYOUT, stops) == [Stop(0, 15.0), Stop(0, 5.0), Stop(1, 4.0), Stop(1, 8.0)]


def test_largest_gap_turns_before_the_gap():
    stops = [Stop(0, 10.0), Stop(1, 2.0), Stop(1, 18.0), Stop(2, 10.0)]
    assert largest_gap(LAYOUT, stops) == [Stop(0, 10.0), Stop(1, 2.0), Stop(2, 10.0), Stop(1, 18.0)]


def test_nearest_neighbour_goes_to_the_nearest():
    assert nearest_neighbour(LAYOUT, [Stop(2, 19.0), Stop(0, 10.0)]) == [Stop(0, 10.0), Stop(2, 19.0)]

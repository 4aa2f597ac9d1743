from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fulfilment.routing.choose import Item, choose
from fulfilment.routing.layout import Layout, Stop
from fulfilment.routing.tour import length

LAYOUT = Layout(aisles=(0.0, 4.0, 8.0), cross=(0.0, 10.0, 20.0), depot=(0, 0))
STOPS = st.builds(Stop, st.integers(0, 2), st.integers(1, 19).map(float))
ITEMS = st.lists(st.lists(STOPS, min_size=1, max_size=3, unique=True), min_size=1, max_size=4)


def singles(places):
    return [Item(1, tuple((stop, 1) for stop in some)) for some in places]


@given(ITEMS)
@settings(max_examples=40, deadline=None)
def test_small_choices_are_the_best_there_are(places):
    chosen, metres = choose(LAYOUT, singles(places))
    best = min(length(LAYOUT, list(way)) for way in product(*places))
    assert metres == pytest.approx(best)
    assert all(len(each) == 1 for each in chosen)


def test_two_goods_that_lie_together_are_fetched_together():
    together = Stop(0, 6.0)
    chosen, metres = choose(LAYOUT, singles([[together, Stop(1, 1.0)], [together, Stop(2, 1.0)]]))
    assert (chosen, metres) == ([{0}, {0}], 12.0)


def test_place_on_the_way_is_taken():
    near, far, on_the_way = Stop(0, 3.0), Stop(2, 18.0), Stop(0, 1.0)
    chosen, metres = choose(LAYOUT, [Item(1, ((near, 1),)), Item(1, ((far, 9), (on_the_way, 1)))])
    assert (chosen, metres) == ([{0}, {1}], 6.0)


def test_as_many_places_as_the_pieces_need_and_no_more():
    places = ((Stop(0, 2.0), 1), (Stop(0, 4.0), 1), (Stop(2, 9.0), 2), (Stop(0, 1.0), 1))
    chosen, metres = choose(LAYOUT, [Item(2, places)])
    assert (chosen, metres) == ([{0, 3}], 4.0)


def test_same_question_same_answer():
    items = singles([[Stop(a, float(y)) for a in range(3)] for y in range(1, 9)])
    assert choose(LAYOUT, items) == choose(LAYOUT, items)


def test_more_than_there_is_is_refused():
    with pytest.raises(ValueError, match="more pieces"):
        choose(LAYOUT, [Item(3, ((Stop(0, 2.0), 2),))])


def test_nothing_wanted_no_walk():
    assert choose(LAYOUT, []) == ([], 0.0)

import os
from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fulfilment.routing.matrix import metres, round_trip


@st.composite
def tables(draw, most=8):
    """Draw distances between 3 to `most` places, not the same both ways."""
    size = draw(st.integers(3, most))
    numbers = draw(st.lists(st.integers(1, 99), min_size=size * size, max_size=size * size))
    return np.array(numbers, dtype=float).reshape(size, size) * (1 - np.eye(size))


@given(tables(most=7))
@settings(max_examples=60 if "OMS_SOAK" in os.environ else 20, deadline=None)
def test_small_walks_with_kicks_are_the_shortest(between):
    end, stops = len(between) - 1, list(range(1, len(between) - 1))
    best = min(sum(between[a, b] for a, b in pairwise([0, *way, end])) for way in permutations(stops))
    assert round_trip(between, stops, start=0, end=end, kicks=200)[1] == pytest.approx(best)


@given(tables())
@settings(max_examples=60, deadline=None)
def test_every_stop_is_passed_once_and_kicks_never_lengthen(between):
    stops = list(range(1, len(between)))
    order, length = round_trip(between, stops, start=0, end=0)
    assert sorted(order) == stops
    assert length == pytest.approx(metres(between, np.array([0, *order, 0])))
    assert round_trip(between, stops, start=0, end=0, kicks=20)[1] <= length


def test_one_way_aisles_are_walked_the_one_way():
    between = np.array([[0, 1, 9], [9, 0, 1], [1, 9, 0]], dtype=float)
    assert round_trip(between, [1, 2], start=0, end=0) == ([1, 2], 3.0)


def test_no_stops():
    assert round_trip(np.array([[0.0, 7.0], [7.0, 0.0]]), [], start=0, end=1) == ([], 7.0)

"""What a new series is lent by another."""

from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.forecasting.launch import is_new, lent
from tests.inventory.forecasting.strategies import matrices, unseen


def by_hand(own, analogue, scale):
    """Return the lent series of one SKU, in plain Python."""
    seen = [pieces for pieces in analogue if not isnan(pieces)]
    prior = max(4 * sum(seen) / max(len(seen), 1), 1e-9)
    both = [pair for pair in zip(own, analogue, strict=True) if not isnan(sum(pair))]
    factor = (scale * prior + sum(pair[0] for pair in both)) / (prior + sum(pair[1] for pair in both))
    return [other * factor if isnan(mine) else mine for mine, other in zip(own, analogue, strict=True)]


@given(pair=matrices(unseen), scale=st.floats(0.01, 100))
def test_all_series_at_once_are_as_one_at_a_time(pair, scale):
    own, analogue = pair, pair[::-1]
    found = lent(own, analogue, scale=np.full(len(own), scale))
    alone = [by_hand(mine, other, scale) for mine, other in zip(own, analogue, strict=True)]
    assert np.allclose(found, alone, equal_nan=True)


def test_before_its_first_sale_it_sells_as_the_buyer_says():
    analogue = np.array([[nan, 10, 20, 30]])
    assert lent(np.full((1, 4), nan), analogue, scale=np.array([0.5])) == pytest.approx(analogue / 2, nan_ok=True)


def test_what_it_sells_itself_corrects_what_the_buyer_said():
    analogue = np.full((1, 12), 10.0)
    own = np.array([[nan] * 8 + [30.0] * 4])
    # Four weeks of 30 for 10 weigh as much as the buyer's 1: their mean is 2.
    assert lent(own, analogue, scale=np.ones(1)).tolist() == [[20.0] * 8 + [30.0] * 4]


def test_six_periods_of_its_own_are_enough():
    assert is_new(np.array([[nan] * 4 + [0.0] * 5, [nan] * 3 + [0.0] * 6])).tolist() == [True, False]

"""The vectorised methods against the same methods one series and one period at a time."""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.forecasting.holt_winters import GRID, holt_winters
from inventory.forecasting.intermittent import croston, sba, tsb
from inventory.forecasting.seasonality import seasonal_naive
from inventory.forecasting.smoothing import moving_average, ses
from inventory.forecasting.theta import theta
from tests.inventory.forecasting import one_by_one
from tests.inventory.forecasting.strategies import matrices, pieces, unseen

METHODS = [ses, moving_average, croston, sba, tsb, theta, holt_winters]


def near(value, *candidates):
    return any(np.allclose(value, candidate, atol=1e-6) for candidate in candidates)


@given(demand=matrices(unseen))
def test_smoothing_is_that_of_one_series_at_a_time(demand):
    forecast = ses(demand, 2)
    for row, series in enumerate(demand):
        assert near(forecast[row], *one_by_one.ses(series)[1])


@given(demand=matrices(unseen), window=st.integers(1, 14))
def test_the_moving_average_is_that_of_what_was_seen(demand, window):
    forecast = moving_average(demand, 1, window=window)[:, 0]
    assert near(forecast, [one_by_one.moving_average(series, window) for series in demand])


@given(demand=matrices(unseen))
def test_intermittent_methods_are_those_of_one_series_at_a_time(demand):
    slow = np.array([one_by_one.croston(series, 0.1) for series in demand])
    assert near(croston(demand, 1)[:, 0], slow)
    assert near(sba(demand, 1)[:, 0], slow * 0.95)
    assert near(tsb(demand, 1)[:, 0], [one_by_one.tsb(series, 0.1, 0.1) for series in demand])


@given(demand=matrices())
def test_theta_is_that_of_one_series_at_a_time(demand):
    forecast = theta(demand, 3)
    for row, series in enumerate(demand):
        assert near(forecast[row], *one_by_one.theta(list(series), 3))


@given(demand=matrices())
def test_damped_trend_is_that_of_one_series_at_a_time(demand):
    forecast = holt_winters(demand, 3)
    for row, series in enumerate(demand):
        tries = one_by_one.damped_trend(list(series), 3, GRID)
        least = min(squares for squares, _ in tries)
        best = [np.maximum(path, 0) for squares, path in tries if squares <= least * (1 + 1e-9) + 1e-9]
        assert near(forecast[row], *best)


@settings(max_examples=100 if "OMS_SOAK" in os.environ else 30)
@given(demand=matrices(unseen, shortest=4), lead=st.integers(1, 9))
@pytest.mark.parametrize("method", METHODS)
def test_a_series_that_starts_later_is_forecast_by_what_it_has(method, demand, lead):
    padded = np.concatenate([np.full((len(demand), lead), np.nan), demand], axis=1)
    assert np.allclose(method(padded, 4), method(demand, 4), atol=1e-6)


@settings(max_examples=100 if "OMS_SOAK" in os.environ else 30)
@given(demand=matrices(unseen), scale=st.sampled_from([2.0, 8.0, 0.5]))
@pytest.mark.parametrize("method", METHODS)
def test_another_unit_gives_the_same_forecast_in_that_unit(method, demand, scale):
    assert np.allclose(method(demand * scale, 4), method(demand, 4) * scale, atol=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_what_was_never_seen_or_never_sold_is_forecast_as_nothing(method):
    demand = np.array([[np.nan] * 8, [0.0] * 8])
    assert np.array_equal(method(demand, 3), np.zeros((2, 3)))


def test_dead_items_fade_by_tsb_and_stay_by_croston():
    demand = np.array([[5.0] * 12 + [0.0] * 40])
    assert tsb(demand, 1)[0, 0] < 0.1
    assert croston(demand, 1)[0, 0] > 2


@given(demand=matrices(pieces, shortest=5))
def test_seasonal_naive_repeats_the_last_season(demand):
    forecast = seasonal_naive(demand, 7, season=5)
    assert np.array_equal(forecast, demand[:, [-5, -4, -3, -2, -1, -5, -4]])


def test_a_period_without_stock_is_no_sign_of_less_demand():
    demand = np.full((1, 30), 10.0)
    demand[0, -4:] = np.nan
    for method in METHODS:
        if method is not sba:
            assert method(demand, 2) == pytest.approx(np.full((1, 2), 10.0)), method

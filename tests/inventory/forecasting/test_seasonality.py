import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from inventory.forecasting.holt_winters import GRID, SEASON, holt_winters
from inventory.forecasting.seasonality import naive2, seasonal, seasons
from inventory.forecasting.theta import theta
from tests.inventory.forecasting import one_by_one
from tests.inventory.forecasting.strategies import matrices, unseen

YEAR = 12


def wave(periods, *, level=100.0, swing=0.5, first=0):
    """Return demand that peaks once in 12 periods, by so much of its level."""
    return level * (1 + swing * np.sin(2 * np.pi * np.arange(first, first + periods) / YEAR))


@given(demand=matrices(st.integers(0, 30).map(float), shortest=8))
def test_the_test_is_that_of_one_series_at_a_time(demand):
    for found, series in zip(seasonal(demand, 4), demand, strict=True):
        beyond = one_by_one.season_test(list(series), 4)
        assert abs(beyond) < 1e-9 or found == (beyond > 0)


@given(demand=matrices(st.integers(1, 30).map(float), shortest=12))
def test_the_factors_are_those_of_one_series_at_a_time(demand):
    season_of = seasons(demand, 4, np.ones(len(demand), dtype=bool))
    for row, series in enumerate(demand):
        assert np.allclose(season_of.factors[row], one_by_one.factors(list(series), 4))


@given(demand=matrices(unseen, shortest=8))
def test_a_season_taken_off_and_put_on_again_changes_nothing(demand):
    season_of = seasons(demand, 4, np.ones(len(demand), dtype=bool))
    whole = demand[:, demand.shape[1] % 4 :]
    assert np.allclose(season_of.put_on(season_of.removed_from(whole)), whole, equal_nan=True)


def test_a_season_is_found_and_noise_has_none():
    noise = np.random.default_rng(7).normal(100, 10, (200, 60))
    assert seasonal(wave(60)[None], YEAR).tolist() == [True]
    assert seasonal(noise, YEAR).mean() < 0.1
    assert not seasonal(wave(23)[None], YEAR).any(), "less than two seasons say nothing"


def test_seasonal_methods_follow_a_season_that_they_saw():
    for demand in (wave(60), wave(60) - 50):  # the second touches zero, so its season is added
        ahead = wave(12, first=60) - (100 - demand.mean())
        for method in (theta, holt_winters, naive2):
            forecast = method(demand[None], 12, season=YEAR)[0]
            assert np.abs(forecast - ahead).max() < 12, method


def test_two_seasons_of_weeks_are_enough():
    year = 100 * (1 + 0.6 * np.sin(2 * np.pi * np.arange(156) / 52))
    noisy = np.random.default_rng(3).poisson(year, (50, 156)).astype(float)
    forecast = theta(noisy[:, :104], 52, season=52)
    flat = np.full((50, 52), 100.0)
    assert np.abs(forecast - noisy[:, 104:]).mean() < 0.5 * np.abs(flat - noisy[:, 104:]).mean()


def test_periods_without_stock_do_not_bend_the_season():
    demand = wave(60)[None].copy()
    demand[0, [20, 21, 33]] = np.nan
    assert np.abs(holt_winters(demand, 12, season=YEAR)[0] - wave(12, first=60)).max() < 12


@given(demand=matrices(st.integers(1, 30).map(float), shortest=12))
def test_holt_winters_smooths_a_season_as_one_series_at_a_time_does(demand):
    season_of = seasons(demand, 4, np.ones(len(demand), dtype=bool))
    plain = season_of.removed_from(demand)
    forecast = holt_winters(demand, 6, season=4, season_of=season_of)
    for row, series in enumerate(plain):
        if np.ptp(season_of.factors[row]) > 0:
            tries = [one_by_one.damped_trend(list(series), 6, GRID, season=4, gamma=gamma) for gamma in SEASON]
            least = min(squares for of_gamma in tries for squares, _ in of_gamma)
            best = [path for of_gamma in tries for squares, path in of_gamma if squares <= least * (1 + 1e-9) + 1e-9]
            put_on = [np.maximum(np.array(path) * season_of.factors[row][[0, 1, 2, 3, 0, 1]], 0) for path in best]
            assert any(np.allclose(forecast[row], path, atol=1e-6) for path in put_on)

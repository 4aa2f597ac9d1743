import numpy as np
import pytest
from hypothesis import given

from inventory.forecasting import demand as matrices_of
from inventory.forecasting.accuracy import bias, rmsse, smape
from inventory.forecasting.classify import Kind, classify
from inventory.forecasting.ensemble import forecast
from tests.inventory.forecasting import one_by_one
from tests.inventory.forecasting.strategies import matrices, unseen

CHANCE = np.random.default_rng(5)
SMOOTH = CHANCE.poisson(20, 48).astype(float)
SPARSE = (CHANCE.random(48) < 0.2) * 3.0
WAVE = 50 * (1 + 0.8 * np.sin(2 * np.pi * np.arange(48) / 12)) + CHANCE.random(48)
NEW = np.concatenate([np.full(44, np.nan), [5.0, 6, 5, 6]])


def test_each_kind_of_demand_is_told_from_the_others():
    kinds = classify(np.stack([SMOOTH, SPARSE, WAVE, NEW, np.zeros(48)]), season=12)
    assert kinds.tolist() == [Kind.SMOOTH, Kind.INTERMITTENT, Kind.SEASONAL, Kind.NEW, Kind.INTERMITTENT]


def test_the_forecast_of_a_series_does_not_depend_on_its_neighbours(monkeypatch):
    demand = np.stack([SMOOTH, SPARSE, WAVE, NEW] * 3)
    together = forecast(demand, 6, season=12)
    alone = [forecast(series[None], 6, season=12) for series in demand]
    assert np.allclose(together.mean, np.concatenate([one.mean for one in alone]))
    assert np.allclose(together.variance, np.concatenate([one.variance for one in alone]))
    monkeypatch.setattr(matrices_of.chunks, "__defaults__", (5,))
    assert np.allclose(forecast(demand, 6, season=12).mean, together.mean)


@given(demand=matrices(unseen, longest=40))
def test_a_forecast_is_a_number_and_never_negative(demand):
    expected = forecast(demand, 5, season=4)
    assert np.isfinite(expected.mean).all()
    assert (expected.mean >= 0).all()
    assert np.isfinite(expected.variance).all()


def test_nothing_to_forecast_is_an_empty_forecast():
    assert forecast(np.zeros((0, 10)), 4).mean.shape == (0, 4)


def test_the_variance_of_growing_demand_is_around_its_growth():
    growing = np.arange(40.0)[None] * 5 + 10
    assert forecast(growing, 3).variance[0] == pytest.approx(0, abs=1e-6)


@given(values=matrices(shortest=12, longest=12))
def test_measures_are_those_of_one_series_at_a_time(values):
    history, ahead, actual = values[:, :6], values[:, 6:9], values[:, 9:]
    assert np.allclose(smape(ahead, actual), [one_by_one.smape(*pair) for pair in zip(ahead, actual, strict=True)])
    scaled = rmsse(ahead, actual, history)
    for row, past in enumerate(history):
        if np.ptp(past) == 0:
            assert np.isnan(scaled[row])
        else:
            assert scaled[row] == pytest.approx(one_by_one.rmsse(ahead[row], actual[row], past))


def test_bias_is_a_share_of_demand():
    assert bias(np.array([[3.0, 3]]), np.array([[2.0, np.nan]])) == pytest.approx(0.5)
    assert bias(np.array([[3.0]]), np.array([[0.0]])) == 0

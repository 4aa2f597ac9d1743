"""Reorder points against their distributions written out with the gamma function, and against chance."""

from math import exp, lgamma, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.forecasting import assortment
from inventory.forecasting.assortment import (
    LeadTimes,
    pooled_points,
    shared_variance,
    typical_dispersion,
    worth,
)
from inventory.forecasting.reorder import (
    empirical_points,
    normal_points,
    poisson_points,
    probabilities,
    reorder_points,
)

means = st.floats(0.01, 60)
ratios = st.floats(1.05, 8)
levels = st.floats(0.5, 0.995)


def chance(pieces, mean, variance):
    """Return the negative binomial probability by the gamma function."""
    shape, rest = mean**2 / (variance - mean), 1 - mean / variance
    ways = lgamma(shape + pieces) - lgamma(shape) - lgamma(pieces + 1)
    return exp(ways + shape * log(1 - rest) + pieces * log(rest))


@given(mean=means, ratio=ratios, level=levels)
def test_a_reorder_point_is_the_least_that_covers_the_service(mean, ratio, level):
    point = int(reorder_points(np.array([mean]), np.array([mean * ratio]), service=level)[0])
    covered = sum(chance(pieces, mean, mean * ratio) for pieces in range(point + 1))
    assert covered >= level - 1e-9
    assert covered - chance(point, mean, mean * ratio) < level + 1e-9


@given(mean=means, ratio=ratios)
def test_the_recursion_gives_the_probabilities_of_the_distribution(mean, ratio):
    found = probabilities(np.array([mean]), np.array([mean * ratio]), most=20)[0]
    assert np.allclose(found, [chance(pieces, mean, mean * ratio) for pieces in range(21)], rtol=1e-6)


@given(mean=means, level=levels)
def test_the_poisson_rule_covers_its_service(mean, level):
    point = int(poisson_points(np.array([mean]), service=level)[0])
    terms = [exp(-mean + pieces * log(mean) - lgamma(pieces + 1)) for pieces in range(point + 1)]
    assert sum(terms) >= level - 1e-2
    assert sum(terms[:-1]) < level + 1e-2


@pytest.mark.parametrize(("mean", "deviation"), [(1_000, 100), (50_000, 900), (3_000, 1_500)])
def test_much_demand_is_covered_as_often_as_wanted(mean, deviation):
    shape = mean**2 / (deviation**2 - mean)
    came = np.random.default_rng(4).negative_binomial(shape, mean / deviation**2, 200_000)
    for level in (0.5, 0.9, 0.99):
        point = reorder_points(np.array([float(mean)]), np.array([float(deviation**2)]), service=level)[0]
        assert (came <= point).mean() == pytest.approx(level, abs=0.006)


def test_each_series_has_its_own_service_and_nothing_needs_nothing():
    mean = np.array([0.0, 5.0, 5.0])
    points = reorder_points(mean, mean * 2, service=np.array([0.99, 0.6, 0.99]))
    assert points[0] == 0
    assert points[1] < points[2]


def test_the_normal_rule_adds_deviations_and_rounds_up():
    assert normal_points(np.array([10.0, 0.0]), np.array([4.0, 0.0]), service=0.975).tolist() == [14, 0]


def test_the_empirical_rule_takes_the_sums_that_were():
    demand = np.array([[0.0, 1, 2, 3, 4, 5]])
    assert empirical_points(demand, 2, service=0.8).tolist() == [7]
    assert empirical_points(demand, 2, service=0.81).tolist() == [9]


def slow_movers(cost=1.0):
    """Return what is expected of 2,000 slow movers in a lead time, and what came."""
    draw = np.random.default_rng(6)
    mean = draw.gamma(0.7, 2, 2_000)
    variance = mean * draw.uniform(1.2, 4, 2_000)
    came = draw.negative_binomial(mean**2 / (variance - mean), mean / variance)
    return LeadTimes(mean, variance, np.broadcast_to(cost, 2_000)), came


def test_a_class_has_its_service_with_less_stock_than_each_alone():
    now, came = slow_movers()
    points = pooled_points(now, threshold=worth(now, service=0.95), service=0.95)
    alone = reorder_points(now.mean, now.variance, service=0.95)
    assert (came <= points).mean() == pytest.approx(0.95, abs=0.01)
    assert points.sum() < 0.95 * alone.sum()
    assert (points >= reorder_points(now.mean, now.variance, service=0.8)).all()


def test_where_costs_differ_service_is_bought_with_what_is_cheap():
    cost = np.tile([1.0, 100.0], 1_000)
    (even, came), (now, _) = slow_movers(), slow_movers(cost)
    blind = pooled_points(even, threshold=worth(even, service=0.95), service=0.95)
    points = pooled_points(now, threshold=worth(now, service=0.95), service=0.95)
    assert (came <= points).mean() == pytest.approx(0.95, abs=0.01)
    assert points @ cost < 0.9 * (blind @ cost)


def test_what_sells_fast_is_served_alone():
    mean = np.array([1.0, 400.0, 0.5])
    now = LeadTimes(mean, mean * 2, np.ones(3))
    points = pooled_points(now, threshold=worth(now, service=0.95), service=0.95)
    assert points[1] == reorder_points(mean, mean * 2, service=0.95)[1]
    fast = now.of(np.array([1]))
    assert worth(fast, service=0.95) == 1


def test_a_sample_says_what_a_piece_is_worth(monkeypatch):
    now, _ = slow_movers()
    whole = worth(now, service=0.95)
    monkeypatch.setattr(assortment, "SAMPLE", 500)
    assert worth(now, service=0.95) == pytest.approx(whole, rel=0.2)


def test_variance_is_half_its_own_and_half_that_of_the_others():
    mean, dispersion = np.array([2.0, 2.0, 2.0, 2.0]), np.array([1.0, 2.0, 5.0, 0.0])
    found = shared_variance(mean, dispersion, typical=typical_dispersion(dispersion))
    assert found.tolist() == [3.0, 4.0, 7.0, 4.0]
    unknown = np.zeros(4)
    poisson = shared_variance(mean, unknown, typical=typical_dispersion(unknown))
    assert poisson.tolist() == mean.tolist(), "nothing known: Poisson"

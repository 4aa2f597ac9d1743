"""Reorder rules tried at the last origins of series: the service they achieved and the stock they took."""

import time

import numpy as np

from inventory.forecasting.assortment import LeadTimes, pooled_points, shared_variance, typical_dispersion, worth
from inventory.forecasting.ensemble import forecast
from inventory.forecasting.reorder import empirical_points, normal_points, poisson_points, reorder_points

LEVELS = (0.6, 0.7, 0.75, 0.8, 0.85, 0.88, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995, 0.999)
# Periods with fewer than these before the first origin that is looked at say little.
LEAST_HISTORY = 12


def countable(demand, *, lead_time, origins):
    """Say whether reorder points can be tried: whole pieces from 0, long enough."""
    enough = demand.shape[1] >= LEAST_HISTORY + origins + lead_time and len(demand) > 0
    return bool(enough and (demand >= 0).all() and (demand == np.rint(demand)).all())


def add(bench, demand, *, season, lead_time, origins, service):
    """Add each rule's achieved service and mean reorder point in pieces, at the level asked for.

    For the Poisson and the normal rule also the stock that they need at the service that ours achieved: between
    their nearest levels, chosen afterwards, which no one could have known. Ours (`pooled`) is that of policies "by
    forecast, all together", every piece costing the same; it uses nothing after each origin.
    """
    start = time.perf_counter()
    times = _lead_times(demand, season=season, lead_time=lead_time, origins=origins)
    last = sorted(times)[-origins:]
    bench.add(origins=origins, lead_time=lead_time, service_wanted=service, reorder_series=len(demand))
    rules = _rules(times, demand, lead_time)
    results = {name: _tried(rule, times, last, service) for name, rule in rules.items()}
    for name, (achieved, pieces) in results.items():
        bench.add(**{f"{name}_service": achieved, f"{name}_pieces": pieces})
    achieved, pieces = results["pooled"]
    for name in ("poisson", "normal", "negative_binomial"):
        curve = np.array([_tried(rules[name], times, last, level) for level in LEVELS]).T
        bench.add(**{f"{name}_pieces_at_pooled_service": float(np.interp(achieved, *curve))})
    bench.add(reorder_s=time.perf_counter() - start)


def _lead_times(demand, *, season, lead_time, origins):
    """Return {origin: (LeadTimes, plain variance, demand that came)}."""
    periods = demand.shape[1]
    times = {}
    for origin in range(periods - lead_time - origins + 1, periods - lead_time + 1):
        expected = forecast(demand[:, :origin], lead_time, season=season)
        mean = expected.mean.sum(axis=1)
        typical = typical_dispersion(expected.dispersion)
        variance = shared_variance(mean, expected.dispersion, typical=typical)
        now = LeadTimes(mean, variance, np.ones(len(mean)))
        times[origin] = (now, expected.variance * lead_time, demand[:, origin : origin + lead_time].sum(axis=1))
    return times


def _rules(times, demand, lead_time):
    """Return {name: (origin, level) -> reorder points}."""

    def pooled(origin, level):
        now = times[origin][0]
        return pooled_points(now, threshold=worth(now, service=level), service=level)

    return {
        "pooled": pooled,
        "negative_binomial": lambda origin, level: reorder_points(
            times[origin][0].mean, times[origin][1], service=level
        ),
        "poisson": lambda origin, level: poisson_points(times[origin][0].mean, service=level),
        "normal": lambda origin, level: normal_points(times[origin][0].mean, times[origin][1], service=level),
        "empirical": lambda origin, level: empirical_points(demand[:, :origin], lead_time, service=level),
    }


def _tried(rule, times, origins, level):
    """Return (share of lead times without a shortage, mean reorder point in pieces) over all series and origins."""
    points = {origin: rule(origin, level) for origin in origins}
    served = float(np.mean([(times[origin][2] <= points[origin]).mean() for origin in origins]))
    return served, float(np.mean([points[origin].mean() for origin in origins]))

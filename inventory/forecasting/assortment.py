"""Reorder points of many slow movers together: a class keeps its mean service with the least stock."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from inventory.forecasting.demand import Matrix
from inventory.forecasting.reorder import Pieces, probabilities, reorder_points

FLOOR = 0.8  # the service that each series has, however unlikely its next piece is needed
MOST = 200  # pieces looked at; a series that needs more has the floor's quantile
STEPS = 40


@dataclass(frozen=True)
class LeadTimes:
    """Demand of a lead time of each series: its `mean` and `variance` as expected at its start, (series,) each."""

    mean: Matrix
    variance: Matrix


def shared_variance(mean: Matrix, dispersion: Matrix) -> Matrix:
    """Return (series,): the variance of a lead time's demand of `mean`, by half the series' own dispersion.

    dispersion (series,) is variance over mean of what a series sold; the other half is the median of all that sold.
    One history is too short to know it; shrinking as in Efron & Morris 1975, half and half in place of an estimate.
    """
    sold = dispersion > 0
    typical = float(np.median(dispersion[sold])) if sold.any() else 1.0
    return np.maximum(mean, mean * (np.where(sold, dispersion, typical) + typical) / 2)


def worth(now: LeadTimes, *, service: float, past: LeadTimes | None = None, demand: Matrix | None = None) -> float:
    """Return the chance of being needed that a piece must have to be stocked, so that all have `service` in the mean.

    Service is the share of lead times without a shortage, 0 to 1. By the distributions of `now`; with `past`, lead
    times that are over and their `demand` (series,), also by what then was needed, and half-way (geometrically)
    between the two: the past heals what all forecasts have in common, but is one draw of it. Nothing in `past` may
    have ended after the day this is used for.
    """
    chances = probabilities(now.mean, now.variance, most=MOST).cumsum(axis=1)
    rows = np.arange(len(now.mean))
    expected = _least_worth(now, lambda points: float(chances[rows, np.minimum(points, MOST)].mean()), service)
    if past is None or demand is None or not len(demand):
        return expected
    return float(np.sqrt(expected * _least_worth(past, lambda points: float((demand <= points).mean()), service)))


def pooled_points(now: LeadTimes, *, threshold: float) -> Pieces:
    """Return (series,) pieces: stock up to the last piece whose chance of being needed reaches `threshold`.

    Marginal analysis: a class's mean service is bought where it takes the fewest pieces, Sherbrooke 2004, ch. 2; no
    series is below 80 % of its own. Demand is negative binomial; `threshold` comes from `worth`. For slow movers
    (a fast one, of more than about 100 pieces, would get its 80 %).
    """
    return _points(probabilities(now.mean, now.variance, most=MOST), _floor(now), threshold)


def _least_worth(times: LeadTimes, served: Callable[[Pieces], float], service: float) -> float:
    """Return the largest threshold whose points reach the service, by bisection of its logarithm."""
    chances, floor = probabilities(times.mean, times.variance, most=MOST), _floor(times)
    low, high = -60.0, 0.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        enough = served(_points(chances, floor, 2.0**middle)) >= service
        low, high = (middle, high) if enough else (low, middle)
    return float(2.0**low)


def _floor(times: LeadTimes) -> Pieces:
    return reorder_points(times.mean, times.variance, service=FLOOR)


def _points(chances: Matrix, floor: Pieces, threshold: float) -> Pieces:
    worthy = chances >= threshold
    last = chances.shape[1] - 1 - np.argmax(worthy[:, ::-1], axis=1)
    return np.asarray(np.maximum(np.where(worthy.any(axis=1), last, 0), floor), dtype=np.int64)

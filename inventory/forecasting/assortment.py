"""Reorder points of many slow movers together: a class keeps its mean service with the least stock."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inventory.forecasting.demand import Matrix
from inventory.forecasting.reorder import Pieces, probabilities, reorder_points

FLOOR = 0.8  # the service that each series has, however unlikely its next piece is needed
FAST = 60.0  # pieces expected in a lead time, above which a series is served alone: one piece more is nothing to it
MOST = 200  # pieces looked at; a slow series that needs more has the floor's quantile
SAMPLE = 10_000  # series of which the threshold is worked out: more would say the same in more memory
STEPS = 50


@dataclass(frozen=True)
class LeadTimes:
    """`mean` and `variance` of a lead time's demand as expected at its start; `cost` of a piece, above 0; (series,)."""

    mean: Matrix
    variance: Matrix
    cost: Matrix

    def of(self, rows: NDArray[np.intp]) -> "LeadTimes":
        """Return those of `rows`."""
        return LeadTimes(self.mean[rows], self.variance[rows], self.cost[rows])


def typical_dispersion(dispersion: Matrix) -> float:
    """Return the median of dispersion (series,), variance over mean, of the series that sold; 1 where none did."""
    sold = dispersion > 0
    return float(np.median(dispersion[sold])) if sold.any() else 1.0


def shared_variance(mean: Matrix, dispersion: Matrix, *, typical: float) -> Matrix:
    """Return (series,): the variance of a lead time's demand of `mean`, by half the series' own dispersion.

    dispersion (series,) is variance over mean of what a series sold; the other half is `typical`, that of the class.
    One history is too short to know it; shrinking as in Efron & Morris 1975, half and half in place of an estimate.
    """
    return np.maximum(mean, mean * (np.where(dispersion > 0, dispersion, typical) + typical) / 2)


def worth(now: LeadTimes, *, service: float) -> float:
    """Return the chance of being needed, for each unit of money it costs, from which a piece is to be stocked.

    So chosen that all have `service` in the mean, the share of lead times without a shortage, 0 to 1: by bisection of
    its logarithm, over the slow series or an even sample of them; 1 where there is none.
    """
    slow = np.flatnonzero(now.mean <= FAST)
    slow = slow[:: max(len(slow) // SAMPLE, 1)]
    if not len(slow):
        return 1.0
    times, rows = now.of(slow), np.arange(len(slow))
    chances, floor = _chances(times), _floor(times)
    covered = chances.cumsum(axis=1)
    low, high = -60.0, 60.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        points = np.minimum(_points(times, chances, floor, 2.0**middle), MOST)
        low, high = (middle, high) if covered[rows, points].mean() >= service else (low, middle)
    return float(2.0**low)


def pooled_points(now: LeadTimes, *, threshold: float, service: float) -> Pieces:
    """Return (series,) pieces: stock up to the last piece whose chance of being needed is worth its cost.

    Marginal analysis: a class's mean service is bought where it takes the least money, Sherbrooke 2004, ch. 2; no
    series is below 80 % of its own. Demand is negative binomial; `threshold` comes from `worth` for the same `service`,
    which those of more than 60 pieces in a lead time have each for itself.
    """
    points = reorder_points(now.mean, now.variance, service=service)
    slow = np.flatnonzero(now.mean <= FAST)
    times = now.of(slow)
    points[slow] = _points(times, _chances(times), _floor(times), threshold)
    return points


def _chances(times: LeadTimes) -> Matrix:
    return probabilities(times.mean, times.variance, most=MOST)


def _floor(times: LeadTimes) -> Pieces:
    return reorder_points(times.mean, times.variance, service=FLOOR)


def _points(times: LeadTimes, chances: Matrix, floor: Pieces, threshold: float) -> Pieces:
    worthy = chances >= threshold * times.cost[:, None]
    last = chances.shape[1] - 1 - np.argmax(worthy[:, ::-1], axis=1)
    return np.asarray(np.maximum(np.where(worthy.any(axis=1), last, 0), floor), dtype=np.int64)

"""Forecasts of a level: simple exponential smoothing and the moving average."""

from typing import NamedTuple

import numpy as np

from inventory.forecasting.demand import Flags, Matrix, early_means, flat, seen_counts, seen_means

ALPHAS = np.array([0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.55, 0.7, 0.85, 1.0])
EARLY = 12  # periods whose mean starts the level


class Smoothed(NamedTuple):
    """The last level of each series, (series,), and the smoothing constant chosen for it, (series,)."""

    level: Matrix
    alpha: Matrix


def smooth(demand: Matrix, alphas: Matrix = ALPHAS) -> Smoothed:
    """Return the level after the last period, by the constant of least squared one-step error for each series.

    demand: (series, periods), NaN where nothing was seen (the level stays); alphas: (grid,), each in (0, 1].
    Brown 1959; the grid in place of an optimiser, after Hyndman et al. 2002.
    """
    level = np.repeat(early_means(demand, EARLY)[:, None], len(alphas), axis=1)
    squares = np.zeros_like(level)
    for period in np.ascontiguousarray(demand.T):
        error = np.nan_to_num(period[:, None] - level)
        squares += error * error
        level += alphas * error
    best = squares.argmin(axis=1)
    return Smoothed(level[np.arange(len(demand)), best], alphas[best])


def ses(demand: Matrix, horizon: int) -> Matrix:
    """Return (series, horizon), pieces a period: simple exponential smoothing, see `smooth`."""
    return flat(smooth(demand).level, horizon)


def moving_average(demand: Matrix, horizon: int, *, window: int = 12) -> Matrix:
    """Return (series, horizon), pieces a period: the mean of what was seen in the last `window` periods.

    A series of which nothing was seen in them has the mean of all its periods, one never seen 0.
    """
    recent = demand[:, -window:]
    nothing: Flags = seen_counts(recent) == 0
    level = np.nansum(recent, axis=1) / np.maximum(seen_counts(recent), 1)
    return flat(np.where(nothing, seen_means(demand), level), horizon)

"""Damped Holt-Winters: level, damped trend and season, each smoothed; the constants from a grid."""

from itertools import product
from typing import NamedTuple

import numpy as np

from inventory.forecasting.demand import Matrix, chunks, early_means, first_seen, line
from inventory.forecasting.seasonality import Seasons, phases, seasons

# (level, share of it for the trend, damping): 24 of them, each with every smoothing of a season.
GRID = np.array(list(product([0.05, 0.1, 0.2, 0.3, 0.5, 0.8], [0.02, 0.1], [0.85, 0.95])))
SEASON = (0.0, 0.1, 0.4)  # smoothing of what a season differs by from its factors
EARLY = 12
ROWS = 256


class _State(NamedTuple):
    level: Matrix
    trend: Matrix
    season: Matrix  # (season, series, grid): what was learned beyond the decomposition's factors
    squares: Matrix


def holt_winters(demand: Matrix, horizon: int, *, season: int = 1, season_of: Seasons | None = None) -> Matrix:
    """Return (series, horizon), pieces a period, at least 0: Holt-Winters with a damped trend.

    The season starts from classical decomposition (`season_of`, by default `seasons(demand, season)`), and is
    smoothed further where there is one. Constants: the grid's least squared one-step error for each series. NaN
    leaves level and season as they are. Holt 1957, Winters 1960, Gardner & McKenzie 1985; start as
    Hyndman et al. 2008.
    """
    season_of = seasons(demand, season) if season_of is None else season_of
    plain = season_of.removed_from(demand)
    moving = np.ptp(season_of.factors, axis=1) > 0
    forecast = np.zeros((len(demand), horizon))
    for some, smoothing in ((~moving, (0.0,)), (moving, SEASON)):
        rows = np.flatnonzero(some)
        for chunk in chunks(len(rows), ROWS):
            picked = rows[chunk]
            forecast[picked] = _forecast(plain[picked], horizon, season=season, smoothing=smoothing)
    return np.maximum(season_of.put_on(forecast), 0.0)


def _forecast(plain: Matrix, horizon: int, *, season: int, smoothing: tuple[float, ...]) -> Matrix:
    grid = np.array([(*constants, gamma) for gamma in smoothing for constants in GRID])
    state = _run(plain, grid, season if len(smoothing) > 1 else 1)
    rows, best = np.arange(len(plain)), state.squares.argmin(axis=1)
    damping = np.cumsum(grid[best, 2][:, None] ** np.arange(1, horizon + 1), axis=1)
    learned = state.season[:, rows, best].T
    phase = np.arange(horizon) % learned.shape[1]
    return state.level[rows, best][:, None] + state.trend[rows, best][:, None] * damping + learned[:, phase]


def _run(plain: Matrix, grid: Matrix, season: int) -> _State:
    alpha, share, damping, gamma = grid.T
    state = _start(plain, len(grid), season)
    level, trend, learned, squares = state
    first = first_seen(plain)[:, None]
    for number, (period, phase) in enumerate(
        zip(np.ascontiguousarray(plain.T), phases(plain.shape[1], season), strict=True)
    ):
        trend = np.where(number >= first, trend * damping, trend)
        level = np.where(number >= first, level + trend, level)
        error = np.nan_to_num(period[:, None] - level - learned[phase])
        squares += error * error
        level = level + alpha * error
        trend = trend + alpha * share * error
        if gamma.any():
            learned[phase] += gamma * (1 - alpha) * error
    return _State(level, trend, learned, squares)


def _start(plain: Matrix, width: int, season: int) -> _State:
    """Return level and trend by a line through the first 12 periods seen, one period before the first."""
    seen = ~np.isnan(plain)
    early = seen & (np.cumsum(seen, axis=1) <= EARLY)
    slope = line(np.where(early, plain, np.nan))[1]
    since = np.arange(plain.shape[1]) - first_seen(plain)[:, None] + 1.0
    middle = np.where(early, since, 0.0).sum(axis=1) / np.maximum(early.sum(axis=1), 1)
    level = early_means(plain, EARLY) - slope * middle
    wide = (len(plain), width)
    return _State(
        np.broadcast_to(level[:, None], wide),
        np.broadcast_to(slope[:, None], wide),
        np.zeros((season, *wide)),
        np.zeros(wide),
    )

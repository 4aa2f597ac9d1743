"""Seasons: whether a series has one, its factors, and the two seasonal baselines."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from inventory.forecasting.demand import Flags, Matrix, line, seen_counts, seen_means

LIMIT = 1.645  # of a standard normal: 90 % of series without a season stay below it, in absolute value
LONG = 24  # a season of more periods (weeks of a year) has its factors smoothed over their neighbours
NEIGHBOURS = 5
ALIKE = 0.5  # correlation of two long seasons; of weeks of noise, 1 series in 40 passes
LEAST = 0.05  # a multiplicative factor is at least this


@dataclass(frozen=True)
class Seasons:
    """The season of each series: factors (series, season), by the phase of a period counted from the first to come.

    `multiplies` (series,): its factors multiply (mean 1), else they are added (mean 0, pieces). A series without a
    season has factors that change nothing.
    """

    factors: Matrix
    multiplies: Flags

    def removed_from(self, demand: Matrix) -> Matrix:
        """Return demand (series, periods) without its season."""
        factors = self.factors[:, phases(demand.shape[1], self.factors.shape[1])]
        return np.where(
            self.multiplies[:, None], demand / np.where(self.multiplies[:, None], factors, 1.0), demand - factors
        )

    def put_on(self, forecast: Matrix) -> Matrix:
        """Return forecast (series, horizon) with its season."""
        factors = self.factors[:, np.arange(forecast.shape[1]) % self.factors.shape[1]]
        return np.where(self.multiplies[:, None], forecast * factors, forecast + factors)


def phases(periods: int, season: int) -> NDArray[np.intp]:
    """Return (periods,): the phase of each period of a matrix, such that the first period to come has phase 0."""
    return (np.arange(periods) - periods) % season


def seasonal(demand: Matrix, season: int) -> Flags:
    """Return (series,): whether the autocorrelation at the season is beyond chance, with at least two seasons seen.

    The test of the M3 and M4 competitions: |r_season| against 1.645 sqrt((1 + 2 sum of r_k^2, k < season) / n),
    Makridakis & Hibon 2000; here only a positive r counts. A season of more
    than 24 periods is one where the last two, without trend and smoothed, correlate by more than 0.5: with two
    seasons of weeks their waves alone would fill the noise of that test.
    """
    if season < 2 or demand.shape[1] < 2 * season:
        return np.zeros(len(demand), dtype=bool)
    if season > LONG:
        return _repeats(demand, season)
    count = seen_counts(demand)
    around = np.nan_to_num(demand - seen_means(demand)[:, None])
    power = np.maximum((around * around).sum(axis=1), np.finfo(float).tiny)
    lags = [np.einsum("ij,ij->i", around[:, lag:], around[:, :-lag]) / power for lag in range(1, season + 1)]
    noise = 1 + 2 * sum(lag * lag for lag in lags[:-1])
    limit = LIMIT * np.sqrt(noise / np.maximum(count, 1))
    return np.asarray((lags[-1] > limit) & (count >= 2 * season))


def _repeats(demand: Matrix, season: int) -> Flags:
    """Return (series,): whether the last two seasons have the same course."""
    courses = []
    for part in (demand[:, -2 * season : -season], demand[:, -season:]):
        after, slope = line(part)
        away = np.nan_to_num(part - after[:, None] - slope[:, None] * (np.arange(season) - season))
        course = _neighbourly(away)
        courses.append(course - course.mean(axis=1, keepdims=True))
    before, since = courses
    power = np.sqrt((before * before).sum(axis=1) * (since * since).sum(axis=1))
    alike = (before * since).sum(axis=1) / np.maximum(power, np.finfo(float).tiny)
    return np.asarray((alike > ALIKE) & (seen_counts(demand[:, -2 * season :]) > 1.5 * season))


def seasons(demand: Matrix, season: int, has: Flags | None = None) -> Seasons:
    """Return the season of each series by classical decomposition; `has` (series,) says which have one.

    Ratios to the centred moving average where all demand is positive, differences from it elsewhere; the mean of
    each phase; normalised. With fewer than three seasons the moving average is carried on to both ends, as
    its own loses a season. Without `has`, `seasonal` decides.
    """
    has = seasonal(demand, season) if has is None else has
    multiplies = np.nanmin(np.where(np.isnan(demand), np.inf, demand), axis=1, initial=np.inf) > 0
    factors = np.where(multiplies[:, None], 1.0, np.zeros((len(demand), max(season, 1))))
    if has.any():
        factors[has] = _factors(demand[has], season, multiplies[has])
    return Seasons(factors, multiplies)


def _factors(demand: Matrix, season: int, multiplies: Flags) -> Matrix:
    trend = _trend(demand, season)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.where(multiplies[:, None], demand / trend, demand - trend)
    phase = phases(demand.shape[1], season)
    neutral = multiplies.astype(float)
    columns = [_mean(ratios[:, phase == number], neutral) for number in range(season)]
    factors = _neighbourly(np.stack(columns, axis=1)) if season > LONG else np.stack(columns, axis=1)
    mean = factors.mean(axis=1, keepdims=True)
    multiplied = np.maximum(factors / np.where(multiplies[:, None], mean, 1.0), LEAST)
    return np.where(multiplies[:, None], multiplied, factors - mean)


def _trend(demand: Matrix, season: int) -> Matrix:
    """Return (series, periods): the centred moving average over a season, of the periods seen; NaN at the ends."""
    weights = np.ones(season + 1 - season % 2)
    if season % 2 == 0:
        weights[[0, -1]] = 0.5
    seen = ~np.isnan(demand)
    total = sliding_window_view(np.nan_to_num(demand), len(weights), axis=1) @ weights
    weight = sliding_window_view(seen.astype(float), len(weights), axis=1) @ weights
    half = len(weights) // 2
    trend = np.full_like(demand, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        trend[:, half:-half] = np.where(weight > season * 0.75, total / weight, np.nan)
    short = seen_counts(demand) < 3 * season
    trend[short] = _carried(trend[short])
    return trend


def _carried(trend: Matrix) -> Matrix:
    """Return `trend` with its first and last values carried on to both ends."""
    known = ~np.isnan(trend)
    period = np.arange(trend.shape[1])
    first = np.argmax(known, axis=1)[:, None]
    last = trend.shape[1] - 1 - np.argmax(known[:, ::-1], axis=1)[:, None]
    return np.take_along_axis(trend, np.clip(period, first, last), axis=1)


def _mean(values: Matrix, neutral: Matrix) -> Matrix:
    seen = np.isfinite(values)
    count = seen.sum(axis=1)
    return np.where(count > 0, np.where(seen, values, 0.0).sum(axis=1) / np.maximum(count, 1), neutral)


def _neighbourly(factors: Matrix) -> Matrix:
    reach = NEIGHBOURS // 2
    around = np.concatenate([factors[:, -reach:], factors, factors[:, :reach]], axis=1)
    return np.asarray(sliding_window_view(around, NEIGHBOURS, axis=1).mean(axis=2))


def seasonal_naive(demand: Matrix, horizon: int, *, season: int) -> Matrix:
    """Return (series, horizon), pieces a period: what was seen last in the same phase; the mean where never."""
    phase = phases(demand.shape[1], season)
    last = np.stack([_last(demand[:, phase == number], seen_means(demand)) for number in range(season)], axis=1)
    return last[:, np.arange(horizon) % season]


def naive2(demand: Matrix, horizon: int, *, season: int) -> Matrix:
    """Return (series, horizon): the last value seen without its season, put back on. Makridakis & Hibon 2000."""
    season_of = seasons(demand, season)
    last = _last(season_of.removed_from(demand), seen_means(demand))
    return season_of.put_on(np.repeat(last[:, None], horizon, axis=1))


def _last(values: Matrix, otherwise: Matrix) -> Matrix:
    if not values.shape[1]:
        return otherwise
    seen = ~np.isnan(values)
    newest = values.shape[1] - 1 - np.argmax(seen[:, ::-1], axis=1)
    return np.where(seen.any(axis=1), values[np.arange(len(values)), newest], otherwise)

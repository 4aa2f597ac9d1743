"""The forecast that planning uses: for each kind of demand the mean of the methods made for it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inventory.forecasting.classify import Kind, classify
from inventory.forecasting.demand import Matrix, chunks, line, seen_counts, seen_means
from inventory.forecasting.holt_winters import holt_winters
from inventory.forecasting.intermittent import sba, tsb
from inventory.forecasting.seasonality import Seasons, seasons
from inventory.forecasting.smoothing import moving_average, ses
from inventory.forecasting.theta import theta


@dataclass(frozen=True)
class Forecast:
    """What is expected: `mean` (series, horizon), pieces a period; the rest (series,).

    `variance` is of one period, without season and, where the mean has one, trend: the reorder point multiplies it;
    `dispersion` is variance over mean of all that was seen; `kind` is of `Kind`.
    """

    mean: Matrix
    variance: Matrix
    dispersion: Matrix
    kind: NDArray[np.str_]


def forecast(demand: Matrix, horizon: int, *, season: int = 1) -> Forecast:
    """Return the forecast of demand (series, periods) for `horizon` periods, `season` periods making a year (or week).

    Seasonal and smooth demand: the mean of Theta and damped Holt-Winters (combining beats choosing: Makridakis &
    Hibon 2000). Intermittent and new demand: the mean of SES, SBA, TSB and the moving average of 12 periods. All
    is at least 0; a series never seen has 0. Works on some rows at a time, so that memory stays flat.
    """
    parts = [_forecast(np.asarray(demand[rows], dtype=float), horizon, season) for rows in chunks(len(demand))]
    if not parts:
        return Forecast(np.zeros((0, horizon)), np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.str_))
    return Forecast(
        np.concatenate([part.mean for part in parts]),
        np.concatenate([part.variance for part in parts]),
        np.concatenate([part.dispersion for part in parts]),
        np.concatenate([part.kind for part in parts]),
    )


def _forecast(demand: Matrix, horizon: int, season: int) -> Forecast:
    kind = classify(demand, season=season)
    season_of = seasons(demand, season, kind == Kind.SEASONAL)
    level = (kind == Kind.INTERMITTENT) | (kind == Kind.NEW)
    mean = np.zeros((len(demand), horizon))
    mean[level] = of_level(demand[level], horizon)
    moving = Seasons(season_of.factors[~level], season_of.multiplies[~level])
    mean[~level] = of_movement(demand[~level], horizon, season=season, season_of=moving)
    plain = season_of.removed_from(demand)
    after, slope = line(plain)
    trend = after[:, None] + slope[:, None] * (np.arange(plain.shape[1]) - plain.shape[1])
    spread = variance(np.where(level[:, None], plain, plain - trend))
    usual = seen_means(demand)
    return Forecast(mean, spread, np.where(usual > 0, spread / np.where(usual > 0, usual, 1.0), 0.0), kind)


def of_level(demand: Matrix, horizon: int) -> Matrix:
    """Return (series, horizon), pieces a period: the mean of SES, SBA, TSB and the moving average of 12 periods."""
    methods = (ses, sba, tsb, moving_average)
    return np.asarray(sum(method(demand, horizon) for method in methods) / len(methods))


def of_movement(demand: Matrix, horizon: int, *, season: int, season_of: Seasons | None = None) -> Matrix:
    """Return (series, horizon), pieces a period: the mean of Theta and damped Holt-Winters."""
    season_of = seasons(demand, season) if season_of is None else season_of
    return (
        theta(demand, horizon, season=season, season_of=season_of)
        + holt_winters(demand, horizon, season=season, season_of=season_of)
    ) / 2


def variance(demand: Matrix) -> Matrix:
    """Return (series,): the sample variance of what was seen, pieces squared a period; 0 below two periods."""
    away = np.nan_to_num(demand - seen_means(demand)[:, None])
    return np.asarray((away * away).sum(axis=1) / np.maximum(seen_counts(demand) - 1, 1))

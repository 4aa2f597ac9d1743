"""Forecasts and reorder points on a file of series, beside each method alone and the textbooks' rules; their speed."""

import time

import numpy as np
from django.core.management.base import CommandError

from inventory.forecasting.accuracy import bias, rmsse, smape
from inventory.forecasting.demand import flat
from inventory.forecasting.ensemble import forecast
from inventory.forecasting.holt_winters import holt_winters
from inventory.forecasting.intermittent import sba, tsb
from inventory.forecasting.seasonality import naive2, seasonal_naive
from inventory.forecasting.smoothing import moving_average, ses
from inventory.forecasting.theta import theta
from oms.management.bench import rules, series
from oms.management.bench.measure import peak_mb

OPTIONS = ("file", "season", "horizon", "lead_time", "origins", "service")
SKUS, WEEKS, YEAR, AHEAD = 100_000, 104, 52, 13
METHODS = {
    "ses": lambda demand, horizon, season: ses(demand, horizon),
    "sba": lambda demand, horizon, season: sba(demand, horizon),
    "tsb": lambda demand, horizon, season: tsb(demand, horizon),
    "moving_average_12": lambda demand, horizon, season: moving_average(demand, horizon),
    "holt_winters": lambda demand, horizon, season: holt_winters(demand, horizon, season=season),
    "theta": lambda demand, horizon, season: theta(demand, horizon, season=season),
    "naive2": lambda demand, horizon, season: naive2(demand, horizon, season=season),
    "seasonal_naive": lambda demand, horizon, season: seasonal_naive(demand, horizon, season=season),
    "zero": lambda demand, horizon, season: flat(np.zeros(len(demand)), horizon),
    "ensemble": lambda demand, horizon, season: forecast(demand, horizon, season=season).mean,
}


def add_arguments(parser):
    """Take a file of series; without one, only the speed on made demand is measured."""
    parser.add_argument("file", nargs="?", help="JSON lines with x and xx, or CSV, a series a row; .gz and .xz too")
    parser.add_argument("--season", type=int, help="periods of a season (by the file's period, or 12)")
    parser.add_argument("--horizon", type=int, help="periods held out (as the file holds out, or 6)")
    parser.add_argument("--lead-time", type=int, default=3, help="periods that a reorder point must cover")
    parser.add_argument("--origins", type=int, default=13, help="how many last periods to reorder at; 0: none")
    parser.add_argument("--service", type=float, default=0.95, help="chance of no shortage in a lead time")


def run(bench, *, scale=1.0, file=None, season=None, horizon=None, lead_time=3, origins=13, service=0.95):
    """Add accuracy of each method and the ensemble, achieved service and stock of reorder rules, and speed.

    Reorder points are tried on series of whole pieces that were seen in all periods.
    """
    if file is not None:
        given = series.read(file)
        season = season or given.season or 12
        history, actual = _held_out(given, horizon)
        bench.add(series=len(history), periods=history.shape[1], season=season, horizon=actual.shape[1])
        _accuracy(bench, history, actual, season)
        counted = given.demand[~np.isnan(given.demand).any(axis=1)]
        if origins and rules.countable(counted, lead_time=lead_time, origins=origins):
            rules.add(bench, counted, season=season, lead_time=lead_time, origins=origins, service=service)
    _speed(bench, max(100, round(SKUS * scale)))


def _held_out(given, horizon):
    if given.ahead is not None:
        return given.demand, given.ahead[:, :horizon]
    horizon = horizon or 6
    if not 0 < horizon < given.demand.shape[1]:
        raise CommandError(f"--horizon {horizon}: the series have {given.demand.shape[1]} periods.")
    whole = given.demand[~np.isnan(given.demand[:, -horizon:]).any(axis=1)]
    return whole[:, :-horizon], whole[:, -horizon:]


def _accuracy(bench, history, actual, season):
    """Add sMAPE, RMSSE, bias of each method; an instance is its sMAPE (RMSSE where zeros are), beside Naive2's."""
    measure = "smape" if (actual > 0).all() else "rmsse"
    spent = {}
    for name, method in METHODS.items():
        start = time.perf_counter()
        ahead = method(history, actual.shape[1], season)
        spent[name] = (time.perf_counter() - start) * 1000
        scaled = rmsse(ahead, actual, history)
        bench.add(**{f"{name}_smape": float(smape(ahead, actual).mean()), f"{name}_bias": bias(ahead, actual)})
        bench.add(**{f"{name}_rmsse": float(np.nanmean(scaled)) if np.isfinite(scaled).any() else None})
    for name, ms in spent.items():
        value, reference = bench.figures[f"{name}_{measure}"], bench.figures[f"naive2_{measure}"]
        bench.instance(f"{name}_{measure}", value, ms=ms, reference=reference)


def _speed(bench, skus):
    """Forecast a made assortment: a third each of sparse, steady and seasonal demand of two years of weeks."""
    chance = np.random.default_rng(1)
    demand = np.empty((skus, WEEKS), dtype=np.float32)
    wave = 1 + 0.7 * np.sin(2 * np.pi * np.arange(WEEKS) / YEAR)
    for kind, rate in enumerate((0.3, 12.0, 30.0 * wave)):
        rows = demand[kind::3]
        rows[:] = chance.poisson(rate, rows.shape)
    start = time.perf_counter()
    kinds = forecast(demand, AHEAD, season=YEAR).kind
    bench.add(skus=skus, weeks=WEEKS, forecast_s=time.perf_counter() - start, peak_mb=peak_mb())
    bench.add(**{f"skus_{kind}": int((kinds == kind).sum()) for kind in np.unique(kinds)})

"""Forecasts of demand that mostly is zero: Croston, its Syntetos-Boylan correction, and Teunter-Syntetos-Babai."""

import numpy as np

from inventory.forecasting.demand import Matrix, early_means, flat, seen_counts

ALPHA = 0.1  # of sizes and intervals: Syntetos & Boylan 2005 find 0.05 to 0.2 best
SIZE, CHANCE = 0.1, 0.1  # TSB's constants
EARLY = 12


def croston(demand: Matrix, horizon: int, *, alpha: float = ALPHA) -> Matrix:
    """Return (series, horizon), pieces a period: smoothed size of a demand over smoothed interval between demands.

    demand: (series, periods) >= 0, NaN is skipped as if the period had not been. The size starts at the first
    demand, the interval at the mean one. A series without any demand has 0. Croston 1972.
    """
    count = np.count_nonzero(np.nan_to_num(demand) > 0, axis=1)
    interval = np.maximum(seen_counts(demand), 1) / np.maximum(count, 1)
    size, waited = np.zeros(len(demand)), np.ones(len(demand))
    for period in np.ascontiguousarray(demand.T):
        sold = period > 0  # False for NaN
        size = np.where(sold, np.where(size > 0, size + alpha * (period - size), period), size)
        interval = np.where(sold, interval + alpha * (waited - interval), interval)
        waited = np.where(sold, 1.0, waited + ~np.isnan(period))
    return flat(size / interval, horizon)


def sba(demand: Matrix, horizon: int, *, alpha: float = ALPHA) -> Matrix:
    """Return (series, horizon), pieces a period: Croston's forecast less its bias, a factor 1 - alpha / 2.

    Syntetos & Boylan 2005.
    """
    return croston(demand, horizon, alpha=alpha) * (1 - alpha / 2)


def tsb(demand: Matrix, horizon: int, *, size: float = SIZE, chance: float = CHANCE) -> Matrix:
    """Return (series, horizon), pieces a period: smoothed chance of a demand times its smoothed size.

    The chance falls in every period without demand, so what is dead goes to 0. It starts at its mean over
    the first 12 periods seen, the size at the mean of the first 12 demands. Teunter, Syntetos & Babai 2011.
    """
    sales = np.where(np.isnan(demand), np.nan, demand > 0)
    likely = early_means(sales, EARLY)
    pieces = early_means(np.where(demand > 0, demand, np.nan), EARLY)
    for period, sold in zip(np.ascontiguousarray(demand.T), np.ascontiguousarray(sales.T), strict=True):
        likely = likely + chance * np.nan_to_num(sold - likely)
        pieces = np.where(period > 0, pieces + size * (period - pieces), pieces)
    return flat(likely * pieces, horizon)

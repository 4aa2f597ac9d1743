"""How good a forecast was. One measure alone misleads: judge by RMSSE, bias and the service it led to."""

import numpy as np

from inventory.forecasting.demand import Matrix


def smape(forecast: Matrix, actual: Matrix) -> Matrix:
    """Return (series,): the symmetric mean absolute percentage error, 0 to 200; 0 where both are 0.

    200 |forecast - actual| / (|forecast| + |actual|), mean over the periods with an actual. Makridakis & Hibon 2000.
    """
    size = np.abs(forecast) + np.abs(actual)
    error = 200 * np.abs(forecast - actual) / np.where(size > 0, size, 1.0)
    return np.asarray(np.nansum(error, axis=1) / np.maximum((~np.isnan(actual)).sum(axis=1), 1))


def rmsse(forecast: Matrix, actual: Matrix, history: Matrix) -> Matrix:
    """Return (series,): the root of the mean squared error over that of "as the period before" in the history.

    NaN where the history never changed. Hyndman & Koehler 2006; Makridakis et al. 2022 (M5).
    """
    step = np.diff(history, axis=1) ** 2
    scale = np.nansum(step, axis=1) / np.maximum((~np.isnan(step)).sum(axis=1), 1)
    square = (forecast - actual) ** 2
    error = np.nansum(square, axis=1) / np.maximum((~np.isnan(square)).sum(axis=1), 1)
    return np.asarray(np.where(scale > 0, np.sqrt(error / np.where(scale > 0, scale, 1.0)), np.nan))


def bias(forecast: Matrix, actual: Matrix) -> float:
    """Return how much was forecast too much over all series, as a share of what was demanded; 0 without demand."""
    seen = ~np.isnan(actual)
    total = float(actual[seen].sum())
    return float(forecast[seen].sum() - total) / total if total else 0.0

"""Demand matrices: rows of different length aligned at their newest period, and what was seen of them."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Flags = NDArray[np.bool_]
# So many rows at a time: with a grid of parameters a row, this stays within the processor's caches.
CHUNK = 1024


def aligned(rows: Sequence[Sequence[float]]) -> Matrix:
    """Return (len(rows), longest row): each row right-aligned, NaN before its start."""
    width = max(map(len, rows), default=0)
    matrix = np.full((len(rows), width), np.nan)
    for position, row in enumerate(rows):
        matrix[position, width - len(row) :] = row
    return matrix


def chunks(count: int, size: int = CHUNK) -> Iterator[slice]:
    """Yield slices that cover `count` rows, `size` rows at a time."""
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))


def first_seen(demand: Matrix) -> NDArray[np.intp]:
    """Return (series,): the period of the first observation; 0 where there is none."""
    return np.argmax(~np.isnan(demand), axis=1)


def seen_counts(demand: Matrix) -> NDArray[np.intp]:
    """Return (series,): how many periods were observed."""
    return np.count_nonzero(~np.isnan(demand), axis=1)


def seen_means(demand: Matrix) -> Matrix:
    """Return (series,): the mean of the observed periods, pieces a period; 0 where none was."""
    return np.asarray(np.nansum(demand, axis=1) / np.maximum(seen_counts(demand), 1))


def early_means(demand: Matrix, periods: int) -> Matrix:
    """Return (series,): the mean of the first `periods` observed periods; 0 where none was."""
    seen = ~np.isnan(demand)
    early = seen & (np.cumsum(seen, axis=1) <= periods)
    return np.asarray(np.where(early, demand, 0.0).sum(axis=1) / np.maximum(early.sum(axis=1), 1))


def flat(level: Matrix, horizon: int) -> Matrix:
    """Return (series, horizon): `level` (series,) in every period to come."""
    return np.repeat(level[:, None], horizon, axis=1)


def line(demand: Matrix) -> tuple[Matrix, Matrix]:
    """Return the least squares line of each series: its value one period after the last, and its slope a period.

    Both are (series,). A series of one observation has slope 0, one of none is 0.
    """
    seen = ~np.isnan(demand)
    count = np.maximum(seen.sum(axis=1), 1)
    period = np.where(seen, np.arange(demand.shape[1]), 0.0)
    middle = period.sum(axis=1) / count
    mean = np.where(seen, demand, 0.0).sum(axis=1) / count
    away = np.where(seen, period - middle[:, None], 0.0)
    square = (away * away).sum(axis=1)
    slope = (away * np.where(seen, demand - mean[:, None], 0.0)).sum(axis=1) / np.where(square > 0, square, 1.0)
    return mean + slope * (demand.shape[1] - middle), slope

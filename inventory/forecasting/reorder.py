"""Reorder points: how much must be on hand or on its way when buying, so that the wait for it is survived."""

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from inventory.forecasting.demand import Flags, Matrix, chunks

Pieces = NDArray[np.int64]
# Demand of more pieces in a lead time is continuous for all purposes, and the recursion's first term too small.
LARGE = 400.0
DISPERSED = 1.001  # variance over mean, at least: at 1 the negative binomial is the Poisson distribution
LEAST_MEAN = 1e-9
TAIL = 1e-9  # probability beyond which a distribution is not followed


def reorder_points(mean: Matrix, variance: Matrix, *, service: Matrix | float) -> Pieces:
    """Return (series,) pieces: the least stock that covers the demand of a lead time with the chance `service`.

    mean, variance: (series,) of the demand of a whole lead time (a period's variance times its periods);
    service: 0 to below 1, of each series or all. Demand is negative binomial, its quantile by recursion of the
    probabilities; where more than 400 pieces are expected, gamma. Variance below the mean counts as Poisson's.
    Syntetos & Boylan 2006; Snyder, Ord & Beaumont 2012.
    """
    service = np.broadcast_to(np.asarray(service, dtype=float), np.shape(mean))
    mean = np.maximum(mean, 0.0)
    variance = np.maximum(variance, mean * DISPERSED)
    large = mean > LARGE
    points = np.zeros(np.shape(mean), dtype=np.int64)
    points[large] = _gamma(mean[large], variance[large], service[large])
    points[~large] = _negative_binomial(mean[~large], variance[~large], service[~large])
    return points


def poisson_points(mean: Matrix, *, service: Matrix | float) -> Pieces:
    """Return (series,) pieces as `reorder_points` would for Poisson demand of `mean`: the baseline of slow movers."""
    return reorder_points(mean, np.zeros_like(mean), service=service)


def normal_points(mean: Matrix, variance: Matrix, *, service: float) -> Pieces:
    """Return (series,) pieces: mean and safety stock of normal demand, rounded up: the textbooks' baseline."""
    safety = NormalDist().inv_cdf(service) * np.sqrt(np.maximum(variance, 0.0))
    return np.asarray(np.maximum(np.ceil(mean + safety), 0), dtype=np.int64)


def empirical_points(demand: Matrix, periods: int, *, service: float) -> Pieces:
    """Return (series,) pieces: the quantile of the sums of `periods` periods in a row of demand (series, periods)."""
    sums = np.lib.stride_tricks.sliding_window_view(np.nan_to_num(demand), periods, axis=1).sum(axis=2)
    return np.asarray(np.ceil(np.quantile(sums, service, axis=1, method="inverted_cdf")), dtype=np.int64)


def probabilities(mean: Matrix, variance: Matrix, *, most: int) -> Matrix:
    """Return (series, most + 1): the negative binomial chance of a demand of 0, 1, ... `most` pieces.

    p(k) = p(k - 1) (r + k - 1) / k q, with q = 1 - mean / variance and r = mean^2 / (variance - mean).
    """
    mean = np.maximum(mean, LEAST_MEAN)
    shape, rest = _shape(mean, np.maximum(variance, mean * DISPERSED))
    chances = np.empty((len(mean), most + 1))
    chances[:, 0] = np.exp(shape * np.log1p(-rest))
    for pieces in range(1, most + 1):
        chances[:, pieces] = chances[:, pieces - 1] * (shape + pieces - 1) / pieces * rest
    return chances


def _shape(mean: Matrix, variance: Matrix) -> tuple[Matrix, Matrix]:
    return mean * mean / (variance - mean), 1 - mean / variance


def _negative_binomial(mean: Matrix, variance: Matrix, service: Matrix) -> Pieces:
    points = np.zeros(len(mean), dtype=np.int64)
    for rows in chunks(len(mean), 16_384):
        points[rows] = _recursion(mean[rows], variance[rows], service[rows])
    return points


def _recursion(mean: Matrix, variance: Matrix, service: Matrix) -> Pieces:
    """Add up probabilities until they reach the service; series that are done drop out of the loop."""
    points = np.zeros(len(mean), dtype=np.int64)
    open_ = np.flatnonzero(mean > LEAST_MEAN)
    shape, rest = _shape(mean[open_], variance[open_])
    chance = np.exp(shape * np.log1p(-rest))
    covered = chance.copy()
    pieces = 0
    while len(open_):
        wanting: Flags = covered < np.minimum(service[open_], 1 - TAIL)
        points[open_[~wanting]] = pieces
        open_, shape, rest = open_[wanting], shape[wanting], rest[wanting]
        chance, covered = chance[wanting], covered[wanting]
        pieces += 1
        chance = chance * (shape + pieces - 1) / pieces * rest
        covered = covered + chance
    return points


def _gamma(mean: Matrix, variance: Matrix, service: Matrix) -> Pieces:
    """Return the gamma quantile, rounded up: Wilson & Hilferty 1931, good where it is below the mean."""
    normal = np.array([NormalDist().inv_cdf(min(max(level, TAIL), 1 - TAIL)) for level in service])
    ninth = variance / (mean * mean) / 9
    root = 1 - ninth + normal * np.sqrt(ninth)
    return np.asarray(np.ceil(mean * np.maximum(root, 0.0) ** 3), dtype=np.int64)

"""How much to buy: economic quantities in whole packs, classes by value, and what a budget leaves out."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from inventory.forecasting.demand import Flags, Matrix
from inventory.forecasting.reorder import Pieces

SHARES = {"A": 0.8, "B": 0.95, "C": 1.0}  # of the value sold, cumulated: the usual cut
SERVICE = {"A": 0.97, "B": 0.95, "C": 0.90}


def economic_quantities(yearly: Matrix, *, order_cost: float, unit_cost: Matrix, holding: float) -> Matrix:
    """Return (series,) pieces: the order quantity at which ordering and holding cost the same, at least 1.

    yearly (series,): pieces a year; order_cost: money an order line; unit_cost (series,): money a piece; holding: share
    of its value that a piece in stock costs a year, above 0. sqrt(2 yearly order_cost / (unit_cost holding)). Harris
    1913. What costs nothing is bought for a year.
    """
    free = unit_cost <= 0
    root = np.sqrt(2 * np.maximum(yearly, 0) * order_cost / (np.where(free, 1.0, unit_cost) * holding))
    return np.maximum(np.where(free, yearly, np.minimum(root, np.maximum(yearly, 1))), 1.0)


def packed(wanted: Matrix, *, least: Matrix | float = 1, pack: Matrix | float = 1) -> Pieces:
    """Return (series,) pieces: `wanted`, raised to the supplier's minimum `least` and up to whole packs of `pack`.

    Nothing (or less) wanted stays 0.
    """
    amount = np.maximum(np.ceil(wanted), least)
    whole = np.ceil(amount / np.maximum(pack, 1)) * np.maximum(pack, 1)
    return np.asarray(np.where(np.asarray(wanted) > 0, whole, 0), dtype=np.int64)


def abc(value: Matrix, shares: Mapping[str, float] = SHARES) -> NDArray[np.str_]:
    """Return (series,) of class names: by `value` sold (series,), largest first, cut where its sum passes each share.

    The series that passes a share still belongs to the class before it. Without any value all are of the last.
    """
    names = np.array(list(shares))
    total = float(value.sum())
    classes = np.full(len(value), names[-1])
    if total > 0:
        order = np.argsort(-value, kind="stable")
        before = (np.cumsum(value[order]) - value[order]) / total
        cuts = np.array(list(shares.values()))
        classes[order] = names[np.minimum(np.searchsorted(cuts, before, side="right"), len(names) - 1)]
    return classes


def within_budget(cost: Matrix, saved: Matrix, *, budget: float) -> Flags:
    """Return (proposals,): which to buy with `budget` money, those first that save the most lost sales per money.

    cost (proposals,): money of each; saved (proposals,): money of sales that would be lost without it. What does not
    fit any more is passed over for smaller ones. Greedy for the knapsack, Dantzig 1957; what costs nothing is bought.
    """
    rank = np.argsort(-np.where(cost > 0, saved / np.where(cost > 0, cost, 1.0), np.inf), kind="stable")
    bought = np.zeros(len(cost), dtype=bool)
    left = budget
    for proposal in rank:
        if cost[proposal] <= left:
            bought[proposal] = True
            left -= float(cost[proposal])
    return bought


def expected_lost(mean: Matrix, variance: Matrix, position: Matrix) -> Matrix:
    """Return (series,) pieces expected short in a lead time of `mean` and `variance` that `position` must cover.

    The normal loss function, sd (pdf(z) - z (1 - cdf(z))), z = (position - mean) / sd. Silver, Pyke & Thomas 2017.
    """
    deviation = np.sqrt(np.maximum(variance, 1e-12))
    z = np.clip((position - mean) / deviation, -30, 30)
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    return np.maximum(deviation * (density - z * _above(z)), 0.0)


def _above(z: Matrix) -> Matrix:
    """Return the chance of a standard normal above z: Abramowitz & Stegun 26.2.17, error below 1e-7."""
    t = 1 / (1 + 0.2316419 * np.abs(z))
    terms = (0.319381530, -0.356563782, 1.781477937, -1.821255978, 1.330274429)
    tail = np.exp(-z * z / 2) / np.sqrt(2 * np.pi) * sum(term * t ** (power + 1) for power, term in enumerate(terms))
    return np.asarray(np.where(z >= 0, tail, 1 - tail))

"""The exact assignment of a few lines to any number of sites, for many orders at once.

A plan is a partition of the lines into groups that travel together: each group goes to the site where opening it
and its lines cost least, and the cheapest partition is the optimum; where two groups would meet in one site,
the partition that joins them is cheaper still. Six lines have 63 groups and 203 partitions, so a thousand orders
are one product of small matrices: this prices plans for column generation, where duals are part of the costs.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

MOST_LINES = 6
NOWHERE = -1
Numbers = NDArray[np.float64]
Places = NDArray[np.intp]
# Orders are taken in blocks, so that the table of groups and sites stays in the processor's cache.
BLOCK_NUMBERS = 200_000


def assign(fixed: Numbers, cost: Numbers, free: Numbers) -> tuple[Numbers, Places]:
    """Return (total, site) of the cheapest plans: float[order], intp[order, line]; NOWHERE is a line's `free`.

    `fixed` [order, site] is what opening a site costs, `cost` [order, line, site] what a line costs from it,
    `free` [order, line] what it costs to open none for it. At most MOST_LINES lines; inf is not allowed.
    """
    orders, lines, sites = cost.shape
    step = max(1, BLOCK_NUMBERS // (2**lines * sites))
    blocks = [_assign(fixed[i : i + step], cost[i : i + step], free[i : i + step]) for i in range(0, orders, step)]
    totals, places = zip(*blocks, strict=True)
    return np.concatenate(totals), np.concatenate(places)


def _assign(fixed: Numbers, cost: Numbers, free: Numbers) -> tuple[Numbers, Places]:
    groups, alone, partitions, group_of = _tables(cost.shape[1])
    sums = groups @ cost + fixed[:, None, :]
    at = sums.argmin(2)
    best = np.take_along_axis(sums, at[:, :, None], 2)[:, :, 0]
    cheaper = free < best[:, alone]
    best[:, alone] = np.where(cheaper, free, best[:, alone])
    at[:, alone] = np.where(cheaper, NOWHERE, at[:, alone])
    totals = best @ partitions.T
    choice = totals.argmin(1)
    rows = np.arange(len(cost))
    return totals[rows, choice], at[rows[:, None], group_of[choice]]


@lru_cache(maxsize=MOST_LINES)
def _tables(lines: int) -> tuple[Numbers, Places, Numbers, Places]:
    """Return which lines a group has, the groups of one line, which groups a partition has, the group of each line."""
    groups = np.array([[mask >> line & 1 for line in range(lines)] for mask in range(1, 2**lines)], dtype=float)
    alone = np.array([2**line - 1 for line in range(lines)])
    masks = _partitions(2**lines - 1)
    partitions = np.zeros((len(masks), len(groups)))
    group_of = np.zeros((len(masks), lines), dtype=np.intp)
    for row, partition in enumerate(masks):
        for mask in partition:
            partitions[row, mask - 1] = 1
            group_of[row, [line for line in range(lines) if mask >> line & 1]] = mask - 1
    return groups, alone, partitions, group_of


def _partitions(mask: int) -> list[list[int]]:
    """Return all partitions of a set of lines as lists of masks: the lowest line goes with every subset of the rest."""
    if not mask:
        return [[]]
    lowest = mask & -mask
    rest = part = mask ^ lowest
    found = []
    while True:
        found += [[lowest | part, *others] for others in _partitions(rest ^ part)]
        if not part:
            return found
        part = (part - 1) & rest

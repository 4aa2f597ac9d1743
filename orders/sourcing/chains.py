"""Which orders of a better solution must move together: those that give each other pieces."""

from collections import defaultdict

import numpy as np

from orders.sourcing.batch import Batch
from orders.sourcing.groups import NOWHERE, Places

# Gains below half a unit of money are rounding.
LEAST_GAIN = 0.5


def chains(batch: Batch, old: Places, new: Places) -> list[list[int]]:
    """Return the orders that move from solution `old` to `new` [line], in groups of which each is worth its while.

    A group goes whole or not at all: it takes no piece that is not there now or given up within it, and costs less
    than before. Whatever other groups do, each can be carried out. Capacities are not looked at.
    """
    moved = np.flatnonzero(old != new)
    root = {int(order): int(order) for order in batch.order[moved]}

    def find(order: int) -> int:
        while root[order] != order:
            order = root[order]
        return order

    for lines in _tight(batch, old, new, moved):
        first, *others = (find(int(order)) for order in batch.order[lines])
        for other in others:
            root[find(other)] = find(first)
    groups: dict[int, list[int]] = defaultdict(list)
    for order in root:
        groups[find(order)].append(order)
    gain = batch.by_order(old) - batch.by_order(new)
    return [sorted(group) for group in groups.values() if gain[group].sum() > LEAST_GAIN]


def _tight(batch: Batch, old: Places, new: Places, moved: Places) -> list[list[int]]:
    """Return the lines that come and go at each level where more pieces come than are free now."""
    spare, _ = batch.left(old)
    lines: dict[tuple[int, int], list[int]] = defaultdict(list)
    come: dict[tuple[int, int], int] = defaultdict(int)
    for line in moved.tolist():
        sku = int(batch.sku[line])
        for site in {int(old[line]), int(new[line])} - {NOWHERE}:
            lines[sku, site].append(line)
        if new[line] != NOWHERE:
            come[sku, int(new[line])] += int(batch.pieces[line])
    return [lines[level] for level, pieces in come.items() if pieces > spare[level]]

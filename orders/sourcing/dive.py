"""Rounding by diving: take the plans that the linear programme is sure of, solve it again for the rest, and so on."""

import time

import numpy as np
from numpy.typing import NDArray

from orders.sourcing.batch import Batch, Pricing
from orders.sourcing.columns import Master
from orders.sourcing.groups import NOWHERE, Numbers, Places
from orders.sourcing.sequence import Shelf

# A dive fixes whole columns, and the largest of the others, a tenth of the parts each time.
WHOLE = 0.97
SHARE = 0.1
UNTIL = 0.8
# A column of which less is taken says nothing.
LEAST = 0.05


def dive(batch: Batch, plans: list[Places], *, until: float) -> Places:
    """Return a solution, site [line], out of the columns in `plans` and those found on the way.

    Orders that are left when four fifths are fixed, or at the process time `until`, come one after the other.
    """
    pricing = Pricing(batch)
    master = Master(batch, pricing.part)
    for site in [np.full(len(batch.order), NOWHERE), *plans]:
        master.add(site)
    shelf = Shelf(batch, np.full(len(batch.order), NOWHERE))
    free = np.ones(master.parts, dtype=bool)
    while free.mean() > 1 - UNTIL and time.process_time() < until:
        shares, stock, capacity = master.shares()
        if not _fix(master, shares, shelf, free):
            break
        pricing.limit(shelf.stock, shelf.capacity)
        master.add(pricing(stock, capacity)[1], np.flatnonzero(free))
    for part in np.flatnonzero(free):
        shelf.insert(np.arange(master.start[part], master.start[part + 1]))
    return shelf.site


def _fix(master: Master, shares: Numbers, shelf: Shelf, free: NDArray[np.bool_]) -> int:
    """Take the largest columns of free parts, as far as there is stock; returns how many."""
    most, fixed = max(10, int(SHARE * len(free))), 0
    for column in np.argsort(-shares, kind="stable"):
        part = master.column_part[column]
        if shares[column] < (WHOLE if fixed >= most else LEAST):
            break
        lines, sites = master.plan(int(column))
        if free[part] and shelf.fits(lines, sites):
            shelf.put(lines, sites)
            master.fix(int(column))
            free[part] = False
            fixed += 1
    return fixed

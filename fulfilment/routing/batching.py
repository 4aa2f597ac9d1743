"""Which orders to pick on one walk, so that all walks together are short.

Savings of Clarke & Wright in variant (ii), made anew after each merge (de Koster, van der Poort & Wolters 1999), then
annealed shifts and swaps (Žulj, Kramer & Schneider 2018), each walk priced by an oracle. A batch is the union of the
places of its orders.
"""

import random
import time

import numpy as np

from fulfilment.routing.annealing import Annealing
from fulfilment.routing.oracle import Oracle
from fulfilment.routing.savings import by_savings
from fulfilment.routing.work import Batches, Work, priced


def batch(work: Work, oracle: Oracle, *, seconds: float = 1.0, seed: int = 0) -> Batches:
    """Return Batches of all orders: savings first, annealed for the rest of `seconds`."""
    until = time.monotonic() + seconds
    found = by_savings(work, oracle)
    if len(found.orders) > 1:
        found = Annealing(work, oracle, found, random.Random(seed)).run(until)
    return found


def first_come(work: Work, oracle: Oracle) -> Batches:
    """Return the baseline: orders as they come, a new walk when the next does not fit."""
    orders: list[list[int]] = []
    left = np.zeros_like(work.capacity)
    for order, load in enumerate(work.load):
        if not orders or (load > left).any():
            orders.append([])
            left = work.capacity.copy()
        orders[-1].append(order)
        left = left - load
    return priced(work, oracle, orders)

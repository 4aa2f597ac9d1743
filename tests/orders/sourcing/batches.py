"""Small batches that can be solved by trying everything."""

from dataclasses import replace
from itertools import product

import numpy as np

from oms.management.bench.sourcing_orders import make_batch
from orders.sourcing.batch import violations
from orders.sourcing.groups import NOWHERE


def tiny(seed, *, orders=3, locations=3):
    """A batch of so few lines that everything can be tried, with too little of everything."""
    return make_batch(orders, locations, seed=seed, lines=2, supply=0.9, room=0.6)


def repeated(batch):
    """The same batch, but that the second line of each order wants the SKU of the first, too."""
    first = np.searchsorted(batch.order, batch.order)
    return replace(batch, sku=np.where(np.arange(len(first)) == first + 1, batch.sku[first], batch.sku))


def plenty(seed):
    """A batch of sixty orders for which every location has enough of everything, at a price that is worth it."""
    batch = make_batch(60, 8, seed=seed)
    stock, capacity = np.full_like(batch.stock, 500), np.full_like(batch.capacity, 500)
    return replace(batch, stock=stock, capacity=capacity, missing=batch.missing * 10)


def optimum(batch):
    """The least cost of all assignments that violate nothing."""
    choices = range(NOWHERE, len(batch.capacity))
    solutions = (np.array(choice) for choice in product(choices, repeat=len(batch.order)))
    return min(batch.total(site) for site in solutions if not violations(batch, site))

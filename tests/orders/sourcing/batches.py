"""Small batches that can be solved by trying everything."""

from itertools import product

import numpy as np

from oms.management.bench.sourcing_orders import make_batch
from orders.sourcing.batch import violations
from orders.sourcing.groups import NOWHERE


def tiny(seed, *, orders=3, locations=3):
    """A batch of so few lines that everything can be tried, with too little of everything."""
    return make_batch(orders, locations, seed=seed, lines=2, supply=0.9, room=0.6)


def optimum(batch):
    """The least cost of all assignments that violate nothing."""
    choices = range(NOWHERE, len(batch.capacity))
    solutions = (np.array(choice) for choice in product(choices, repeat=len(batch.order)))
    return min(batch.total(site) for site in solutions if not violations(batch, site))

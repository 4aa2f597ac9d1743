import time

import numpy as np

from oms.management.bench.sourcing_orders import make_batch
from orders.sourcing.ascent import ascend
from orders.sourcing.batch import violations
from orders.sourcing.dive import dive
from orders.sourcing.groups import NOWHERE
from orders.sourcing.nearby import improved
from orders.sourcing.scarce import bound, naive
from tests.orders.sourcing.batches import plenty


def test_a_dive_is_far_better_than_the_rules_it_starts_from():
    batch = make_batch(200, 15, seed=2)
    best = min(map(batch.total, naive(batch)))
    _, plans = ascend(batch, upper=best)
    site = dive(batch, plans, until=time.process_time() + 5)
    assert violations(batch, site) == []
    assert batch.total(site) < best * 0.97


def test_out_of_time_a_dive_still_serves_what_there_is():
    batch = plenty(2)
    site = dive(batch, [], until=0)
    assert violations(batch, site) == []
    assert NOWHERE not in site


def test_neighbourhoods_bring_the_naive_solution_near_the_bound():
    batch = make_batch(200, 15, seed=2)
    start = min(naive(batch), key=batch.total)
    prices, _ = ascend(batch, upper=batch.total(start))
    site = improved(batch, start, prices, until=time.process_time() + 1.5, seed=1)
    assert violations(batch, site) == []
    assert batch.total(site) < bound(batch) * 1.06 < batch.total(start)


def test_out_of_time_nothing_is_changed():
    batch = make_batch(60, 8, seed=2)
    start = naive(batch)[0]
    prices, _ = ascend(batch, upper=batch.total(start))
    assert np.array_equal(improved(batch, start, prices, until=0, seed=1), start)

from dataclasses import replace

import numpy as np
import pytest

from oms.management.bench.sourcing_orders import make_batch
from orders.sourcing.batch import violations
from orders.sourcing.chains import chains
from orders.sourcing.groups import NOWHERE
from orders.sourcing.scarce import naive, solve


@pytest.mark.parametrize("seed", range(3))
def test_each_group_alone_can_be_carried_out_and_costs_less(seed):
    batch = make_batch(60, 8, seed=seed)
    batch = replace(batch, capacity=np.full_like(batch.capacity, 500))
    old = naive(batch)[0]
    new = solve(batch, start=old, seconds=1.0)
    groups = chains(batch, old, new)
    assert groups
    for group in groups:
        site = np.where(np.isin(batch.order, group), new, old)
        assert violations(batch, site) == []
        assert batch.total(site) < batch.total(old)
    assert len({order for group in groups for order in group}) == sum(map(len, groups))


def test_who_gives_up_a_piece_goes_with_who_takes_it():
    batch = replace(
        make_batch(2, 1, seed=1, lines=1),
        sku=np.array([0, 0]),
        pieces=np.array([1, 1]),
        stock=np.array([[1]]),
        missing=np.array([1e5, 1e6]),
    )
    old, new = np.array([0, NOWHERE]), np.array([NOWHERE, 0])
    assert chains(batch, old, new) == [[0, 1]]
    assert chains(batch, new, old) == [], "worse is not done"
    assert chains(replace(batch, stock=np.array([[2]])), old, new) == [[1]], "where there is enough, only who gains"

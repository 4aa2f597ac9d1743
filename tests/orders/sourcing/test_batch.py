from dataclasses import replace

import numpy as np
import pytest

from oms.management.bench.sourcing_orders import make_batch
from orders.sourcing.batch import Batch, Pricing, violations
from orders.sourcing.groups import MOST_LINES, NOWHERE
from orders.sourcing.subsets import NEVER


@pytest.fixture
def batch():
    """Two orders: the first of two lines, the second of one line of the same SKU; two sites."""
    return Batch(
        order=np.array([0, 0, 1]),
        sku=np.array([0, 1, 0]),
        pieces=np.array([2, 1, 1]),
        fixed=np.array([[10.0, 20.0], [30.0, 40.0]]),
        cost=np.array([[1.0, 2.0], [3.0, NEVER], [5.0, 6.0]]),
        missing=np.array([100.0, 200.0, 300.0]),
        stock=np.array([[2, 3], [1, 1]]),
        capacity=np.array([1, 2]),
    )


def test_a_parcel_is_paid_once_however_many_lines_it_has(batch):
    assert list(batch.by_order(np.array([0, 0, 1]))) == [14, 46]
    assert batch.total(np.array([1, 0, NOWHERE])) == 20 + 2 + 10 + 3 + 300
    stock, capacity = batch.left(np.array([0, 0, 1]))
    assert (stock.tolist(), capacity.tolist()) == ([[0, 2], [0, 1]], [0, 1])


@pytest.mark.parametrize(
    ("site", "wrong"),
    [
        ([0, 0, 1], []),
        ([NOWHERE, NOWHERE, NOWHERE], []),
        ([0, 0, 0], ["SKU 0 at site 0: 3 pieces of 2", "site 0: 2 parcels of 1"]),
        ([1, 1, 1], ["line 1 may not come from site 1"]),
        ([2, 0, 1], ["line 0 may not come from site 2"]),
        ([0, 0], ["2 of 3 lines have an answer"]),
    ],
)
def test_checker_names_what_is_wrong(batch, site, wrong):
    assert violations(batch, np.array(site)) == wrong


def test_pricing_uses_no_site_that_has_too_little(batch):
    scarce = replace(batch, stock=np.array([[0, 3], [1, 1]]))
    totals, site = Pricing(scarce)(np.zeros((2, 2)), np.zeros(2))
    assert (site.tolist(), totals.tolist()) == ([1, 0, 1], [35, 0, 46])


def test_prices_move_orders_elsewhere(batch):
    assert Pricing(batch)(np.zeros((2, 2)), np.zeros(2))[1].tolist() == [0, 0, 0]
    assert Pricing(batch)(np.array([[12.0, 0.0], [0.0, 0.0]]), np.zeros(2))[1].tolist() == [1, 0, 1]


def test_long_order_is_planned_a_few_lines_at_a_time():
    batch = make_batch(3, 6, seed=1, lines=MOST_LINES + 3)
    pricing = Pricing(batch)
    assert np.bincount(pricing.part).tolist() == [MOST_LINES, 3] * 3
    _, site = pricing(np.zeros(batch.stock.shape), np.zeros(6))
    assert not any("may not" in words for words in violations(batch, site))


def test_some_orders_of_a_batch_cost_what_they_cost_in_it():
    batch = make_batch(20, 6, seed=2)
    some, lines = batch.only(np.array([3, 7, 11]), batch.stock, batch.capacity)
    site = np.zeros(len(batch.order), dtype=int)
    assert some.total(site[lines]) == batch.by_order(site)[[3, 7, 11]].sum()

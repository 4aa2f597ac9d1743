import pytest

from oms.management.bench.sourcing_orders import make_batch
from orders.sourcing.batch import violations
from orders.sourcing.groups import NOWHERE
from orders.sourcing.scarce import bound, naive, solve
from tests.orders.sourcing.batches import optimum, repeated, tiny


@pytest.mark.parametrize("seed", range(4))
def test_small_batches_are_solved_to_the_optimum_or_nearly(seed):
    batch = tiny(seed)
    site, least = solve(batch, seconds=0.5), optimum(batch)
    assert violations(batch, site) == []
    assert bound(batch) - 1e-6 <= least <= batch.total(site) <= least * 1.02


@pytest.mark.parametrize("seed", [1, 2])
def test_scarce_stock_is_shared_better_than_by_the_naive_rules(seed):
    batch = make_batch(120, 15, seed=seed)
    site, least = solve(batch, seconds=0.7), bound(batch)
    assert violations(batch, site) == []
    assert least <= batch.total(site) <= least * 1.06
    assert batch.total(site) < min(map(batch.total, naive(batch)))


@pytest.mark.parametrize("seed", range(4))
def test_an_order_may_name_a_sku_twice(seed):
    """As one does of which some pieces are reserved and the others wait."""
    batch = repeated(tiny(seed))
    site, least = solve(batch, seconds=0.5), optimum(batch)
    assert violations(batch, site) == []
    assert bound(batch) - 1e-6 <= least <= batch.total(site) <= least * 1.02
    many = repeated(make_batch(60, 8, seed=seed))
    assert all(violations(many, site) == [] for site in [*naive(many), solve(many, seconds=0.3)])


def test_chunks_share_what_there_is_and_are_no_worse_than_the_naive_rules():
    batch = make_batch(150, 12, seed=4)
    site = solve(batch, seconds=0.3, chunk=50)
    assert violations(batch, site) == []
    assert bound(batch) <= batch.total(site) <= min(map(batch.total, naive(batch)))


def test_orders_that_matter_more_wait_less():
    """The penalty of waiting grows with the priority, so pieces that are short go to the first class."""
    batch = make_batch(120, 10, seed=6, lines=2, supply=0.7)
    waits = solve(batch, seconds=0.3) == NOWHERE
    vip = batch.missing > batch.missing.min()
    assert waits[vip].mean() < waits[~vip].mean() / 2


def test_long_orders_are_solved_too():
    batch = make_batch(12, 6, seed=7, lines=9)
    site = solve(batch, seconds=0.2)
    assert violations(batch, site) == []
    assert batch.total(site) <= min(map(batch.total, naive(batch)))


def test_it_is_no_worse_than_what_one_has_already():
    batch = make_batch(60, 10, seed=3)
    start = solve(batch, seconds=2.0)
    site = solve(batch, start=start, seconds=0.0)
    assert violations(batch, site) == []
    assert batch.total(site) <= batch.total(start) < min(map(batch.total, naive(batch)))

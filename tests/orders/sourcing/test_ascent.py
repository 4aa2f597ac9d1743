from oms.management.bench.sourcing_orders import make_batch
from orders.sourcing.ascent import KEPT, ascend
from orders.sourcing.scarce import bound, naive
from tests.orders.sourcing.batches import optimum, plenty, tiny


def test_the_prices_prove_nearly_what_the_linear_programme_does_and_never_more():
    batch = make_batch(200, 15, seed=1)
    least = bound(batch)
    prices, plans = ascend(batch, upper=min(map(batch.total, naive(batch))))
    assert least * 0.985 < prices.bound <= least * 1.0002
    assert len(plans) == KEPT


def test_no_solution_costs_less_than_the_bound():
    batch = tiny(2)
    prices, _ = ascend(batch, upper=batch.total(naive(batch)[0]))
    assert prices.bound <= optimum(batch) + 1e-6


def test_only_what_is_scarce_has_a_price():
    batch = plenty(5)
    prices, _ = ascend(batch, upper=min(map(batch.total, naive(batch))))
    scarce = make_batch(60, 8, seed=5, supply=0.8)
    dear, _ = ascend(scarce, upper=min(map(scarce.total, naive(scarce))))
    assert prices.stock.sum() == prices.capacity.sum() == 0
    assert dear.stock.sum() > 0
    assert dear.capacity.sum() > 0

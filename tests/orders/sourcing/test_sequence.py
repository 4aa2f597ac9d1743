import numpy as np
import pytest

from oms.management.bench.sourcing_orders import make_batch
from orders.sourcing.batch import violations
from orders.sourcing.groups import NOWHERE
from orders.sourcing.sequence import first_come, most_coverage, reinserted


@pytest.mark.parametrize("rule", [first_come, most_coverage])
@pytest.mark.parametrize("lines", [2, 8])
def test_naive_rules_never_take_what_is_not_there(rule, lines):
    batch = make_batch(60, 8, seed=5, lines=lines, supply=0.8, room=0.7)
    site = rule(batch)
    assert violations(batch, site) == []
    assert 0 < (site == NOWHERE).mean() < 0.7


def test_first_come_serves_the_first_best():
    batch = make_batch(30, 8, seed=5)
    alone, lines = batch.only(np.array([0]), batch.stock, batch.capacity)
    assert batch.by_order(first_come(batch))[0] == alone.total(first_come(alone))


@pytest.mark.parametrize("seed", range(5))
def test_reinsertion_only_mends(seed):
    batch = make_batch(60, 8, seed=seed, supply=0.9)
    nothing = np.full(len(batch.order), NOWHERE)
    for site in (nothing, first_come(batch), most_coverage(batch)):
        mended = reinserted(batch, site)
        assert violations(batch, mended) == []
        assert batch.total(mended) <= batch.total(site)
    assert batch.total(reinserted(batch, nothing)) < batch.total(nothing)

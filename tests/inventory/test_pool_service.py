"""A class that keeps its service together: less money in stock, the same service in the mean."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Proposal, ReorderPolicy
from inventory.services.explain_proposal import words
from inventory.services.pool_service import pool
from inventory.services.propose import propose
from inventory.services.replenish import run, start
from tests.deliver import deliver
from tests.inventory.planning import make_known, this_week

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods():
    """Slow movers of one class, dear and cheap ones by turns."""
    made = []
    for number in range(6):
        sku = make_known(left=0, weekly=1, weeks=8)
        sku.unit_cost = Decimal(50 if number % 2 else 2)
        sku.save()
        sku.suppliers.get().prices.update(cost=sku.unit_cost)
        made.append(sku)
    return made


def points():
    return {row.sku_id: row.reason["reorder_point"] for row in Proposal.objects.open()}


def test_service_is_bought_with_what_is_cheap(goods):
    policy = ReorderPolicy.objects.create(service_percent=97)
    run(is_automatic=False)
    alone = points()
    policy.method = "pooled"
    policy.save()
    run(is_automatic=False)
    policy.refresh_from_db()
    assert 0 < policy.pooled_worth < 1
    together = points()
    cheap, dear = {sku.pk for sku in goods[::2]}, {sku.pk for sku in goods[1::2]}
    assert all(together[pk] < alone[pk] for pk in dear)
    assert min(together[pk] for pk in cheap) > max(together[pk] for pk in dear)


def test_the_proposal_says_what_decided(goods):
    ReorderPolicy.objects.create(method="pooled")
    run(is_automatic=False)
    row = Proposal.objects.open().first()
    assert any(
        f"worth its cost. One of this is with a chance of {row.reason['worth']:.1%}" in text for text in words(row)
    )


def test_twice_in_a_night_says_the_same(goods):
    policy = ReorderPolicy.objects.create(method="pooled")
    run(is_automatic=False)
    policy.refresh_from_db()
    before = policy.pooled_worth, policy.pooled_dispersion
    assert run(is_automatic=False)["changed"] == 0
    policy.refresh_from_db()
    assert (policy.pooled_worth, policy.pooled_dispersion) == before


def test_the_workers_do_the_same_step_by_step(goods):
    policy = ReorderPolicy.objects.create(method="pooled")
    start()
    deliver("inventory.tasks.replenish_step")
    policy.refresh_from_db()
    assert policy.pooled_worth is not None
    assert Proposal.objects.open().first().reason["worth"] is not None


def test_a_policy_that_no_night_has_seen_serves_each_alone(goods):
    run(is_automatic=False)
    alone = points()
    ReorderPolicy.objects.create(method="pooled")
    propose(sorted(points()), week=this_week())
    assert points() == alone


def test_without_goods_that_sell_nothing_is_decided():
    policy = ReorderPolicy.objects.create(method="pooled")
    pool(this_week())
    policy.refresh_from_db()
    assert (policy.pooled_worth, policy.pooled_dispersion) == (None, None)


def test_without_such_a_policy_one_question_is_asked(goods):
    with CaptureQueriesContext(connection) as asked:
        pool(this_week())
    assert len([query for query in asked if "SELECT" in query["sql"]]) == 1

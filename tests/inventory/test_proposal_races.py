"""Buyers who press the same button: one order comes of it."""

import pytest

from inventory.models import Proposal, PurchaseOrder
from inventory.services import decide_proposal
from oms.lib.errors import DomainError
from tests.inventory.planning import make_proposal
from tests.race import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
BUYERS = 4


@pytest.fixture
def row():
    return make_proposal(weeks=8)


def accepted(row):
    try:
        decide_proposal.accept({row.pk: None}, actor="user:1")
    except DomainError:
        return False
    return True


def test_one_proposal_becomes_one_order(row):
    assert sum(race(lambda number: accepted(row), BUYERS)) == 1
    assert PurchaseOrder.objects.count() == 1


def test_an_acceptance_or_a_decline_but_not_both(row):
    def decide(number):
        if number % 2:
            return accepted(row)
        try:
            return bool(decide_proposal.decline(row.pk, reason="not now", actor="user:2"))
        except DomainError:
            return False

    assert sum(race(decide, BUYERS)) == 1
    row.refresh_from_db()
    assert PurchaseOrder.objects.exists() == (row.status == Proposal.Status.ACCEPTED)

"""One corruption of an accepted proposal for each check, past the services."""

import pytest

from inventory.models import PurchaseLine, PurchaseOrder
from inventory.services import decide_proposal, draft_purchase
from oms.lib import doctor
from tests.inventory.planning import make_proposal
from tests.make import make_location

pytestmark = [pytest.mark.django_db, pytest.mark.corrupt]


@pytest.fixture
def order():
    row = make_proposal()
    [made], _ = decide_proposal.accept({row.pk: None}, actor="user:1")
    return made


def found():
    findings = doctor.run(only=19, snapshot=False)
    return [violation.message for finding in findings for violation in finding.violations]


def test_an_accepted_proposal_stands_on_its_order(order):
    assert found() == []
    PurchaseLine.objects.all().delete()
    assert found() == [f"is not on {order}"]


def test_what_its_buyer_took_out_of_the_draft_is_no_violation(order):
    draft_purchase.rewrite(order.pk, [], actor="user:1")
    assert found() == []


def test_an_order_that_goes_to_another_place(order):
    PurchaseOrder.objects.update(location=make_location())
    assert found() == [f"became {order}, which goes another way"]

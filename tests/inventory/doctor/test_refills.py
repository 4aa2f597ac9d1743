"""A refill whose task and ledger differ is named."""

import pytest

from inventory.models import Bin, PickFace, RefillTask
from inventory.services import refill
from oms.lib import doctor
from tests.fulfilment.make import make_bin
from tests.make import make_location, make_sku

pytestmark = [pytest.mark.django_db, pytest.mark.corrupt]


def found():
    findings = doctor.run(only=8, snapshot=False)
    return [violation.message for finding in findings for violation in finding.violations]


def test_a_refill_that_was_booked_otherwise():
    place, sku = make_location(), make_sku()
    bulk = make_bin(place, "R-1", sku=sku, quantity=9, kind=Bin.Kind.BULK)
    shelf = make_bin(place, "A-1")
    PickFace.objects.create(sku=sku, bin=shelf, minimum=1, maximum=5)
    refill.make_due()
    task = RefillTask.objects.get()
    assert found() == []
    refill.finish(task.pk, sku=sku, source=bulk, target=shelf, pieces=5)
    assert found() == []
    RefillTask.objects.update(moved=4)
    assert found() == ["says 4 carried, the ledger 5"]

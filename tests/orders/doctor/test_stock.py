"""What is reserved is held by orders and transfers together."""

import pytest

from inventory.models import TransferLine
from inventory.services import draft_transfer
from oms.lib import doctor
from tests.make import make_location, make_order, make_sku

pytestmark = [pytest.mark.django_db, pytest.mark.corrupt]


def found(number):
    findings = doctor.run(only=number, snapshot=False)
    return [violation.message for finding in findings for violation in finding.violations]


def test_3_pieces_reserved_for_a_transfer_that_forgot_them():
    place = make_location()
    sku = make_sku(5, place)
    transfer = draft_transfer.draft(place, make_location(lane=None), lines={sku: 2})
    draft_transfer.make_ready(transfer.pk)
    make_order(sku, 3)
    assert found(3) == []
    TransferLine.objects.update(reserved=1)
    assert found(3) == ["reserved 5, allocated 3, for transfers 1"]

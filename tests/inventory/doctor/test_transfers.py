"""One corruption of a transfer for each check, past the services."""

import pytest

from inventory.models import StockEntry, Transfer, TransferLine
from inventory.services import draft_transfer, receive_transfer, ship_transfer
from oms.lib import doctor
from tests.make import make_location, make_sku

pytestmark = [pytest.mark.django_db, pytest.mark.corrupt]


@pytest.fixture
def transfer():
    """Six mugs of which four arrived, one was lost and one is missing."""
    place = make_location()
    transfer = draft_transfer.draft(place, make_location(), lines={make_sku(9, place, code="MUG"): 6})
    draft_transfer.make_ready(transfer.pk)
    ship_transfer.ship(transfer.pk)
    line = transfer.lines.get()
    receive_transfer.receive(transfer.pk, {line.pk: (4, 0)})
    receive_transfer.resolve(transfer.pk, line.pk, 1, is_lost=True)
    return transfer


def found():
    findings = doctor.run(only=8, snapshot=False)
    return [violation.message for finding in findings for violation in finding.violations]


def test_a_sound_transfer_passes(transfer):
    assert found() == []


def test_an_entry_that_does_not_sum(transfer):
    StockEntry.objects.filter(reason="transfer_out").update(delta=-5)
    assert found() == ["carried sums to +0, its lines say -1"]


def test_a_loss_that_is_not_booked(transfer):
    StockEntry.objects.filter(reason="transfer_lost").delete()
    assert found() == ["transfer_lost sums to +0, its lines say -1"]


def test_entries_without_a_line(transfer):
    TransferLine.objects.all().delete()
    assert found() == [f"the ledger moved SKU {StockEntry.objects.first().sku_id} for it, which is on no line"]


def test_a_state_that_does_not_fit(transfer):
    Transfer.objects.update(status="ready")
    assert found() == ["ready, but 0 reserved, 6 shipped"]


def test_a_draft_that_reserves(transfer):
    TransferLine.objects.update(reserved=2)
    assert found() == ["received, but 2 reserved, 6 shipped"]

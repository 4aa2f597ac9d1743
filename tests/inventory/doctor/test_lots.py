"""One corruption of lots and serials for each check, past the services."""

import pytest

from inventory.models import BinStock, Lot, Serial, StockEntry
from inventory.services import serials, stock
from oms.lib import doctor
from oms.lib.clock import today_at
from tests.make import make_location, make_sku

pytestmark = [pytest.mark.django_db, pytest.mark.corrupt]


@pytest.fixture
def berlin():
    """Three pieces of lot L1 of MILK and a PHONE with the number S1, in the DOCK."""
    berlin = make_location("BER")
    milk, phone = make_sku(code="MILK", tracking="lot"), make_sku(code="PHONE", tracking="serial")
    lot = Lot.objects.create(sku=milk, code="L1", expires_on=today_at(berlin))
    stock.receive(milk, berlin, 3, lot=lot)
    stock.receive(phone, berlin, 1, serials=serials.new(phone, ["S1"]))
    return berlin


def found():
    findings = doctor.run(only=4, snapshot=False)
    return [f"{violation.row}: {violation.message}" for finding in findings for violation in finding.violations]


def test_sound_lots_and_serials_pass(berlin):
    assert found() == []


def test_a_lot_that_was_changed_past_the_ledger(berlin):
    lot = Lot.objects.create(sku=Lot.objects.get().sku, code="L2")
    StockEntry.objects.filter(lot__code="L1").update(lot=lot)
    assert found() == [
        "MILK at BER: bin DOCK holds 3 of lot L1, the ledger booked 0",
        "MILK at BER: bin DOCK holds 0 of lot L2, the ledger booked 3",
    ]


def test_withheld_pieces_that_can_be_sold(berlin):
    BinStock.objects.filter(sku__code="MILK").update(withheld=2)
    assert found() == ["MILK at BER: 2 are withheld, 0 unavailable"]


def test_a_serial_that_is_lost(berlin):
    Serial.objects.update(state="scrapped", bin=None, location=None)
    assert found() == ["PHONE at BER: bin DOCK holds 1 and 0 serials"]


def test_a_serial_in_two_places(berlin):
    Serial.objects.update(location=make_location("MUC"))
    assert found() == ["PHONE S1: is said to be at MUC and in its bin DOCK"]

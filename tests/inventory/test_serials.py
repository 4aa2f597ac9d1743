import pytest
from django.db import transaction

from inventory.models import Bin, Serial, StockEntry
from inventory.services import serials, stock
from inventory.services.bins import system_bin
from inventory.services.stock import Move
from oms.lib.errors import Invalid
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db


def received(berlin, *codes):
    sku = make_sku(tracking="serial")
    stock.receive(sku, berlin, len(codes), serials=serials.new(sku, codes))
    return sku


def where(sku):
    rows = Serial.objects.filter(sku=sku).select_related("bin").order_by("pk")
    return {row.code: row.bin.code if row.bin else row.state for row in rows}


def test_each_piece_that_comes_in_has_its_number():
    sku = received(make_location(), "s1", "s2")
    assert where(sku) == {"S1": "DOCK", "S2": "DOCK"}
    assert Serial.objects.get(code="S1").entries.get().entry.reason == "receive"


def test_pieces_without_numbers_are_refused():
    berlin, sku = make_location(), make_sku(tracking="serial")
    with pytest.raises(Invalid, match="has serial numbers"), transaction.atomic():
        stock.receive(sku, berlin, 2)
    assert not StockEntry.objects.filter(sku=sku).exists()


@pytest.mark.parametrize(
    ("codes", "said"), [(["S1", "s1 "], "scanned twice"), (["S9", "S7"], "lies in DOCK"), ([""], "Scan each")]
)
def test_a_number_that_is_wrong_or_known_is_refused(codes, said):
    sku = received(make_location(), "S7")
    with pytest.raises(Invalid, match=said):
        serials.new(sku, codes)


def test_two_skus_may_have_the_same_number():
    berlin = make_location()
    assert where(received(berlin, "S1")) == where(received(berlin, "S1"))


def test_who_is_not_scanned_is_assumed_to_be_the_oldest():
    berlin = make_location()
    sku = received(berlin, "S1", "S2")
    shelf = Bin.objects.create(location=berlin, code="A-1")
    stock.move(sku, system_bin(berlin, "dock"), shelf, 1)
    assert where(sku) == {"S1": "A-1", "S2": "DOCK"}
    assert Serial.objects.get(code="S1").is_assumed
    stock.move(sku, system_bin(berlin, "dock"), shelf, 1)
    assert not Serial.objects.get(code="S2").is_assumed


def test_a_scan_corrects_what_was_assumed():
    berlin = make_location()
    sku = received(berlin, "S1", "S2")
    shelf = Bin.objects.create(location=berlin, code="A-1")
    stock.move(sku, system_bin(berlin, "dock"), shelf, 1)
    serials.found_in(Serial.objects.get(code="S2"), shelf)
    assert where(sku) == {"S1": "DOCK", "S2": "A-1"}


def test_a_number_that_cannot_be_there_is_refused():
    berlin, munich = make_location(), make_location()
    sku = received(berlin, "S1")
    with pytest.raises(Invalid, match="not known to lie"):
        serials.found_in(Serial.objects.get(sku=sku), system_bin(munich, "dock"))
    assert where(sku) == {"S1": "DOCK"}


@pytest.mark.parametrize(("reason", "state"), [("lost", "scrapped"), ("to_supplier", "returned")])
def test_what_leaves_has_a_state_by_its_reason(reason, state):
    berlin = make_location()
    sku = received(berlin, "S1")
    stock.adjust(sku, berlin, -1, reason=reason)
    assert where(sku) == {"S1": state}


@pytest.mark.parametrize("pieces", [1, 2])
def test_what_comes_back_is_what_left_and_only_then_what_was_written_off(pieces):
    berlin = make_location()
    sku, dock = received(berlin, "S1", "S2", "S3"), system_bin(berlin, "dock")
    for code, reason in (("S1", "lost"), ("S2", "to_supplier")):
        named = (Serial.objects.get(code=code),)
        stock.post([Move(sku.pk, berlin.pk, "on_hand", -1, dock.pk, serials=named)], reason, subject="order:1")
    stock.post([Move(sku.pk, berlin.pk, "on_hand", pieces, dock.pk)], "return", subject="order:1")
    assert where(sku) == {"S1": "DOCK" if pieces == 2 else "scrapped", "S2": "DOCK", "S3": "DOCK"}
    assert not Serial.objects.get(code="S2").is_assumed

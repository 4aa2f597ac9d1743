from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from inventory.models import BinStock, Lot, Receipt, Serial
from inventory.services.identify import Identity, read
from inventory.services.receive_delivery import receive
from oms.lib.errors import Invalid
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db
NEXT_YEAR = timezone.localdate() + timedelta(days=365)


def test_a_label_names_lot_day_and_serial():
    label = read("]C101095011015300031730123110AB-1\x1d21S9")
    assert label == Identity("AB-1", date(2030, 12, 31), ["S9"])
    assert read("4006381333931") == Identity()


def test_a_lot_is_made_on_its_first_delivery():
    berlin, milk = make_location(), make_sku(tracking="lot")
    for _ in range(2):
        receive(milk, berlin, 3, note="LS-7", identity=Identity("ab-1", NEXT_YEAR))
    lot = Lot.objects.get()
    assert (lot.code, lot.expires_on, lot.reference) == ("AB-1", NEXT_YEAR, "LS-7")
    assert BinStock.objects.get(sku=milk).lot == lot
    assert BinStock.objects.get(sku=milk).quantity == 6


def test_a_known_lot_needs_no_day():
    berlin, milk = make_location(), make_sku(tracking="lot")
    receive(milk, berlin, 3, identity=Identity("L1", NEXT_YEAR))
    receive(milk, berlin, 3, identity=Identity("L1"))
    assert BinStock.objects.get(sku=milk).quantity == 6


@pytest.mark.parametrize(
    ("identity", "said"),
    [
        (None, "kept by lot"),
        (Identity(" "), "kept by lot"),
        (Identity("L1", date(2020, 1, 31)), "expired on 31.01.2020"),
        (Identity("KNOWN", date(2031, 1, 1)), "by its first delivery"),
        (Identity("BLOCKED"), "is blocked: glass"),
    ],
)
def test_a_lot_that_must_not_come_in_is_refused(refused, identity, said):
    berlin, milk = make_location(), make_sku(tracking="lot")
    Lot.objects.create(sku=milk, code="KNOWN", expires_on=NEXT_YEAR)
    Lot.objects.create(sku=milk, code="BLOCKED", blocked_at=timezone.now(), block_reason="glass")
    with refused(Invalid, said):
        receive(milk, berlin, 3, identity=identity)
    assert not Receipt.objects.exists()
    assert Lot.objects.count() == 2


def test_good_and_damaged_pieces_have_their_numbers():
    berlin, phone = make_location(), make_sku(tracking="serial")
    receive(phone, berlin, 1, damaged=1, identity=Identity(serials=["s1", "010950110153000321S2"]))
    where = {serial.code: serial.bin.code for serial in Serial.objects.select_related("bin")}
    assert where == {"S1": "DOCK", "S2": "QUARANTINE"}


@pytest.mark.parametrize(
    ("codes", "said"), [([], "0 of 2"), (["S1"], "1 of 2"), (["S1", "S1"], "twice"), (["S1", "OLD"], "known already")]
)
def test_numbers_that_are_missing_or_known_are_refused(refused, codes, said):
    berlin, phone = make_location(), make_sku(tracking="serial")
    receive(phone, berlin, 1, identity=Identity(serials=["OLD"]))
    with refused(Invalid, said):
        receive(phone, berlin, 2, identity=Identity(serials=codes))
    assert Serial.objects.count() == 1


def test_a_booking_sent_twice_is_one():
    berlin, phone = make_location(), make_sku(tracking="serial")
    for _ in range(2):
        receive(phone, berlin, 1, key="receive:1", identity=Identity(serials=["S1"]))
    assert Serial.objects.count() == 1


def test_tracking_stays_while_pieces_are_there():
    mug = make_sku(1)
    mug.tracking = "serial"
    with pytest.raises(ValidationError, match="Pieces are in stock"):
        mug.full_clean()

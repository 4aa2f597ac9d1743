"""Lots and serial numbers on their way from one place to another."""

from datetime import date

import pytest

from inventory.models import BinStock, Lot, Serial
from inventory.services import draft_transfer, receive_transfer, serials, ship_transfer, stock
from oms.lib.errors import Invalid
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def berlin():
    return make_location("BER")


@pytest.fixture
def paris():
    return make_location("PAR")


def arrive(transfer, fit, damaged=0, **options):
    return receive_transfer.receive(transfer.pk, {transfer.lines.get().pk: (fit, damaged)}, **options)


def test_lots_arrive_as_they_left(berlin, paris):
    tea = make_sku(tracking="lot")
    for code, day in (("L1", 1), ("L2", 2)):
        lot = Lot.objects.create(sku=tea, code=code, expires_on=date(2099, 1, day))
        stock.receive(tea, berlin, 3, lot=lot)
    transfer = draft_transfer.make_ready(draft_transfer.draft(berlin, paris, lines={tea: 4}).pk)
    ship_transfer.ship(transfer.pk)
    arrive(transfer, 3, is_all=False)
    arrive(transfer, 1)
    held = BinStock.objects.filter(bin__location=paris, quantity__gt=0).values_list("lot__code", "quantity")
    assert dict(held) == {"L1": 3, "L2": 1}


def test_serials_are_in_transit_and_arrive_or_are_lost(berlin, paris):
    phone = make_sku(tracking="serial")
    stock.receive(phone, berlin, 3, serials=serials.new(phone, ["S1", "S2", "S3"]))
    transfer = draft_transfer.make_ready(draft_transfer.draft(berlin, paris, lines={phone: 2}).pk)
    ship_transfer.ship(transfer.pk)
    states = Serial.objects.order_by("code").values_list("state", flat=True)
    assert list(states) == ["in_transit", "in_transit", "in_stock"]
    arrive(transfer, 1)
    receive_transfer.resolve(transfer.pk, transfer.lines.get().pk, 1, is_lost=True)
    assert sorted(states.all()) == ["in_stock", "in_stock", "scrapped"]
    assert Serial.objects.get(location=paris).bin.code == "DOCK"


def test_a_surplus_whose_serials_nobody_knows_is_refused(berlin, paris, refused):
    phone = make_sku(tracking="serial")
    stock.receive(phone, berlin, 1, serials=serials.new(phone, ["S1"]))
    transfer = draft_transfer.make_ready(draft_transfer.draft(berlin, paris, lines={phone: 1}).pk)
    ship_transfer.ship(transfer.pk)
    with refused(Invalid, "has serial numbers: receive it, and scan each"):
        arrive(transfer, 2)

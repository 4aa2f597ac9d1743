from dataclasses import replace

import pytest
from django.conf import settings

from fulfilment.carriers.base import Shipment
from fulfilment.carriers.karrio_api import Karrio
from fulfilment.models import Carrier, Parcel
from fulfilment.services import label, pack
from fulfilment.services.claim import claim
from fulfilment.services.ship import ship
from fulfilment.services.shipment import shipment_of
from oms.lib.errors import Invalid, InvalidTransition
from oms.lib.plugins import load
from orders.models import Order
from orders.services import holds
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, work_of

SHIPMENT = Shipment(reference="17", sender={}, recipient={}, weight_g=500)


@pytest.fixture(params=sorted(settings.CARRIERS))
def carrier(request, easypost, karrio, settings):
    return load(settings.CARRIERS, request.param)


def announced(carrier):
    shipment = replace(SHIPMENT, carrier="KA" if isinstance(carrier, Karrio) else "EP")
    return replace(shipment, external_id=carrier.announce(shipment))


def test_the_same_shipment_gives_the_same_label(carrier):
    shipment = announced(carrier)
    assert carrier.buy_label(shipment) == carrier.buy_label(shipment)
    assert carrier.buy_label(shipment).tracking_number


def test_a_label_can_be_voided_twice(carrier):
    shipment = announced(carrier)
    carrier.buy_label(shipment)
    assert carrier.void_label(shipment)
    assert carrier.void_label(shipment)


@pytest.fixture
def parcel(db):
    _, (cup,) = make_shelf(5)
    return packed(confirmed((cup, 1)))


def test_bought_kept_voided(parcel):
    number = label.buy(parcel.pk, service="Standard", actor=ACTOR).tracking_number
    assert number == f"OMS{parcel.pk:010d}"
    assert label.buy(parcel.pk, tracking_number="other", actor=ACTOR).tracking_number == number
    assert label.void(parcel.pk, actor=ACTOR).tracking_number == ""
    assert label.buy(parcel.pk, tracking_number="other", actor=ACTOR).tracking_number == "other"


@pytest.mark.parametrize(
    ("phone", "own", "told"),
    [
        ("+4930123456", "", "+4930123456"),
        ("+4930123456", "+491701234567", "+491701234567"),  # who is at the address
        ("ask for 12", "", None),  # no number that a carrier takes
    ],
)
def test_the_carrier_is_told_whom_to_call(parcel, phone, own, told):
    Order.objects.update(phone=phone, ship_to=parcel.order.ship_to | ({"phone": own} if own else {}))
    assert shipment_of(Parcel.objects.get()).recipient.get("phone") == told


def test_not_for_a_held_order(parcel):
    holds.put(parcel.order_id, "fraud", "look")
    with pytest.raises(InvalidTransition, match="on hold"):
        label.buy(parcel.pk, actor=ACTOR)
    parcel.refresh_from_db()
    assert parcel.tracking_number == ""


def test_not_voided_when_it_has_left(parcel):
    label.buy(parcel.pk, actor=ACTOR)
    ship(work_of(parcel.order).pk, actor=ACTOR)
    with pytest.raises(InvalidTransition, match="take the shipment back first"):
        label.void(parcel.pk, actor=ACTOR)


def test_unknown_carrier_names_the_known(parcel):
    Carrier.objects.create(code="dhl", name="DHL")
    with pytest.raises(Invalid, match="known: dhl"):
        label.buy(parcel.pk, carrier="ups", actor=ACTOR)


def test_not_for_a_parcel_that_is_still_being_packed(parcel):
    pack.reopen(claim(parcel.fulfilment_order_id), parcel, actor=ACTOR)
    with pytest.raises(InvalidTransition, match="is packing: only a closed one"):
        label.buy(parcel.pk, actor=ACTOR)
    parcel.refresh_from_db()
    assert parcel.tracking_number == ""

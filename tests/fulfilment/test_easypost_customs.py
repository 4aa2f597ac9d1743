"""EasyPost is told what the customs form says, where a parcel leaves the customs area."""

from decimal import Decimal

import pytest

from fulfilment.carriers.base import CarrierError, Customs, CustomsItem, Shipment
from fulfilment.carriers.easypost_customs import customs_info
from fulfilment.models import Carrier, Label, ShippingRule
from fulfilment.services import label
from inventory.models import Sku
from orders.services.intake import ChargeIn
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed
from tests.make import ADDRESS, make_channel, make_location

SWISS = {"name": "Urs Meier", "line1": "Bahnhofstr. 1", "city": "Zürich", "postcode": "8001", "country": "CH"}


@pytest.mark.django_db
def test_a_label_abroad_needs_what_customs_ask_for(easypost):
    Carrier.objects.create(code="EP", name="EasyPost", plugin="easypost")
    _, (cup,) = make_shelf(9, location=make_location(address=ADDRESS), code="CUP")
    parcel = packed(confirmed((cup, 2), ship_to=SWISS))
    with pytest.raises(CarrierError, match="of CUP: HS code, origin"):
        label.buy(parcel.pk, actor=ACTOR)
    assert (Label.objects.get().status, easypost.charges) == ("refused", [])
    Sku.objects.update(hs_code="691110", origin="PT")
    label.buy(parcel.pk, actor=ACTOR)
    [shipment] = easypost.shipments.values()
    info = shipment["said"]["customs_info"]
    assert (info["contents_type"], info["customs_signer"], "eel_pfc" in info) == ("merchandise", "Mugs GmbH", False)
    assert info["customs_items"] == [
        {
            "code": "CUP",
            "description": "Mug",
            "quantity": 2,
            "value": 19.0,
            "weight": 21.164,
            "hs_tariff_number": "691110",
            "origin_country": "PT",
            "currency": "EUR",
        }
    ]


@pytest.mark.django_db
def test_who_pays_duties_is_the_channels_rule_and_us_where_the_customer_paid_them(easypost):
    Carrier.objects.create(code="EP", name="EasyPost", plugin="easypost")
    _, (cup,) = make_shelf(9, location=make_location(address=ADDRESS), hs_code="691110", origin="PT")
    channel, duty = make_channel(), ChargeIn("duty", Decimal("3.10"))
    rule = ShippingRule.objects.create(channel=channel)
    for term, charges, ship_to in (("", (), SWISS), ("DAP", (), SWISS), ("DAP", [duty], SWISS), ("DAP", (), ADDRESS)):
        ShippingRule.objects.filter(pk=rule.pk).update(incoterm=term)
        parcel = packed(confirmed((cup, 1), channel=channel, ship_to=ship_to, charges=charges))
        label.buy(parcel.pk, actor=ACTOR)
    said = [row["said"]["options"].get("incoterm") for row in easypost.shipments.values()]
    assert said == [None, "DAP", "DDP", None]


def test_what_the_united_states_want_filed_is_refused():
    def told(value):
        item = CustomsItem("CUP", "Mug", 1, Decimal(value), 300, "691110", "US")
        return customs_info(Shipment("1", {"country": "US"}, SWISS, customs=Customs((item,), "USD", "Ann")))

    assert told(2500)["customs_info"]["eel_pfc"] == "NOEEI 30.37(a)"
    with pytest.raises(CarrierError, match="eel_pfc"):
        told(2501)

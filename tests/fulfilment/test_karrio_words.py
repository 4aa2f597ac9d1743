"""What Karrio is told of a parcel and its goods, and what its trackers say."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from fulfilment.carriers.base import CarrierError, Customs, CustomsItem, Shipment
from fulfilment.carriers.karrio_api import offers_of
from fulfilment.carriers.karrio_shipment import described
from fulfilment.carriers.tree import Node
from fulfilment.models import Carrier, Parcel, ShippingRule, TrackingEvent
from fulfilment.services import label, poll_tracking
from fulfilment.services.ship import ship
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, work_of
from tests.make import ADDRESS, make_channel, make_location

SWISS = {"name": "Urs Meier", "line1": "Bahnhofstr. 1", "city": "Zürich", "postcode": "8001", "country": "CH"}
ITEM = CustomsItem("CUP", "Mug", 3, Decimal("20.00"), 1000, "691110", "PT")
DECLARED = Shipment("1", ADDRESS, SWISS, weight_g=1234, customs=Customs((ITEM,), "EUR", "Mugs GmbH"), currency="EUR")


@pytest.fixture
def parcel(db, karrio):
    """Make a parcel of Karrio's with two cups, worth 19 euros."""
    Carrier.objects.create(code="KA", name="Karrio", plugin="karrio")
    _, (cup,) = make_shelf(9, location=make_location(address=ADDRESS), hs_code="691110", origin="PT", code="CUP")

    def parcel(**rule):
        channel = make_channel()
        ship_to = rule.pop("ship_to", ADDRESS)
        ShippingRule.objects.create(channel=channel, **rule)
        return packed(confirmed((cup, 2), channel=channel, ship_to=ship_to))

    return parcel


def test_customs_are_told_what_the_form_says_and_who_pays(parcel, karrio):
    label.buy(parcel(ship_to=SWISS, incoterm="DDP").pk, actor=ACTOR)
    label.buy(parcel().pk, actor=ACTOR)
    abroad, at_home = (row["said"].get("customs") for row in karrio.shipments.values())
    assert at_home is None
    assert (abroad["incoterm"], abroad["signer"], abroad["content_type"]) == ("DDP", "Mugs GmbH", "merchandise")
    assert abroad["duty"] == {"paid_by": "sender", "currency": "EUR", "declared_value": 19.0}
    assert abroad["commodities"] == [
        {
            "sku": "CUP",
            "title": "Mug",
            "description": "Mug",
            "quantity": 2,
            "weight": 0.3,
            "weight_unit": "KG",
            "value_amount": 9.5,
            "value_currency": "EUR",
            "hs_code": "691110",
            "origin_country": "PT",
        }
    ]


@pytest.mark.parametrize("term", ["", "DAP"])
def test_by_other_terms_the_recipient_pays(term):
    customs = described(replace(DECLARED, customs=replace(DECLARED.customs, incoterm=term)), [])["customs"]
    assert (customs.get("incoterm", ""), customs["duty"]["paid_by"]) == (term, "recipient")


def test_values_of_pieces_add_up_to_the_cent():
    rows = described(DECLARED, [])["customs"]["commodities"]
    assert [(row["quantity"], row["value_amount"]) for row in rows] == [(2, 6.67), (1, 6.66)]
    assert sum(row["quantity"] * row["weight"] for row in rows) < 1


def test_what_customs_lack_or_want_filed_is_refused():
    with pytest.raises(CarrierError, match="Karrio needs for customs, of CUP: HS code, origin"):
        described(replace(DECLARED, customs=Customs((replace(ITEM, hs_code="", origin=""),), "EUR", "Ann")), [])
    american = replace(DECLARED, sender=ADDRESS | {"country": "US"})
    assert described(american, [])["customs"]["options"] == {"eel_pfc": "NOEEI 30.37(a)"}
    with pytest.raises(CarrierError, match="Karrio needs the number"):
        described(replace(american, customs=Customs((replace(ITEM, value=Decimal(2501)),), "USD", "Ann")), [])


def test_kilograms_and_centimetres_where_all_sides_are_known():
    [told] = described(replace(DECLARED, size_mm=(305, 200, 95)), [])["parcels"]
    sides = {"length": 30.5, "width": 20.0, "height": 9.5, "dimension_unit": "CM"}
    assert told == {"weight": 1.234, "weight_unit": "KG"} | sides
    assert "length" not in described(replace(DECLARED, size_mm=(305, None, 95)), [])["parcels"][0]


def test_what_is_insured_is_told_in_the_currency_of_the_order(parcel, karrio):
    label.buy(parcel(insure_above="18.99").pk, actor=ACTOR)
    label.buy(parcel(insure_above="19.00").pk, actor=ACTOR)
    said = [row["said"]["options"] for row in karrio.shipments.values()]
    assert said == [{"currency": "EUR", "insurance": 19.0}, {"currency": "EUR"}]


def codes(*services):
    rows = [{"id": name, "carrier_name": name, "service": service} for name, service in services]
    rows = [row | {"total_charge": 5, "currency": "EUR"} for row in rows]
    return [rate.service for rate in offers_of(Node({"rates": rows}, "")).values()]


def test_the_code_of_a_service_names_its_carrier_once_and_is_cut_apart():
    long = "dhl_parcel_de_paket_international_premium_with"
    found = codes(("ups", "ups_standard"), ("x", "next_day"), ("dhl_parcel_de", long), ("dhl_freight", f"{long}_out"))
    assert found[:2] == ["ups.standard", "x.next_day"]
    assert [len(code) for code in found[2:]] == [40, 40]
    assert found[2].startswith("dhl_parcel_de.paket_international")
    one, other = codes(("dhl_parcel_de", long), ("dhl_parcel_d2", "x"))[0], codes(("dhl_parcel_de", f"{long}_out"))[0]
    assert one[:33] == other[:33]
    assert one != other


@pytest.mark.parametrize("lacks", ["total_charge", "currency", "service"])
def test_rates_that_make_no_sense_are_refused_by_their_place(lacks):
    row = {"id": "1", "carrier_name": "ups", "service": "ups_standard", "total_charge": 5, "currency": "EUR"}
    with pytest.raises(CarrierError, match=r"^rates\[0\] has no"):
        offers_of(Node({"rates": [row | {lacks: None}]}, ""))


def event(hours, text="Arrived at hub", **fields):
    at = timezone.now() - timedelta(hours=hours)
    return {"date": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M}", "description": text, "location": "BONN"} | fields


@pytest.fixture
def told(parcel, karrio):
    """Let a parcel be on its way for a day, and ask about it: `told(*events, status=...)`; gives its codes."""
    found = label.buy(parcel().pk, actor=ACTOR)
    ship(work_of(found.order).pk, actor=ACTOR)
    Parcel.objects.update(shipped_at=timezone.now() - timedelta(days=1))

    def told(*events, **fields):
        tracker = {
            "object_type": "tracker",
            "tracking_number": "1Z000000001",
            "carrier_name": "ups",
            "status": "unknown",
        }
        other = tracker | {"tracking_number": "1Z0000000012", "status": "delivered", "events": [event(1)]}
        karrio.trackers = [tracker | {"events": list(events)} | fields, other]
        Parcel.objects.update(asked_at=None)
        poll_tracking.poll_due()
        return list(TrackingEvent.objects.order_by("at").values_list("code", flat=True))

    return told


def test_a_silent_parcel_is_asked_about_and_what_is_said_is_noted_once(told, karrio):
    created = event(23, "Label created and ready for shipment", code="CREATED")
    assert told(created, status="pending") == []
    scans = [event(14, "UPS INTERNAL ACTIVITY CODE"), event(20), created]
    assert told(*scans, status="out_for_delivery") == ["in_transit", "out_for_delivery"]
    assert told(*scans, status="out_for_delivery") == ["in_transit", "out_for_delivery"]
    assert told(event(1), *scans, status="delivered", info={"signed_by": "Ann"})[-1] == "delivered"
    assert Parcel.objects.get().status == Parcel.Status.DELIVERED
    assert TrackingEvent.objects.latest("at").signed_by == "Ann"
    assert karrio.calls.count("track") == 4


def test_newer_servers_tell_the_status_and_the_moment_of_each_event(told):
    at = (timezone.now() - timedelta(hours=15)).replace(microsecond=0)
    newer = {"timestamp": at.isoformat(), "status": "delivery_failed", "time": "odd"}
    assert told(event(14), event(0, **newer), status="in_transit") == ["exception", "in_transit"]
    assert TrackingEvent.objects.earliest("at").at == at


@pytest.mark.parametrize("time", ["02:30 PM", "14:30", "14:30:00"])
def test_clocks(told, time):
    day = (timezone.now() - timedelta(days=1)).date()  # not a day before it was shipped, whatever the hour
    assert told({"date": str(day), "time": time, "description": "Arrived"}) == ["in_transit"]
    assert f"{TrackingEvent.objects.get().at:%H:%M}" == "14:30"


@pytest.mark.parametrize("fault", ["hang", "error", "busy", "garbled"])
def test_a_server_that_is_away_is_asked_again_later(told, karrio, fault):
    karrio.fail("track", fault)
    assert told(event(20)) == []
    assert told(event(20)) == ["in_transit"]


def test_a_tracker_that_cannot_be_read_stops_nobody(told):
    assert told({"date": "soon", "description": "Arrived"}) == []
    assert Parcel.objects.get().asked_at is not None

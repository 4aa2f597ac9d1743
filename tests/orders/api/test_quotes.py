"""What a basket would cost and when it would arrive; nothing is made of it."""

from decimal import Decimal

import pytest

from inventory.models import StockLevel
from oms.outbox.models import Event
from orders.models import Customer, Lane, Order, TaxRate
from orders.services.network import forget_network
from orders.services.pricing import forget_rates
from tests.make import ADDRESS, make_channel, make_location, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(call_as, make_partner):
    acme = make_partner("ACME")
    make_channel(code="SHOP", partner=acme)
    TaxRate.objects.create(country="DE", rate=Decimal("0.19"), valid_from="2020-01-01")
    forget_rates()
    return call_as(acme)


def ask(client, *lines, **fields):
    rows = [{"sku": sku.code, "quantity": n, "unit_price": "10.00"} for sku, n in lines]
    return client.post("/api/v1/quotes", {"channel": "SHOP", "ship_to": ADDRESS, "lines": rows} | fields)


def test_each_way_to_send_it_has_its_price_and_its_day(client):
    near, far = make_location("NEAR", lane=Decimal("4.90")), make_location("FAR", lane=Decimal("9.90"))
    Lane.objects.create(location=near, zone="*", method="express", base=Decimal("12.00"), transit_days=1)
    forget_network()
    mug, cup = make_sku(5, near, code="MUG"), make_sku(5, far, code="CUP")
    answer = ask(client, (mug, 2), (cup, 1))
    assert answer.status_code == 200, answer.content
    standard, express = answer.json()["options"]
    assert (standard["method"], standard["shipping"], standard["gross"]) == ("standard", "14.80", "44.80")
    whence = {parcel["location"]: parcel["pieces"] for parcel in standard["ships_from"]}
    assert whence == {"NEAR": {"MUG": 2}, "FAR": {"CUP": 1}}
    assert (express["method"], express["missing"], express["promised"]) == ("express", {"CUP": 1}, None)
    assert standard["promised"]
    assert (standard["charges"][0]["kind"], standard["charges"][0]["tax"]) == ("shipping", "2.36")
    assert {model.objects.count() for model in (Order, Customer)} == {0}
    assert not Event.objects.filter(name="order.placed").exists()
    assert {level.reserved for level in StockLevel.objects.all()} == {0}


def test_an_order_of_a_quote_costs_what_it_said(client):
    sku = make_sku(5, make_location(lane=Decimal("4.90")))
    option = ask(client, (sku, 2)).json()["options"][0]
    lines = [{"sku": sku.code, "quantity": 2, "unit_price": "10.00"}]
    body = {"channel": "SHOP", "external_id": "1", "ship_to": ADDRESS, "lines": lines}
    charges = [{"kind": "shipping", "amount": option["shipping"]}]
    placed = client.post("/api/v1/orders", body | {"charges": charges}).json()
    assert [placed[name] for name in ("net", "tax", "gross")] == [option[name] for name in ("net", "tax", "gross")]
    assert placed["promised"] == option["promised"]


def test_charges_of_your_own_stand(client):
    sku = make_sku(5, make_location(lane=Decimal("4.90")))
    option = ask(client, (sku, 1), charges=[{"kind": "shipping", "amount": "1.00"}]).json()["options"][0]
    assert (option["gross"], option["shipping"]) == ("11.00", "4.90")


def test_goods_that_are_missing_are_named_and_a_store_is_a_way_of_its_own(client):
    store = make_location("STORE", kind="store", allows_pickup=True)
    sku = make_sku(1, store)
    standard, pickup = ask(client, (sku, 3), pickup_location="store").json()["options"]
    assert standard["missing"] == pickup["missing"] == {sku.code: 2}
    assert (pickup["method"], pickup["charges"]) == ("pickup", [])


def test_downloads_need_no_lane(client):
    song = make_sku(kind="digital")
    (option,) = ask(client, (song, 1)).json()["options"]
    assert (option["method"], option["gross"], option["missing"]) == ("digital", "10.00", {})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"channel": "NOPE"}, "channel"),
        ({"ship_to": {**ADDRESS, "country": "XX"}}, "ship_to.country"),
        ({"pickup_location": "NOPE"}, "pickup_location"),
        ({"lines": [{"sku": "NONE", "quantity": 1}]}, "lines.0.sku"),
    ],
)
def test_nonsense_is_named(client, change, field):
    answer = ask(client, (make_sku(5), 1), **change)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])


def test_where_nobody_sends_to(client):
    place = make_location(lane=None)
    Lane.objects.create(location=place, zone="US", base=1)
    forget_network()
    answer = ask(client, (make_sku(5, place), 1))
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["ship_to.country"])

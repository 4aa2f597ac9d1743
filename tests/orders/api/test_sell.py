"""What partners' tills sold, by the API: gone at once."""

import pytest

from inventory.models import StockLevel
from orders.models import Order
from tests.make import ADDRESS, make_channel, make_location, make_sku

pytestmark = pytest.mark.django_db

ORDERS = "/api/v1/orders"


@pytest.fixture
def client(call_as, make_partner):
    acme = make_partner()
    make_channel(code="TILL", kind="store", partner=acme)
    make_channel(code="SHOP", partner=acme)
    return call_as(acme)


@pytest.fixture
def mug(db):
    return make_sku(9, make_location("MITTE", kind="store", allows_pickup=True), code="MUG")


def sale(external_id, **fields):
    lines = [{"sku": "MUG", "quantity": 2, "unit_price": "3.00"}]
    paid = [{"amount": "6.00", "method": "cash"}]
    stated = {"channel": "till", "external_id": external_id, "lines": lines, "payments": paid}
    return stated | {"pickup_location": "MITTE"} | fields


def test_a_sale_is_answered_as_delivered(client, mug):
    answer = client.post(ORDERS, sale("1"))
    assert answer.status_code == 201, answer.content
    found = answer.json()
    assert (found["status"], found["fulfilment_state"], found["payment_state"]) == ("confirmed", "delivered", "paid")
    assert (found["method"], found["lines"][0]["delivered"]) == ("pickup", 2)
    assert client.get(answer["Location"]).json() == found
    assert (answer["ETag"], StockLevel.objects.get().on_hand) == (client.get(answer["Location"])["ETag"], 7)
    again = client.post(ORDERS, sale("1"))
    assert (again.status_code, again.json()) == (200, found)
    assert StockLevel.objects.get().on_hand == 7


def test_a_key_makes_it_once(client, mug):
    first, second = (client.post(ORDERS, sale("1"), headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.status_code, second.status_code, second["Idempotent-Replayed"]) == (201, 201, "true")
    assert first.json() == second.json()
    assert StockLevel.objects.get().on_hand == 7


@pytest.mark.parametrize("fields", [{"pickup_location": ""}, {"pickup_location": "NONE"}])
def test_a_sale_without_its_store_is_refused(client, mug, fields):
    answer = client.post(ORDERS, sale("1", **fields))
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["pickup_location"])
    assert not Order.objects.exists()


def test_many_at_once_each_have_their_result(client, mug):
    web = sale("2", channel="shop", ship_to=ADDRESS, pickup_location="")
    answer = client.post(f"{ORDERS}/bulk", {"orders": [sale("1"), web, sale("3", pickup_location=""), sale("1")]})
    results = answer.json()["results"]
    assert [row["result"] for row in results] == ["created", "created", "refused", "existing"]
    states = [row["order"] and row["order"]["fulfilment_state"] for row in results]
    assert states == ["delivered", "open", None, "delivered"]
    level = StockLevel.objects.get()
    assert (level.on_hand, level.reserved) == (7, 2)

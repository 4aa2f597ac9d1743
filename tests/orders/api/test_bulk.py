"""Many orders in one call: each with a result of its own."""

import pytest

from inventory.models import StockLevel
from oms.partners.models import IdempotentRequest
from orders.api.bulk import BulkIn
from orders.models import Order
from tests.make import ADDRESS, make_channel, make_sku

pytestmark = pytest.mark.django_db

BULK = "/api/v1/orders/bulk"


@pytest.fixture
def acme(make_partner):
    return make_partner("ACME")


@pytest.fixture
def client(call_as, acme):
    make_channel(code="SHOP", partner=acme)
    return call_as(acme)


@pytest.fixture
def sku(db):
    return make_sku(9)


def order(sku, external_id, **fields):
    lines = [{"sku": sku.code.lower(), "quantity": 1, "unit_price": "3.00"}]
    return {"channel": "shop", "external_id": external_id, "ship_to": ADDRESS, "lines": lines} | fields


def test_each_order_has_its_own_result(client, sku):
    bad = [
        order(sku, "2", lines=[{"sku": "NONE", "quantity": 1, "unit_price": "1"}]),
        order(sku, "3", colour="red"),
        order(sku, "4", channel="nope"),
        "no order",
    ]
    answer = client.post(BULK, {"orders": [order(sku, "1"), *bad, order(sku, "5"), order(sku, "1")]})
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert (found["created"], found["existing"], found["refused"]) == (2, 1, 4)
    assert [row["result"] for row in found["results"]] == ["created", *["refused"] * 4, "created", "existing"]
    problems = [row["problem"] for row in found["results"][1:5]]
    assert [(row["status"], row["code"]) for row in problems] == [
        (422, "invalid"),
        (400, "malformed"),
        (422, "invalid"),
        (400, "malformed"),
    ]
    assert [list(row["errors"]) for row in problems] == [["lines.0.sku"], ["colour"], ["channel"], [""]]
    assert found["results"][0]["order"]["gross"] == "3.00"
    assert found["results"][0]["order"] == found["results"][6]["order"]
    assert StockLevel.objects.get().reserved == Order.objects.count() == 2


def test_it_says_of_an_order_what_reading_it_says(client, sku):
    paid = order(sku, "1", payments=[{"amount": "3.00", "reference": "r"}])
    summary = client.post(BULK, {"orders": [paid]}).json()["results"][0]["order"]
    read = client.get(f"/api/v1/orders/{summary['number']}").json()
    assert {name: read[name] for name in summary} == summary
    assert (summary["payment_state"], summary["version"]) == ("paid", 2)


def test_the_same_call_again_makes_nothing_new(client, sku):
    body, headers = {"orders": [order(sku, "1"), order(sku, "2")]}, {"Idempotency-Key": "k"}
    first = client.post(BULK, body, headers=headers)
    again = client.post(BULK, body, headers=headers)
    assert (again.content, again["Idempotent-Replayed"]) == (first.content, "true")
    assert client.post(BULK, {"orders": [order(sku, "3")]}, headers=headers).status_code == 422
    assert client.post(BULK, body).json()["existing"] == 2
    assert Order.objects.count() == 2


def test_a_call_that_broke_off_is_sent_again_and_does_the_rest(client, sku, monkeypatch):
    body, headers = {"orders": [order(sku, "1"), order(sku, "2")]}, {"Idempotency-Key": "k"}
    client.post(BULK, {"orders": body["orders"][:1]})  # what was committed before it broke off
    assert not IdempotentRequest.objects.exists()
    answer = client.post(BULK, body, headers=headers).json()
    assert [row["result"] for row in answer["results"]] == ["existing", "created"]


def test_another_call_of_the_key_meanwhile_is_refused_and_does_nothing(client, sku, monkeypatch):
    headers, meanwhile, read = {"Idempotency-Key": "k"}, [], BulkIn.read

    def slowly(data):
        monkeypatch.setattr(BulkIn, "read", read)
        meanwhile.append(client.post(BULK, {"orders": [order(sku, "2")]}, headers=headers))
        return read(data)

    monkeypatch.setattr(BulkIn, "read", slowly)
    assert client.post(BULK, {"orders": [order(sku, "1")]}, headers=headers).status_code == 200
    assert meanwhile[0].json()["code"] == "key-reused"
    assert [row.external_id for row in Order.objects.all()] == ["1"]


@pytest.mark.parametrize("orders", [[], [{}] * 501, "x"])
def test_what_is_no_list_of_orders_is_refused(client, orders):
    answer = client.post(BULK, {"orders": orders})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_a_strangers_channel_takes_nothing(client, sku, call_as, make_partner):
    stranger = call_as(make_partner("OTHER"))
    answer = stranger.post(BULK, {"orders": [order(sku, "1")]}).json()
    assert answer["results"][0]["problem"]["errors"] == {"channel": ["There is no such channel of yours."]}
    assert not Order.objects.exists()

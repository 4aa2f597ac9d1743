"""A partner tries things out: the same calls and answers, and nothing of it is real."""

import pytest

from inventory.models import StockLevel
from oms.outbox.models import Delivery, Event
from oms.partners.services.webhooks import add_endpoint
from orders.models import Customer, Order, SandboxOrder
from tests.make import ADDRESS, make_channel, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def tester(make_partner):
    partner = make_partner("TRY")
    partner.is_sandbox = True
    partner.save()
    return partner


@pytest.fixture
def client(call_as, tester):
    make_channel(code="TRY", partner=tester)
    return call_as(tester)


@pytest.fixture
def sku(db):
    return make_sku(5, code="MUG")


def body(external_id="1", **fields):
    lines = [{"sku": "MUG", "quantity": 2, "unit_price": "3.00"}]
    return {
        "channel": "TRY",
        "external_id": external_id,
        "email": "a@x.com",
        "ship_to": ADDRESS,
        "lines": lines,
    } | fields


def advance(client, number, **fields):
    return client.post(f"/api/v1/sandbox/orders/{number}/advance", fields)


def test_an_order_is_answered_like_a_real_one_and_nothing_comes_of_it(client, sku, call_as, make_partner):
    answer = client.post("/api/v1/orders", body(payments=[{"amount": "6.00"}]))
    assert answer.status_code == 201, answer.content
    real = make_partner("REAL")
    make_channel(code="TRY2", partner=real)
    other = call_as(real).post("/api/v1/orders", body(channel="TRY2", payments=[{"amount": "6.00"}])).json()
    tried = answer.json()
    apart = {"number", "channel", "ordered_at", "version", "lines"}
    assert {name: tried[name] for name in set(tried) - apart} == {name: other[name] for name in set(other) - apart}
    assert [set(line) for line in tried["lines"]] == [set(line) for line in other["lines"]]
    assert Order.objects.get().partner == real
    assert StockLevel.objects.get().reserved == 2
    assert Customer.objects.count() == 1
    events = Event.objects.filter(subject=SandboxOrder.objects.get().subject)
    assert [row.name for row in events] == ["order.placed"]
    assert set(Delivery.objects.filter(event__in=events).values_list("consumer", flat=True)) == {
        "oms.partners.tasks.fan_out"
    }


def test_it_moves_by_calls_and_the_partner_is_told(client, tester, sku):
    add_endpoint(tester, url="https://example.com/hook", events=["*"])
    order = client.post("/api/v1/orders", body()).json()
    assert advance(client, order["number"]).json()["status"] == "confirmed"
    shipped = advance(client, order["number"], to="shipped").json()
    assert (shipped["fulfilment_state"], shipped["lines"][0]["shipped"], shipped["lines"][0]["delivered"]) == (
        "shipped",
        2,
        0,
    )
    done = advance(client, order["number"], to="delivered")
    assert (done.json()["status"], done["ETag"]) == ("closed", '"4"')
    assert client.get(f"/api/v1/orders/{order['number']}").json() == done.json()
    assert advance(client, order["number"]).status_code == 409
    assert client.post(f"/api/v1/orders/{order['number']}/cancel", {"reason": "x"}).status_code == 409
    names = Event.objects.filter(subject__startswith="sandbox:").order_by("sequence").values_list("name", flat=True)
    assert list(names) == ["order.placed", "order.confirmed", "order.shipped", "order.delivered", "order.closed"]


def test_it_is_cancelled_in_part_and_whole(client, sku):
    order = client.post("/api/v1/orders", body()).json()
    path, line = f"/api/v1/orders/{order['number']}/cancel", str(order["lines"][0]["id"])
    part = client.post(path, {"reason": "x", "lines": {line: 1}}, headers={"If-Match": '"1"'})
    assert (part.json()["status"], part.json()["lines"][0]["cancelled"]) == ("placed", 1)
    assert client.post(path, {"reason": "x", "lines": {line: 2}}).status_code == 422
    assert client.post(path, {"reason": "x"}, headers={"If-Match": '"1"'}).status_code == 412
    assert client.post(path, {"reason": "x"}).json()["status"] == "cancelled"
    names = Event.objects.filter(subject__startswith="sandbox:").order_by("sequence").values_list("name", flat=True)
    assert list(names) == ["order.placed", "order.lines_cancelled", "order.cancelled"]


def test_bad_orders_are_refused_as_real_ones_are_and_the_same_one_is_the_first(client, sku):
    orders = [body("1"), body("2", lines=[{"sku": "NONE", "quantity": 1, "unit_price": "1"}]), body("1")]
    found = client.post("/api/v1/orders/bulk", {"orders": orders}).json()
    assert [row["result"] for row in found["results"]] == ["created", "refused", "existing"]
    assert client.post("/api/v1/orders", body("1")).status_code == 200
    listed = client.get("/api/v1/orders?external_id=1").json()["results"]
    assert [row["number"] for row in listed] == [found["results"][0]["order"]["number"]]
    assert (SandboxOrder.objects.count(), Order.objects.count()) == (1, 0)


def test_a_real_order_cannot_be_moved_so_nor_anothers(client, sku, call_as, make_partner):
    order = client.post("/api/v1/orders", body()).json()
    stranger = call_as(make_partner("OTHER"))
    for number in (order["number"], "100001", "1"):
        assert advance(stranger, number).status_code == 404
    assert stranger.get(f"/api/v1/orders/{order['number']}").status_code == 404

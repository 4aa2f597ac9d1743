"""The API of orders, as its owner, a teammate without the scope, and a stranger meet it."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from inventory.models import KitComponent, StockLevel
from oms.outbox.models import Event
from orders.models import Order
from orders.services import cancel
from tests.make import ADDRESS, make_channel, make_order, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(make_partner):
    return make_partner("ACME")


@pytest.fixture
def shop(acme):
    return make_channel(code="SHOP", partner=acme)


@pytest.fixture
def client(call_as, acme):
    return call_as(acme)


def body(sku, **fields):
    lines = [{"sku": sku.code.lower(), "quantity": 2, "unit_price": "3.00"}]
    return {"channel": "shop", "external_id": "77", "email": "a@x.com", "ship_to": ADDRESS, "lines": lines} | fields


def test_place_and_read_back(client, shop):
    sku = make_sku(5)
    answer = client.post("/api/v1/orders", body(sku, charges=[{"kind": "shipping", "amount": "4.90"}]))
    assert answer.status_code == 201, answer.content
    placed = answer.json()
    assert (placed["gross"], placed["status"], placed["lines"][0]["gross"]) == ("10.90", "placed", "6.00")
    assert StockLevel.objects.get().reserved == 2
    read = client.get(answer["Location"])
    assert (read.json(), read["ETag"]) == (placed, '"1"')


def test_the_answer_to_placing_is_what_is_read_later(client, shop):
    """The answer is made of what was just written, not read again: kits, discounts and payments alike."""
    kit, part = make_sku(kind="kit"), make_sku(9)
    KitComponent.objects.create(kit=kit, component=part, quantity=2)
    lines = [
        {"sku": kit.code, "quantity": 2, "unit_price": "7.1234", "external_id": "a", "name": "Set"},
        {"sku": make_sku(5).code, "quantity": 3, "unit_price": "3", "discount": "0.5"},
    ]
    extras = {"charges": [{"kind": "shipping", "amount": "4.9"}], "discounts": [{"amount": "1"}], "gross": "27.86"}
    moment = datetime.now(timezone(timedelta(hours=2))) - timedelta(days=30)
    paid = {"payments": [{"amount": "5"}], "ordered_at": moment.isoformat(), "phone": "030 123"}
    answer = client.post("/api/v1/orders", body(part, lines=lines) | extras | paid)
    assert answer.status_code == 201, answer.content
    assert len(answer.json()["lines"]) == 3
    read = client.get(answer["Location"])
    assert (read.json(), read["ETag"]) == (answer.json(), answer["ETag"])


def test_same_order_again_is_the_first(client, shop):
    sku = make_sku(5)
    first = client.post("/api/v1/orders", body(sku))
    second = client.post("/api/v1/orders", body(sku))
    assert (second.status_code, second.json()) == (200, first.json())
    assert StockLevel.objects.get().reserved == 2


def test_same_key_is_answered_with_the_first_answer(client, shop):
    sku = make_sku(5)
    headers = {"Idempotency-Key": "k1"}
    first = client.post("/api/v1/orders", body(sku), headers=headers)
    second = client.post("/api/v1/orders", body(sku), headers=headers)
    other = client.post("/api/v1/orders", body(sku, external_id="78"), headers=headers)
    assert (second.status_code, second["Idempotent-Replayed"], other.status_code) == (201, "true", 422)
    assert first.json() == second.json()


def test_paid_order_is_paid(client, shop):
    payments = [{"amount": "6.00", "method": "Visa", "reference": "ch_1", "state": "captured"}]
    answer = client.post("/api/v1/orders", body(make_sku(5), payments=payments))
    assert answer.json()["payment_state"] == "paid"
    names = Event.objects.filter(subject__startswith="order:").order_by("sequence").values_list("name", flat=True)
    assert names[0] == "order.placed"


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"channel": "nope"}, 422, "channel"),
        ({"colour": "red"}, 400, "colour"),
        ({"lines": []}, 400, "lines.non_field_errors"),
        ({"lines": [{"sku": "NONE", "quantity": 1, "unit_price": "1"}]}, 422, "lines.0.sku"),
        ({"lines": [{"sku": "NONE", "quantity": 0}]}, 400, "lines.0.quantity"),
        ({"email": "nonsense"}, 422, "email"),
        ({"ship_to": {"country": "DE"}}, 422, "ship_to.line1"),
        ({"payments": [{"amount": "-1"}]}, 400, "payments.0.amount"),
    ],
)
def test_nonsense_is_a_problem_that_names_the_field(client, shop, change, status, field):
    answer = client.post("/api/v1/orders", body(make_sku(5), **change))
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert any(field.split(".non_field")[0] in name for name in answer.json()["errors"]), answer.json()
    assert not Order.objects.exists()


def test_out_of_stock_is_a_conflict(client, acme):
    make_channel(code="SHOP", partner=acme, on_shortage="refuse")
    answer = client.post("/api/v1/orders", body(make_sku(1)))
    assert (answer.status_code, answer.json()["code"]) == (409, "insufficient-stock")


def test_cancel_part_then_all(client, shop):
    order = make_order(quantity=3, channel=shop)
    line = order.lines.get()
    part = client.post(f"/api/v1/orders/{order}/cancel", {"reason": "fewer", "lines": {str(line.pk): 1}})
    assert part.json()["lines"][0]["cancelled"] == 1
    whole = client.post(f"/api/v1/orders/{order}/cancel", {"reason": "all"})
    assert whole.json()["status"] == "cancelled"
    assert client.post(f"/api/v1/orders/{order}/cancel", {"reason": "all"}).status_code == 409


def test_cancel_of_an_older_version_is_refused(client, shop):
    order = make_order(channel=shop)
    answer = client.post(f"/api/v1/orders/{order}/cancel", {"reason": "x"}, headers={"If-Match": '"99"'})
    assert answer.status_code == 412
    assert Order.objects.get().status == "placed"


def test_another_partners_orders_do_not_exist(call_as, make_partner, shop):
    order = make_order(channel=shop)
    stranger = call_as(make_partner("OTHER"))
    assert stranger.get("/api/v1/orders").json()["results"] == []
    assert stranger.get(f"/api/v1/orders/{order}").status_code == 404
    assert stranger.post(f"/api/v1/orders/{order}/cancel", {"reason": "x"}).status_code == 404
    assert stranger.post("/api/v1/orders", body(make_sku(5))).status_code == 422
    assert Order.objects.get().status == "placed"


def test_scopes(call_as, acme, shop):
    reader = call_as(acme, ["orders:read"])
    assert reader.get("/api/v1/orders").status_code == 200
    assert reader.post("/api/v1/orders", body(make_sku(5))).status_code == 403
    assert not Order.objects.exists()


def test_list_is_filtered_and_paged(client, shop, django_assert_num_queries):
    orders = [make_order(channel=shop) for _ in range(3)]
    cancel.cancel(orders[0].pk, reason="x")
    page = client.get("/api/v1/orders?page_size=1").json()
    assert page["results"][0]["number"] == orders[2].number
    assert client.get(page["next"]).json()["results"][0]["number"] == orders[1].number
    found = client.get("/api/v1/orders?status=cancelled").json()["results"]
    assert [each["number"] for each in found] == [orders[0].number]
    found = client.get(f"/api/v1/orders?external_id={orders[1].external_id}").json()["results"]
    assert [each["number"] for each in found] == [orders[1].number]
    with django_assert_num_queries(3):
        client.get("/api/v1/orders")


def test_amounts_are_text_to_the_cent(client, shop):
    answer = client.post(
        "/api/v1/orders",
        body(make_sku(5), lines=[{"sku": make_sku(5).code, "quantity": 3, "unit_price": "0.1234"}]),
    )
    line = answer.json()["lines"][0]
    assert (line["unit_price"], line["gross"]) == ("0.1234", "0.37")
    assert Order.objects.get().gross == Decimal("0.37")


def test_a_method_that_nobody_may_use_is_none_of_a_scope(client, shop):
    answer = client.put("/api/v1/orders", {})
    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")


def test_what_is_not_there_is_said_without_the_names_of_models(client, shop):
    detail = client.get("/api/v1/fulfilment-orders/999999").json()["detail"]
    assert detail == "There is no such row, or this key may not see it."


def test_more_than_an_amount_can_be_is_refused(client, shop):
    sku = make_sku(5)
    huge = {"sku": sku.code, "quantity": 1_000_000, "unit_price": "999999999"}
    large = {"sku": sku.code, "quantity": 1_000, "unit_price": "999999999"}
    for lines, field in (([huge], "lines.0.unit_price"), ([large, large], "lines")):
        answer = client.post("/api/v1/orders", body(sku, lines=lines))
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [field]), answer.content
        quote = {"channel": "SHOP", "ship_to": ADDRESS, "lines": lines}
        assert client.post("/api/v1/quotes", quote).status_code == 422
    assert not Order.objects.exists()


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "2006-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_moment_that_cannot_be_is_named(client, shop, at):
    sku = make_sku(5)
    answer = client.post("/api/v1/orders", body(sku, ordered_at=at))
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["ordered_at"])
    answer = client.post("/api/v1/orders/bulk", {"orders": [body(sku, ordered_at=at)]})
    assert list(answer.json()["results"][0]["problem"]["errors"]) == ["ordered_at"]
    assert not Order.objects.exists()


def test_goods_are_not_placed_as_a_download(client, shop):
    answer = client.post("/api/v1/orders", body(make_sku(5), method="digital"))
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["method"])

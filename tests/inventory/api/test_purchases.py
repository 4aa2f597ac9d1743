"""Purchase orders as their supplier meets them in the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import PurchaseLine, ShipmentNotice
from tests.inventory.buying import make_purchase, make_sent, make_supplier

pytestmark = pytest.mark.django_db


@pytest.fixture
def supplier(make_partner):
    return make_supplier(partner=make_partner("ACME"))


@pytest.fixture
def client(call_as, supplier):
    return call_as(supplier.partner)


def day(days):
    return timezone.localdate() + timedelta(days=days)


def url(order, step=""):
    return f"/api/v1/purchase-orders/{order}{step}"


def test_a_supplier_lists_what_was_sent_to_it_and_nothing_else(client, supplier):
    sent = make_sent(10, supplier=supplier)
    make_purchase(supplier=supplier)
    make_sent()
    [row] = client.get("/api/v1/purchase-orders?status=sent").json()["results"]
    assert (row["number"], row["lines"][0]["cost"]) == (sent.number, "4.0000")
    assert client.get("/api/v1/purchase-orders?status=received").json()["results"] == []


def test_days_are_confirmed(client, supplier):
    order = make_sent(10, supplier=supplier)
    line = order.lines.get()
    body = {"supplier_reference": "AB1", "lines": [{"line": line.pk, "confirmed_on": day(5).isoformat()}]}
    answer = client.post(url(order, "/confirm"), body)
    assert (answer.status_code, answer.json()["status"]) == (200, "confirmed")
    assert PurchaseLine.objects.inbound().get().arrives_on == day(5)


def test_a_day_in_the_past_or_a_foreign_line_is_refused(client, supplier):
    order, other = make_sent(10, supplier=supplier), make_sent()
    for line, on in ((order.lines.get(), day(-1)), (other.lines.get(), day(5))):
        body = {"lines": [{"line": line.pk, "confirmed_on": on.isoformat()}]}
        answer = client.post(url(order, "/confirm"), body)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["lines"])
    assert order.lines.get().confirmed_on is None


def test_a_line_is_confirmed_once(client, supplier):
    order = make_sent(10, supplier=supplier)
    rows = [{"line": order.lines.get().pk, "confirmed_on": day(days).isoformat()} for days in (5, 9)]
    answer = client.post(url(order, "/confirm"), {"lines": rows})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["lines"])
    assert order.lines.get().confirmed_on is None


def announce(client, order, quantity, **fields):
    rows = [{"line": order.lines.get().pk, "quantity": quantity}]
    body = {"delivery_note": "L77", "arrives_on": day(3).isoformat(), "lines": rows} | fields
    return client.post(url(order, "/announce"), body)


def test_a_shipment_is_announced_once_and_its_day_is_what_is_inbound(client, supplier):
    order = make_sent(10, supplier=supplier)
    for _ in range(2):
        answer = announce(client, order, 6, tracking_number="T1")
        assert answer.status_code == 200
    [notice] = answer.json()["shipments"]
    assert (notice["delivery_note"], notice["lines"][0]["quantity"]) == ("L77", 6)
    assert ShipmentNotice.objects.count() == 1
    # The rest comes on the day that was known.
    assert PurchaseLine.objects.inbound().get().arrives_on == order.lines.get().expected_on
    announce(client, order, 4, delivery_note="L78", arrives_on=day(2).isoformat())
    assert PurchaseLine.objects.inbound().get().arrives_on == day(3)


def test_a_part_that_comes_late_keeps_no_promise_early(client, supplier):
    order = make_sent(10, supplier=supplier)
    late = order.lines.get().expected_on + timedelta(days=2)
    announce(client, order, 6, arrives_on=late.isoformat())
    assert PurchaseLine.objects.inbound().get().arrives_on == late


def test_a_part_that_came_yesterday_cannot_be_announced(client, supplier):
    answer = announce(client, make_sent(10, supplier=supplier), 6, arrives_on=day(-1).isoformat())
    assert answer.status_code == 422
    assert not ShipmentNotice.objects.exists()


def test_more_than_is_awaited_cannot_be_announced(client, supplier):
    order = make_sent(10, supplier=supplier)
    answer = announce(client, order, 11)
    assert answer.status_code == 422
    assert "Between 1 and 10 pieces" in answer.json()["errors"]["lines"][0]
    assert not ShipmentNotice.objects.exists()
    assert order.lines.get().confirmed_on is None


def test_a_list_asks_the_same_number_of_questions_for_many_rows(client, supplier, django_assert_max_num_queries):
    for _ in range(5):
        make_sent(1, 2, supplier=supplier)
    client.get("/api/v1/purchase-orders")
    with django_assert_max_num_queries(10):
        assert len(client.get("/api/v1/purchase-orders").json()["results"]) == 5

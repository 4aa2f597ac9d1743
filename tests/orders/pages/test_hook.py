import json

import pytest

from oms.outbox.models import Event
from orders.models import ChannelDocument, Order
from orders.pages import hook
from tests.deliver import deliver
from tests.make import make_sku
from tests.orders.channels.feed import line, make_connection, order
from tests.orders.channels.test_signatures import signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return make_connection(code="SHOP")


def send(client, body, *, delivery="w1", code="shop", **headers):
    headers = {"X-Shopify-Hmac-Sha256": signed(body), "X-Shopify-Webhook-Id": delivery} | headers
    return client.post(f"/hooks/channels/{code}/", body, content_type="application/json", headers=headers)


def body_of(**fields):
    return json.dumps(order(line(make_sku(5).code), **fields)).encode()


def test_a_webhook_is_stored_as_it_came_and_placed_by_a_worker(client, shop):
    body = body_of()
    assert send(client, body, **{"X-Shopify-Topic": "orders/create"}).status_code == 202
    stored = ChannelDocument.objects.get()
    assert (stored.raw, stored.topic, stored.status, stored.external_id) == (body, "orders/create", "pending", "5001")
    assert not Order.objects.exists()
    deliver()
    assert Order.objects.get().external_id == "5001"


def test_the_same_delivery_again_is_the_same_document(client, shop):
    body = body_of()
    assert [send(client, body).status_code for _ in range(3)] == [202, 200, 200]
    assert ChannelDocument.objects.count() == 1
    assert Event.objects.filter(name="channel.received").count() == 1


def test_a_delivery_without_an_id_goes_by_its_body(client, shop):
    body = body_of()
    assert [send(client, body, delivery="").status_code for _ in range(2)] == [202, 200]


def test_what_is_signed_wrong_is_not_stored(client, shop):
    body = body_of()
    assert send(client, body, **{"X-Shopify-Hmac-Sha256": signed(body + b" ")}).status_code == 401
    assert not ChannelDocument.objects.exists()


def test_a_body_that_makes_no_sense_is_stored_and_refused_with_the_reason(client, shop):
    assert send(client, b"no json").status_code == 202
    deliver()
    stored = ChannelDocument.objects.get()
    assert (stored.status, stored.reason) == ("refused", "The body is neither a JSON object or list nor XML.")


def test_unknown_and_inactive_channels_are_404_and_large_bodies_413(client, shop, monkeypatch):
    body = body_of()
    assert send(client, body, code="other").status_code == 404
    monkeypatch.setattr(hook, "MOST_BYTES", len(body) - 1)
    assert send(client, body).status_code == 413
    monkeypatch.undo()
    shop.is_active = False
    shop.save()
    assert send(client, body).status_code == 404
    assert client.get("/hooks/channels/shop/").status_code == 405


def test_woocommerce_is_answered_when_it_asks_whether_somebody_is_there(client):
    make_connection(code="WOO", kind="woocommerce")
    answer = client.post("/hooks/channels/woo/", "webhook_id=1", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert not ChannelDocument.objects.exists()


def test_a_request_does_nothing_but_store(client, shop, django_assert_max_num_queries):
    body = body_of()
    with django_assert_max_num_queries(10):
        send(client, body)

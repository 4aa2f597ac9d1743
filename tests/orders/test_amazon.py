"""Orders of Amazon from the list to the parcel, and its numbers, one call each, through a throttle."""

from datetime import timedelta

import pytest
from django.utils import timezone

from oms.outbox.models import Event
from orders.channels import poll as polling
from orders.channels.amazon.partner import EVERY
from orders.models import ChannelDocument, ChannelMessage, ChannelStock, Connection, Order
from orders.services.list_goods import list_goods
from orders.services.poll_channel import poll, poll_due, try_connection
from orders.services.reconcile_channel import reconcile
from orders.services.tell_channels import SENDER
from tests.deliver import deliver
from tests.make import make_location, make_sku
from tests.orders.channels.fake_amazon import bought, life_of
from tests.orders.channels.fake_shop import connect, serving
from tests.orders.test_tell_order import UNANSWERED, sent, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def amazon(settings):
    with serving(settings) as shop:
        yield shop


def change(row, status):
    """Something became of an order there, a second later."""
    at = (timezone.now() + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    row["changed"] = row["head"]["lastUpdatedTime"] = at
    row["head"]["fulfillment"]["fulfillmentStatus"] = status


def test_an_order_is_placed_when_it_is_paid_shipped_once_and_does_not_echo(amazon):
    make_sku(9, make_location(), code="MUG")
    connection = connect(amazon, "amazon", tells_orders=True)
    amazon.orders = [bought(1, ("MUG", 3, 10), status="PENDING"), bought(2, ("MUG", 1, 10), status="SHIPPED")]
    assert poll(connection.pk) == 2
    deliver()
    assert not Order.objects.exists()  # one waits for its payment, and the other has left
    row = amazon.orders[0]
    change(row, "UNSHIPPED")
    assert [poll(connection.pk), poll(connection.pk)] == [1, 0]
    deliver()
    order = Order.objects.get()
    assert (order.external_id, order.gross, order.ship_to["city"]) == (row["id"], 30, "Bonn")

    sent(order, 3, "T1")
    amazon.troubles = [UNANSWERED]  # it is confirmed, and the answer is lost
    tell()
    tell()
    [package] = life_of(amazon, row["id"])["packages"].values()
    assert (package["trackingNumber"], package["orderItems"][0]["quantity"]) == ("T1", 3)
    message = ChannelMessage.objects.get()
    assert (message.status, message.external_id) == ("done", str(message.pk))

    change(row, "SHIPPED")
    poll(connection.pk)
    deliver()
    order.refresh_from_db()
    assert (order.status, ChannelMessage.objects.count()) == ("confirmed", 1)
    assert not ChannelDocument.objects.refused().exists()


def test_an_order_that_amazon_cancels_is_cancelled(amazon):
    make_sku(9, make_location(), code="MUG")
    connection = connect(amazon, "amazon")
    amazon.orders = [bought(1, ("MUG", 1, 10))]
    poll(connection.pk)
    deliver()
    change(amazon.orders[0], "CANCELLED")
    del amazon.orders[0]["head"]["proceeds"]["grandTotal"]
    poll(connection.pk)
    deliver()
    assert Order.objects.get().status == "cancelled"


def test_a_throttle_between_pages_loses_nothing_and_it_is_asked_as_often_as_amazon_lets(amazon, monkeypatch):
    monkeypatch.setattr(polling, "PER_PAGE", 2)
    make_sku(9, make_location(), code="MUG")
    connection = connect(amazon, "amazon")
    try_connection(connection)
    amazon.orders = [bought(pk, ("MUG", 1, 10)) for pk in range(1, 4)]
    amazon.troubles = [(200, {}, True), (429, {})]
    assert poll(connection.pk) == 2
    connection.refresh_from_db()
    assert (connection.polled_at, connection.poll_error) == (None, "The shop is busy.")
    assert is_in(connection.poll_after, EVERY)
    assert poll(connection.pk) == 1
    connection.refresh_from_db()
    assert (connection.polled_at is None, connection.poll_error) == (False, "")
    assert is_in(connection.poll_after, EVERY)
    poll_due()
    assert not Event.objects.filter(name="channel.poll_due").exists()


def is_in(at, wait):
    return timedelta(0) <= wait - (at - timezone.now()) < timedelta(seconds=30)


def test_at_night_what_is_missing_is_fetched_but_not_what_was_never_paid(amazon):
    make_sku(9, make_location(), code="MUG")
    connection = connect(amazon, "amazon")
    at = "2026-03-02T12:00:00Z"
    amazon.orders = [bought(1, ("MUG", 1, 10), changed=at), bought(2, ("MUG", 1, 10), status="PENDING", changed=at)]
    del amazon.orders[1]["head"]["proceeds"]
    found = reconcile(connection.pk, "2026-03-02")
    assert (found.shop_count, found.our_count, len(found.differences)) == (1, 0, 1)
    deliver()
    assert Order.objects.get().external_id == amazon.orders[0]["id"]


def test_numbers_that_were_taken_before_a_throttle_are_not_sent_again(amazon):
    location = make_location()
    skus = [make_sku(n, location) for n in (1, 2, 3)]
    amazon.goods = {sku.code: {"sku": sku.code, "parent": "", "levels": {"": 0}} for sku in skus}
    connection = connect(amazon, "amazon", writes_stock=True)
    list_goods(connection.pk)
    amazon.troubles = [(200, {}, True), (429, {"x-amzn-RateLimit-Limit": "0.1"})]
    SENDER.send_due()
    connection.refresh_from_db()
    assert ChannelStock.objects.stale().count() == 2
    assert timedelta(seconds=5) < connection.tell_after - timezone.now() <= timedelta(seconds=10)
    Connection.objects.update(tell_after=None)
    SENDER.send_due()
    assert [amazon.stock(sku.code) for sku in skus] == [1, 2, 3]
    assert len(amazon.set_sizes) == 3

"""What CS changes on an order goes to its channel, and what comes back from there is no change."""

from decimal import Decimal

import pytest

from fulfilment.models import FulfilmentOrder
from fulfilment.services.release import release
from oms.outbox.models import Event
from orders.admin.channel_out import in_words
from orders.models import ChannelMessage
from orders.services import change, holds
from orders.services.list_goods import list_goods
from tests.deliver import deliver
from tests.make import make_location, make_sku
from tests.orders.channels.fake_shop import serving
from tests.orders.channels.feed import take
from tests.orders.test_tell_order import CS, KINDS, UNANSWERED, bought, life, states, tell

pytestmark = pytest.mark.django_db

KOELN = {"name": "Ann von Groß", "line1": "Domkloster 4", "postcode": "50667", "city": "Köln", "country": "DE"}


@pytest.fixture
def shop(settings):
    with serving(settings) as shop:
        yield shop


def changed(order, operations):
    change.change(order.pk, operations, actor=CS)
    deliver()


def comes_back(shop, order):
    """The shop sends the order as it has it now; returns the document, and how often the order changed by it."""
    before, document = changes(), shop.orders[0]
    later = "2026-03-02T12:00:00+00:00"
    stored = take(order.channel_order.connection, document | {"updated_at": later, "date_modified_gmt": later})
    order.refresh_from_db()
    return stored, changes() - before


def to_the_floor(order):
    for hold in order.holds.active():
        holds.release(order.pk, hold.pk, note="Is paid on invoice.", actor=CS)
    deliver()
    release([FulfilmentOrder.objects.filter(order=order).earliest("pk").pk], actor=CS)
    assert order.allocations.filter(status="on_floor").exists()


def changes():
    return Event.objects.filter(name="order.changed").count()


def kept(order):
    return {line.sku_code: (line.external_id, line.quantity - line.cancelled) for line in order.lines.all()}


@pytest.mark.parametrize("kind", KINDS)
def test_another_address_is_told_and_does_not_come_back(shop, kind):
    order = bought(shop, kind)
    changed(order, {"ship_to": KOELN, "email": "new@example.com", "customer_note": "Ring twice"})
    shop.troubles = [UNANSWERED]
    tell()
    tell()
    assert states() == ["done"]
    there = shop.orders[0]
    address = there["shipping_address" if kind == "shopify" else "shipping"]
    assert (address["first_name"], address["last_name"], address["city"]) == ("Ann von", "Groß", "Köln")
    stored, more = comes_back(shop, order)
    assert (stored.status, stored.reason, more) == ("done", "", 0)
    assert (order.ship_to, order.email, order.customer_note) == (KOELN, "new@example.com", "Ring twice")
    assert tell() == 0


def test_what_changed_there_after_it_was_told_is_taken(shop):
    order = bought(shop)
    changed(order, {"ship_to": KOELN})
    tell()
    comes_back(shop, order)
    there = shop.orders[0]
    there |= {"shipping_address": there["shipping_address"] | {"city": "Bonn"}}
    stored = take(order.channel_order.connection, there | {"updated_at": "2026-03-02T13:00:00+00:00"})
    order.refresh_from_db()
    deliver()
    assert (stored.reason, order.ship_to["city"]) == ("", "Bonn")
    assert states() == ["done"]  # the channel said so itself


def test_more_pieces_and_other_goods_are_told_to_woocommerce_and_come_back_as_the_same(shop):
    make_sku(9, make_location(), code="CUP")
    shop.goods = {"901": {"sku": "CUP", "parent": "900", "levels": {"": 0}}}
    order = bought(shop, "woocommerce", writes_stock=True)
    list_goods(order.channel_order.connection_id)
    [line] = order.lines.all()
    changed(order, {"quantities": {str(line.pk): 5}, "add": [{"sku": "CUP", "quantity": 2, "unit_price": "3.33"}]})
    shop.troubles = [(200, {}, True), UNANSWERED]  # it is done, and the answer is lost
    tell()
    tell()
    rows = {row["sku"]: row for row in shop.orders[0]["line_items"]}
    assert [(row["quantity"], row["total"]) for row in rows.values()] == [(5, "47.50"), (2, "6.66")]
    order.refresh_from_db()
    assert Decimal(shop.orders[0]["total"]) == order.gross
    to_the_floor(order)  # what is no change may come back late
    stored, more = comes_back(shop, order)
    assert (stored.status, stored.reason, more) == ("done", "", 0)
    assert kept(order) == {"MUG": ("1", 5), "CUP": (str(rows["CUP"]["id"]), 2)}


def test_fewer_pieces_are_a_cancellation_alone(shop):
    order = bought(shop)
    [line] = order.lines.all()
    changed(order, {"quantities": {str(line.pk): 1}})
    tell()
    assert dict(ChannelMessage.objects.values_list("kind", "status")) == {"cancellation": "done", "change": "done"}
    assert [row["quantity"] for row in life(shop)["refunds"][0]["refund_line_items"]] == [2]


def test_what_a_platform_takes_from_people_only_says_so(shop):
    order = bought(shop)
    [line] = order.lines.all()
    add = [{"sku": "MUG", "quantity": 1, "unit_price": "9.50"}]
    changed(order, {"ship_to": KOELN, "method": "express", "quantities": {str(line.pk): 5}, "add": add})
    tell()
    [message] = ChannelMessage.objects.all()
    text = "Shopify cannot be told, change it there by hand: method, 2 more of MUG, 1 more of MUG."
    assert (message.status, message.error) == ("refused", text)
    assert in_words(message) == "What was changed here, as it is when it is sent: lines, method, ship to."
    assert shop.orders[0]["shipping_address"]["city"] == "Köln"


def test_what_nobody_there_has_is_not_told(shop):
    order = bought(shop)
    changed(order, {"gift_message": "Cheers"})
    assert not ChannelMessage.objects.exists()

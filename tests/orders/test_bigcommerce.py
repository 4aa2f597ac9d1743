"""What became of an order here, and what is counted, goes to BigCommerce: once, whatever is lost on the way."""

from decimal import Decimal

import pytest

from fulfilment.models import Carrier
from fulfilment.services.unship import unship
from oms.outbox.models import Event
from orders.channels import out
from orders.channels.bigcommerce import stock
from orders.channels.out import Piece
from orders.channels.shops import shop_of
from orders.models import ChannelMessage, Connection, Order, Refund
from orders.services import cancel, change
from orders.services.list_goods import list_goods
from tests.deliver import deliver
from tests.make import make_location, make_sku
from tests.orders.channels.fake_bigcommerce import bought, life_of
from tests.orders.channels.fake_shop import connect, serving
from tests.orders.channels.feed import take
from tests.orders.test_tell_changed import KOELN
from tests.orders.test_tell_order import CS, UNANSWERED, paid_back, sent, states, tell

pytestmark = pytest.mark.django_db

DONE = (200, {}, True)
ENTERED = {"order_address_id": 41, "items": [{"order_product_id": 61, "quantity": 1}]}
SEVERAL = 7


@pytest.fixture
def shop(settings):
    with serving(settings) as shop:
        yield shop


@pytest.fixture
def order(shop):
    """An order of three mugs of the shop, paid there, confirmed and at work here."""
    make_sku(9, make_location(), code="MUG")
    shop.orders = [bought(3)]
    take(connect(shop, "bigcommerce", tells_orders=True), shop.orders[0])
    return Order.objects.get()


def told(shop):
    return [(row["tracking_number"], row["items"]) for row in life_of(shop)["shipments"]]


def mugs(pieces):
    return [{"order_product_id": 61, "quantity": pieces}]


def test_parts_that_left_are_told_once_and_the_last_makes_it_shipped(shop, order):
    Carrier.objects.create(code="UPS", name="UPS")
    Carrier.objects.create(code="BIKE", name="Own bike", tracking_url="https://bike.example/{number}")
    parcel = sent(order, 1, "T1", "UPS")
    shop.troubles = [DONE, DONE, UNANSWERED]  # it is made, and the answer is lost
    tell()
    assert states() == ["pending"]
    tell()
    [first] = life_of(shop)["shipments"]
    assert (first["shipping_provider"], first["comments"]) == ("ups", f"[{parcel}]")
    assert (told(shop), shop.orders[0]["status_id"]) == ([("T1", mugs(1))], 11)
    parcel = sent(order, 2, "T2", "BIKE")
    tell()
    second = life_of(shop)["shipments"][1]
    assert (second["shipping_provider"], second["comments"]) == ("", f"Own bike [{parcel}]")
    assert second["tracking_link"] == "https://bike.example/T2"
    assert (told(shop)[1], shop.orders[0]["status_id"]) == (("T2", mugs(2)), 2)
    assert [message.external_id for message in ChannelMessage.objects.order_by("pk")] == ["1", "2"]
    assert (tell(), states()) == (0, ["done", "done"])


def test_what_somebody_entered_there_is_not_told_again(shop, order):
    life_of(shop)["shipments"].append(ENTERED | {"id": 900, "comments": "by hand", "tracking_number": ""})
    sent(order, 3, "T1")
    tell()
    assert told(shop) == [("", mugs(1)), ("T1", mugs(2))]


def test_a_shipment_that_was_deleted_there_makes_no_other_one_twice(shop, order):
    sent(order, 1, "T1")
    tell()
    life_of(shop)["shipments"].clear()
    sent(order, 2, "T2")
    shop.troubles = [DONE, DONE, UNANSWERED]
    tell()
    tell()
    assert told(shop) == [("T2", mugs(2))]


def test_each_address_has_a_shipment_of_its_own(shop, order):
    shipping = shop.orders[0]["consignments"]["shipping"]
    shipping.append(shipping[0] | {"id": 42, "line_items": [shipping[0]["line_items"][0] | {"order_address_id": 42}]})
    shipping[0]["line_items"] = []
    sent(order, 3, "T1")
    tell()
    assert [row["order_address_id"] for row in life_of(shop)["shipments"]] == [42]


def test_what_it_refuses_is_shown_in_its_own_words(shop, order):
    shop.orders[0]["consignments"]["shipping"][0]["line_items"][0]["quantity"] = 1
    sent(order, 3, "T1")
    tell()
    message = ChannelMessage.objects.get()
    assert (message.status, message.error) == ("refused", "The shop answers 400: The quantity of an item is invalid.")


@pytest.mark.parametrize(("before", "status"), [(0, 11), (1, 3)])
def test_a_parcel_that_has_not_left_after_all_is_taken_back(shop, order, before, status):
    if before:
        sent(order, before, "T0")
        tell()
    parcel = sent(order, 3 - before, "T1")
    tell()
    unship(parcel.fulfilment_order_id, actor=CS)
    deliver()
    shop.troubles = [DONE, UNANSWERED]
    tell()
    tell()
    assert (len(told(shop)), shop.orders[0]["status_id"]) == (before, status)
    assert states()[-2:] == ["taken_back", "done"]


def test_an_order_that_cs_cancels_is_cancelled_there_and_does_not_come_back(shop, order):
    cancel.cancel(order.pk, reason="changed mind", actor=CS)
    deliver()
    shop.troubles = [DONE, UNANSWERED]
    tell()
    tell()
    assert (shop.orders[0]["status_id"], states()[0]) == (5, "done")
    puts = len(shop.asked)
    ChannelMessage.objects.filter(kind="cancellation").update(status="pending")
    tell()
    assert len(shop.asked) == puts + 1  # it looked, and that was all


def test_pieces_that_cs_cancels_are_noted_once(shop, order):
    shop.orders[0]["staff_notes"] = "VIP"
    cancel.cancel(order.pk, lines={order.lines.get().pk: 1}, reason="one less", actor=CS)
    deliver()
    message = ChannelMessage.objects.earliest("pk")
    shop.troubles = [DONE, DONE, UNANSWERED]
    tell()
    tell()
    assert shop.orders[0]["staff_notes"] == f"VIP\nCancelled: 1 × Mug. one less {message.mark}"


def test_an_order_is_shipped_when_the_rest_is_cancelled(shop, order):
    sent(order, 2, "T1")
    tell()
    assert shop.orders[0]["status_id"] == 11
    cancel.cancel(order.pk, lines={order.lines.get().pk: 1}, reason="one less", actor=CS)
    deliver()
    tell()
    assert shop.orders[0]["status_id"] == 2


def test_a_refund_goes_over_the_card_once_and_does_not_come_back(shop, order):
    paid_back(order)
    shop.troubles = [DONE, DONE, UNANSWERED]
    tell()
    tell()
    [made] = life_of(shop)["refunds"]
    message = ChannelMessage.objects.get()
    assert (Decimal(str(made["total_amount"])), made["items"][0]["reason"]) == (5, f"scratched {message.mark}")
    assert (message.status, Refund.objects.get().key) == ("done", f"channel:{made['id']}")
    connection = Connection.objects.get()
    take(connection, {"data": made, "meta": {}})
    take(connection, shop.orders[0] | {"refunded_amount": "5.00", "date_modified": "Mon, 02 Mar 2026 11:00:00 +0000"})
    assert Refund.objects.count() == 1


def test_a_refund_that_comes_back_before_its_answer_is_the_same_one(shop, order):
    paid_back(order)
    shop.troubles = [DONE, DONE, UNANSWERED]
    tell()
    take(Connection.objects.get(), {"data": life_of(shop)["refunds"][0], "meta": {}})
    assert (states(), Refund.objects.count(), tell()) == (["done"], 1, 0)


@pytest.mark.parametrize(
    ("refuses", "said", "made"),
    [
        ("card", "BigCommerce gives 5.00 back by hand or as store credit only: do it there.", 0),
        ("refunds", "The refund was declined: The card has expired.", 1),
    ],
)
def test_money_that_does_not_go_back_over_what_was_paid_with_is_left_to_people(shop, order, refuses, said, made):
    shop.refuses = {refuses}
    paid_back(order)
    tell()
    message = ChannelMessage.objects.get()
    assert (message.status, message.error, len(life_of(shop)["refunds"])) == ("refused", said, made)
    ChannelMessage.objects.update(status="pending")
    tell()
    message.refresh_from_db()
    assert (message.error, len(life_of(shop)["refunds"])) == (said, made)


def test_another_address_is_told_and_does_not_come_back(shop, order):
    new = {"ship_to": KOELN, "bill_to": KOELN, "email": "new@example.com", "customer_note": "Ring twice"}
    change.change(order.pk, new | {"method": "express"}, actor=CS)
    deliver()
    shop.troubles = [DONE, UNANSWERED]
    tell()
    tell()
    message = ChannelMessage.objects.get()
    assert (message.status, message.error) == ("done", "")
    there = shop.orders[0]
    assert there["staff_notes"] == f"Is sent by another method: express. {message.mark}"
    assert there["billing_address"]["city"] == there["consignments"]["shipping"][0]["city"] == "Köln"
    before = Event.objects.filter(name="order.changed").count()
    stored = take(Connection.objects.get(), there | {"date_modified": "Mon, 02 Mar 2026 12:00:00 +0000"})
    order.refresh_from_db()
    assert (stored.status, stored.reason) == ("done", "")
    assert Event.objects.filter(name="order.changed").count() == before
    assert (order.ship_to, order.email, order.customer_note) == (KOELN, "new@example.com", "Ring twice")


def test_an_email_alone_leaves_the_rest_of_the_billing_address(shop, order):
    change.change(order.pk, {"email": "new@example.com"}, actor=CS)
    deliver()
    tell()
    billing = shop.orders[0]["billing_address"]
    assert (states(), billing["email"], billing["city"]) == (["done"], "new@example.com", "Bonn")


def test_more_pieces_and_one_of_several_addresses_are_left_to_people(shop, order):
    shipping = shop.orders[0]["consignments"]["shipping"]
    shipping.append(shipping[0] | {"id": 42, "line_items": []})
    change.change(order.pk, {"ship_to": KOELN, "quantities": {str(order.lines.get().pk): 5}}, actor=CS)
    deliver()
    tell()
    message = ChannelMessage.objects.get()
    text = "BigCommerce cannot be told, change it there by hand: ship to, 2 more of MUG."
    assert (message.status, message.error) == ("refused", text)
    assert {one["city"] for one in shipping} == {"Bonn"}


# goods


def test_goods_are_listed_as_they_are_counted_and_each_once(shop):
    levels = {"1": 4, "2": 1}
    shop.goods = {
        "900": {"sku": "MUG", "parent": "", "levels": levels},
        "901": {"sku": "RED", "parent": "77", "levels": levels},
        "902": {"sku": "BLUE", "parent": "77", "levels": levels},
        "903": {"sku": "FREE", "parent": "", "levels": levels, "tracked": False},
    }
    connection = connect(shop, "bigcommerce", writes_stock=True)
    assert list_goods(connection.pk) == 6, Connection.objects.get().goods_error
    rows = connection.stock.order_by("item_id", "place_id").values_list("item_id", "code", "place_id", "shop")
    mug, red, _ = list(rows)[::2]
    assert (mug, red) == (("product:900", "MUG", "1", 4), ("variant:901", "RED", "1", 4))
    assert connection.places.get(is_default=True).name == "Main"


def test_a_store_that_refuses_everything_is_not_asked_for_each(shop, monkeypatch):
    monkeypatch.setattr(out, "MOST_CALLS", SEVERAL)
    connection = connect(shop, "bigcommerce")
    pieces = [Piece(n, 1, f"product:{n}", "", "9", 1) for n in range(64)]
    refused = stock.set_stock(shop_of(connection, timeout_s=5), pieces)
    assert refused.keys() == set(range(64))
    assert refused[0] == "The shop answers 422: Item with product_id 0 is not tracked."
    assert len(shop.asked) <= 2 * SEVERAL

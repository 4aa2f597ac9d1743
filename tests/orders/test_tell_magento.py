"""Magento is told of stock, beside what its own open orders wait for, and of what became of an order: once."""

from decimal import Decimal

import pytest

from fulfilment.models import Parcel
from fulfilment.services.ship import ship
from fulfilment.services.unship import unship
from inventory.services import stock
from orders.models import ChannelMessage, ChannelStock, Connection, Order, Refund
from orders.services import cancel, refund
from orders.services.follow_stock import follow_all
from orders.services.list_goods import list_goods
from orders.services.refund import RefundLineIn
from orders.services.tell_channels import SENDER
from tests.deliver import deliver
from tests.make import make_location, make_sku
from tests.orders.channels import fake_magento
from tests.orders.channels.fake_magento import invoice, life_of, paid_back
from tests.orders.channels.fake_shop import connect, serving
from tests.orders.channels.feed import take
from tests.orders.test_tell_changed import KOELN, changed, comes_back
from tests.orders.test_tell_order import CS, UNANSWERED, sent, states, tell

pytestmark = pytest.mark.django_db
DONE = (200, {}, True)


@pytest.fixture
def shop(settings):
    with serving(settings) as shop:
        yield shop


# stock


def sells(shop, *skus, **levels):
    for sku in skus:
        item = {"sku": sku.code, "parent": "", "levels": levels or {"default": 0}}
        shop.goods[str(900 + len(shop.goods))] = item


def connected(shop, **fields):
    connection = connect(shop, "magento", writes_stock=True, **fields)
    list_goods(connection.pk)
    return Connection.objects.get(pk=connection.pk)


def row(sku, quantity, **fields):
    return fake_magento.order(quantity)["items"][0] | {"sku": sku, "product_type": "simple"} | fields


def test_what_magentos_own_orders_wait_for_comes_on_top(shop):
    location = make_location()
    mug, cup = make_sku(5, location), make_sku(4, location)
    sells(shop, mug, cup)
    waits = [row(mug.code, 7, qty_shipped=3, qty_canceled=1, qty_refunded=2), row(mug.code, 2, qty_refunded=2)]
    bundle = [row(cup.code, 5, item_id=7, product_type="bundle"), row(cup.code, 2, parent_item_id=7)]
    twice = [row(cup.code, 1, item_id=8, product_type="configurable"), row(cup.code, 1, parent_item_id=8)]
    gone = row(cup.code, 1, is_virtual=1, qty_invoiced=1)
    shop.orders = [fake_magento.order() | {"items": rows} for rows in (waits, bundle, twice, [gone])]
    connection = connected(shop)
    SENDER.send_due()
    assert (shop.stock(mug.code), shop.stock(cup.code)) == (5 + 3, 4 + 3)
    list_goods(connection.pk)
    list_goods(connection.pk)
    assert not ChannelStock.objects.differing().exists()
    assert SENDER.send_due() == 0


def test_a_source_that_is_a_location_of_ours_has_its_own_number(shop):
    main, store = make_location(), make_location()
    mug = make_sku(9, main)
    stock.receive(mug, store, 4)
    sells(shop, mug, annex=0, default=0)
    shop.orders = [fake_magento.order() | {"items": [row(mug.code, 2)]}]
    connection = connected(shop)
    assert list(connection.places.values_list("place_id", "is_default")) == [("default", True), ("annex", False)]
    connection.places.filter(place_id="annex").update(location=store)
    follow_all()
    SENDER.send_due()
    assert shop.goods["900"]["levels"] == {"default": 9 + 2, "annex": 4}


def test_numbers_go_in_batches_and_what_is_refused_keeps_nothing_else_waiting(shop, monkeypatch):
    monkeypatch.setattr("orders.channels.magento.stock.MOST_ITEMS", 4)
    location = make_location()
    mugs = [make_sku(n, location) for n in range(1, 7)]
    sells(shop, *mugs)
    connected(shop)
    shop.refuses = {mugs[1].code}
    SENDER.send_due()
    assert [shop.stock(mug.code) for mug in mugs] == [1, 0, 3, 4, 5, 6]
    refused = ChannelStock.objects.refused().get()
    assert (refused.sku, f"SKU {mugs[1].code} does not exist" in refused.error) == (mugs[1], True)
    assert SENDER.send_due() == 0


def test_goods_are_put_at_no_source_at_which_they_were_not(shop):
    mug = make_sku(5)
    sells(shop, mug)
    connected(shop)
    shop.goods["900"]["levels"] = {"annex": 0}
    SENDER.send_due()
    assert shop.goods["900"]["levels"] == {"annex": 0}
    assert ChannelStock.objects.refused().get().error == f"Magento has no {mug.code} at default."


def test_without_sources_it_says_what_is_missing(shop):
    connection = connect(shop, "magento", writes_stock=True)
    shop.places = {}
    list_goods(connection.pk)
    connection.refresh_from_db()
    assert connection.goods_error.startswith("Magento's Inventory (MSI) has to be installed")


# orders


def bought(shop, **fields):
    """An order of three mugs of the shop, paid there, confirmed and at work here."""
    mug = make_sku(9, make_location(), code="MUG")
    sells(shop, mug, default=1, annex=12)
    connection = connect(shop, "magento", tells_orders=True)
    shop.orders = [fake_magento.order(**fields)]
    take(connection, shop.orders[0])
    return Order.objects.get()


def shipped(shop):
    numbers = [[track["track_number"] for track in one["tracks"]] for one in life_of(shop)["shipments"]]
    return [(*tracks, one["items"][0]["qty"]) for tracks, one in zip(numbers, life_of(shop)["shipments"], strict=True)]


@pytest.mark.parametrize("number", ["T1", ""])
def test_parts_that_left_are_shipments_there_and_an_unknown_answer_makes_no_second(shop, number):
    order = bought(shop)
    parcel = sent(order, 1, number)
    shop.troubles = [*[DONE] * 3, UNANSWERED]  # it is made, and the answer is lost
    tell()
    assert states() == ["pending"]
    tell()
    assert shipped(shop) == [("T1", 1) if number else (1,)]
    assert ChannelMessage.objects.get().external_id == str(life_of(shop)["shipments"][0]["entity_id"])
    assert life_of(shop)["comments"]["shipment", "1"] == [f"Shipped. [{parcel}]"]
    sent(order, 2, number and "T2")
    tell()
    assert [pieces for *_, pieces in shipped(shop)] == [1, 2]
    assert [one["items"][0]["order_item_id"] for one in life_of(shop)["shipments"]] == [1, 1]
    assert (tell(), states()) == (0, ["done", "done"])


def test_what_is_made_is_known_again_also_where_the_parcel_before_was_refused(shop):
    order = bought(shop)
    sent(order, 1, "T1")
    sent(order, 1, "T2")
    shop.troubles = [*[DONE] * 3, (400, {}), *[DONE] * 3, UNANSWERED]
    tell()
    tell()
    assert (shipped(shop), states()) == ([("T2", 1)], ["refused", "done"])


def test_pieces_leave_the_source_that_has_them(shop):
    sent(bought(shop), 3, "T1")
    tell()
    assert shop.goods["900"]["levels"] == {"default": 1, "annex": 9}


@pytest.mark.parametrize(("number", "after"), [("T0", [("T0", 2), ("T1", 1)]), ("T1", [("T1", 2), (1,)])])
def test_what_was_shipped_there_by_hand_gets_the_number_unless_it_has_it(shop, number, after):
    order = bought(shop)
    shop.orders[0]["items"][0]["qty_shipped"] = 3
    there = [{"entity_id": 76, "items": [{"qty": 2}], "tracks": [{"track_number": number}]}]
    there += [{"entity_id": 77, "items": [{"qty": 1}], "tracks": []}]
    life_of(shop)["shipments"] += there
    sent(order, 3, "T1")
    tell()
    assert shipped(shop) == after
    for track in there[1]["tracks"]:
        assert (track["title"], track["carrier_code"], track["order_id"]) == ("Own delivery", "custom", 5001)


def test_a_parcel_that_has_not_left_after_all_loses_its_number_and_gets_the_next(shop):
    parcel = sent(bought(shop), 3, "T1")
    tell()
    unship(parcel.fulfilment_order_id, actor=CS)
    deliver()
    shop.troubles = [*[DONE] * 3, UNANSWERED]
    tell()
    tell()
    assert shipped(shop) == [(3,)]
    assert life_of(shop)["comments"]["shipment", "1"][1:] == [f"It has not left after all. [not {parcel}]"]
    Parcel.objects.update(tracking_number="T2")
    ship(parcel.fulfilment_order_id, actor=CS)
    deliver()
    tell()
    assert shipped(shop) == [("T2", 3)]


def test_what_has_no_invoice_is_cancelled_there_once(shop):
    order = bought(shop, state="new", status="pending", total_paid=0)
    cancel.cancel(order.pk, reason="changed mind", actor=CS)
    deliver()
    shop.troubles = [DONE, UNANSWERED]
    tell()
    tell()
    assert (shop.orders[0]["state"], states(), life_of(shop)["comments"]) == ("canceled", ["done"], {})


@pytest.mark.parametrize("state", ["processing", "new"])
def test_pieces_that_are_cancelled_are_a_comment_once(shop, state):
    order = bought(shop, state=state)
    cancel.cancel(order.pk, lines={order.lines.get().pk: 1}, reason="one less", actor=CS)
    deliver()
    shop.troubles = [*[DONE] * 2, UNANSWERED]
    tell()
    tell()
    mark = ChannelMessage.objects.earliest("pk").mark
    assert life_of(shop)["comments"]["orders", "5001"] == [f"Cancelled: 1 × Mug. one less {mark}"]
    assert shop.orders[0]["state"] == state


def test_an_invoiced_order_that_is_cancelled_is_closed_by_its_refund(shop):
    order = bought(shop)
    cancel.cancel(order.pk, reason="changed mind", actor=CS)
    deliver()
    refund.approve(Refund.objects.get().pk, actor="user:8")
    deliver()
    tell()
    assert paid_back(shop) == [Decimal("28.5")]
    assert life_of(shop)["creditmemos"][0]["back"] == [1]  # of all of it, none of which has left
    assert [text[:20] for text in life_of(shop)["comments"]["orders", "5001"]] == ["Cancelled: 3 × Mug. "]
    assert set(states()) == {"done"}


def asked_back(order, amount="5.00"):
    refund.request(order.pk, lines=[RefundLineIn("goodwill", Decimal(amount))], reason="scratched", actor=CS)
    deliver()


def test_money_goes_back_over_the_gateway_once_and_does_not_come_back(shop):
    order = bought(shop)
    asked_back(order)
    shop.troubles = [*[DONE] * 2, UNANSWERED]
    tell()
    tell()
    [memo] = life_of(shop)["creditmemos"]
    assert (memo["grand_total"], Refund.objects.get().key) == (5.0, f"channel:{memo['entity_id']}")
    echo = memo | {"order_currency_code": "EUR", "creditmemo_status": 1, "comments": [{"comment": "scratched"}]}
    take(Connection.objects.get(), echo)
    later = {"updated_at": "2026-03-02 12:00:00", "total_refunded": 5.0}
    take(Connection.objects.get(), shop.orders[0] | later)
    assert Refund.objects.count() == 1


def test_money_that_several_invoices_took_goes_back_over_each(shop):
    order = bought(shop)
    life_of(shop)["invoices"][:] = [invoice(grand_total=4), invoice(entity_id=302, grand_total=24.5)]
    shop.orders[0]["items"][0]["qty_shipped"] = 3
    asked_back(order)
    shop.troubles = [*[DONE] * 3, UNANSWERED]  # the first is made
    tell()
    assert paid_back(shop) == [4]
    tell()
    memos = [(memo["invoice_id"], memo["grand_total"], memo["back"]) for memo in life_of(shop)["creditmemos"]]
    assert memos == [(301, 4, []), (302, 1, None)]


@pytest.mark.parametrize(
    ("paid", "why"),
    [
        ({"transaction_id": None}, "5.00 that none of its gateways took, to be given back"),
        ({"base_currency_code": "USD"}, "5.00 to be given back, as it counts in USD"),
    ],
)
def test_money_that_magento_would_not_give_back_is_left_to_people(shop, paid, why):
    order = bought(shop)
    life_of(shop)["invoices"][:] = [invoice(**paid)]
    asked_back(order)
    tell()
    message = ChannelMessage.objects.get()
    text = f"Magento cannot be told, change it there by hand: {why}."
    assert (message.status, message.error, paid_back(shop)) == ("refused", text, [])


def test_another_address_is_told_and_the_rest_left_to_people(shop):
    order = bought(shop)
    addresses = {"ship_to": KOELN | {"phone": "0221"}, "bill_to": KOELN}
    more = {str(order.lines.get().pk): 5}
    changed(order, addresses | {"email": "new@example.com", "quantities": more})
    tell()
    message = ChannelMessage.objects.get()
    text = "Magento cannot be told, change it there by hand: email, 2 more of MUG."
    assert (message.status, message.error) == ("refused", text)
    there = shop.orders[0]["extension_attributes"]["shipping_assignments"][0]["shipping"]["address"]
    assert (there["firstname"], there["lastname"], there["city"]) == ("Ann von", "Groß", "Köln")
    paid_by = shop.orders[0]["billing_address"]
    assert (there["telephone"], paid_by["city"], paid_by["telephone"]) == ("0221", "Köln", "0228")
    stored, _ = comes_back(shop, order)
    assert (stored.status, order.ship_to, order.bill_to) == ("done", addresses["ship_to"], KOELN)

"""What became of an order here, and what there is, goes to eBay: once, and what it takes from people only is said."""

import pytest

from fulfilment.models import Carrier
from fulfilment.services.unship import unship
from inventory.services.stock import adjust
from orders.channels.ebay import stock
from orders.models import ChannelMessage, Connection, Order, Refund
from orders.services import cancel, change, refund
from orders.services.list_goods import list_goods
from orders.services.tell_channels import SENDER
from tests.deliver import deliver
from tests.make import make_location, make_sku
from tests.orders.channels.fake_ebay import bought, fulfilments_of
from tests.orders.channels.fake_shop import connect, serving
from tests.orders.channels.feed import take
from tests.orders.test_tell_changed import KOELN
from tests.orders.test_tell_order import CS, UNANSWERED, paid_back, sent, states, tell

pytestmark = pytest.mark.django_db

DONE = (200, {}, True)
BY_HAND = "eBay cannot be told, change it there by hand: "


@pytest.fixture
def ebay(settings):
    with serving(settings) as shop:
        yield shop


@pytest.fixture
def order(ebay):
    """An order of three mugs of eBay, paid there, confirmed and at work here."""
    make_sku(9, make_location(), code="MUG")
    ebay.orders = [bought(3)]
    take(connect(ebay, "ebay", tells_orders=True), ebay.orders[0])
    return Order.objects.get()


def told(ebay):
    rows = fulfilments_of(ebay)
    return [(row["shipmentTrackingNumber"], row["lineItems"][0]["quantity"]) for row in rows]


def refused():
    """Tell what waits, of which one is refused; returns why."""
    tell()
    return ChannelMessage.objects.get(status="refused").error


@pytest.mark.parametrize("number", ["JD 01-4", ""])
def test_parts_that_left_are_told_once(ebay, order, number):
    sent(order, 1, number)
    ebay.troubles = [DONE, DONE, UNANSWERED]  # a token, a look, and it is made, and the answer is lost
    tell()
    assert states() == ["pending"]
    tell()
    bare = "JD014" if number else ""
    assert told(ebay) == [(bare, 1)]
    assert ChannelMessage.objects.get().external_id == bare
    Carrier.objects.create(code="RM", name="Royal Mail")
    sent(order, 2, "T2", "RM")
    tell()
    assert told(ebay)[1:] == [("T2", 2)]
    assert [row["shippingCarrierCode"] for row in fulfilments_of(ebay)] == ["Other" if number else None, "RoyalMail"]
    assert ChannelMessage.objects.latest("pk").external_id == "T2"
    assert (tell(), states()) == (0, ["done", "done"])


def test_what_is_refused_there_is_shown(ebay, order):
    ebay.orders[0]["lineItems"][0]["quantity"] = 1
    sent(order, 3, "T1")
    assert "Invalid input data" in refused()


def test_a_parcel_that_has_not_left_after_all_is_left_to_people(ebay, order):
    parcel = sent(order, 3, "T-1")
    tell()
    unship(parcel.fulfilment_order_id, actor=CS)
    deliver()
    assert refused() == f"{BY_HAND}parcel T-1 has not left."
    fulfilments_of(ebay).clear()
    ChannelMessage.objects.filter(status="refused").update(status="pending")
    tell()
    assert states() == ["taken_back", "done"]


def test_a_cancellation_is_left_to_people_and_pays_back_by_itself(ebay, order):
    cancel.cancel(order.pk, reason="changed mind", actor=CS)
    deliver()
    assert refused() == f"{BY_HAND}the order is cancelled."
    ebay.orders[0]["cancelStatus"]["cancelState"] = "CANCELED"
    ChannelMessage.objects.update(status="pending")
    refund.approve(Refund.objects.get().pk, actor=CS)
    deliver()
    tell()
    assert dict(ChannelMessage.objects.values_list("kind", "status")) == {"cancellation": "done", "refund": "done"}
    assert ebay.orders[0]["paymentSummary"]["refunds"] == []


def test_pieces_that_cs_cancels_are_left_to_people(ebay, order):
    cancel.cancel(order.pk, lines={order.lines.get().pk: 1}, reason="one less", actor=CS)
    deliver()
    tell()
    assert ChannelMessage.objects.get(kind="cancellation").error == f"{BY_HAND}1 fewer of MUG."


def test_a_refund_is_paid_out_there_and_does_not_come_back(ebay, order):
    paid_back(order)
    tell()
    [made] = ebay.orders[0]["paymentSummary"]["refunds"]
    assert made["amount"] == {"value": "5.00", "currency": "EUR"}
    assert Refund.objects.get().key == f"channel:{made['refundId']}"
    take(Connection.objects.get(), ebay.orders[0] | {"lastModifiedDate": "2026-03-02T11:00:00.000Z"})
    assert Refund.objects.count() == 1


def test_a_refund_whose_answer_is_lost_is_not_repeated_and_comes_back_as_the_same(ebay, order):
    paid_back(order)
    ebay.troubles = [DONE, DONE, UNANSWERED]
    assert refused().startswith("Refund it at eBay, unless that shows it was done.")
    tell()
    assert len(ebay.orders[0]["paymentSummary"]["refunds"]) == 1
    take(Connection.objects.get(), ebay.orders[0] | {"lastModifiedDate": "2026-03-02T11:00:00.000Z"})
    assert Refund.objects.count() == 1


def test_a_refund_that_ebay_does_not_make_is_left_to_people(ebay, order):
    ebay.refuses = {"refunds"}
    paid_back(order)
    error = refused()
    assert "Of sellers in the EU and UK it takes signed calls only." in error
    assert "Missing x-ebay-signature-key header" in error
    ebay.refuses = {"money"}
    ChannelMessage.objects.update(status="pending")
    assert refused() == "eBay could not give it back: refund it there."


def test_changes_are_left_to_people(ebay, order):
    pieces = {str(order.lines.get().pk): 5}
    change.change(order.pk, {"ship_to": KOELN, "email": "new@example.com", "quantities": pieces}, actor=CS)
    deliver()
    assert refused() == f"{BY_HAND}email, ship to, 2 more of MUG."


# goods


def test_items_are_listed_page_by_page_and_set_in_one_call_for_several(ebay, monkeypatch):
    monkeypatch.setattr(stock, "PER_PAGE", 2)
    monkeypatch.setattr(stock, "MOST_ITEMS", 3)
    location = make_location()
    skus = [make_sku(n, location) for n in range(1, 6)]
    ebay.goods = {sku.code: {"sku": sku.code, "levels": {"": 0}} for sku in skus}
    connection = connect(ebay, "ebay", writes_stock=True)
    assert list_goods(connection.pk) == 5
    ebay.refuses = {skus[1].code}
    SENDER.send_due()
    assert [ebay.stock(sku.code) for sku in skus] == [1, 0, 3, 4, 5]
    assert connection.stock.refused().get().error == "SKU is not available"
    assert ebay.set_sizes == [3, 2]
    ebay.refuses = {"all"}
    for sku in skus:
        adjust(sku, location, 1, reason="found")
    SENDER.send_due()
    assert connection.stock.refused().count() == 5
    assert Connection.objects.get().tell_error == ""

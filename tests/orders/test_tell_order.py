"""What became of an order here goes to its channel: once, whatever is lost on the way, and nothing of it comes back."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from fulfilment.models import FulfilmentOrder, Parcel
from fulfilment.services.direct import ParcelIn, ship_reported
from fulfilment.services.ship import ship
from fulfilment.services.unship import unship
from inventory.models import KitComponent, Sku
from oms import roles
from oms.channel_queues import REFUSED_OUT
from oms.lib.errors import InvalidTransition
from oms.queue import tiles
from orders.channels.shop import ShopError
from orders.channels.tellers import TELLERS
from orders.models import ChannelMessage, ChannelOrder, ChannelStock, Connection, Order, Refund
from orders.services import cancel, refund
from orders.services.channel_lag import backlog_of, behind, in_words
from orders.services.refund import RefundLineIn
from orders.services.settle_message import send_again, settle_by_hand
from orders.services.tell_channels import SENDER
from tests.deliver import deliver
from tests.make import make_location, make_sku, make_user
from tests.orders.channels import fake_shopify, fake_woocommerce
from tests.orders.channels.fake_shop import connect, serving
from tests.orders.channels.feed import line, order, take
from tests.orders.channels.feed import refund as returned

pytestmark = pytest.mark.django_db

KINDS = ["shopify", "woocommerce"]
CS = "user:7"
UNANSWERED = (0, {}, True)


@pytest.fixture
def shop(settings):
    with serving(settings) as shop:
        yield shop


def woo(quantity=3):
    total = f"{quantity * Decimal('9.50')}"
    goods = {"id": 1, "sku": "MUG", "name": "Mug", "quantity": quantity, "subtotal": total, "total": total}
    address = {"first_name": "Ann", "last_name": "M", "address_1": "S 1", "city": "Bonn", "postcode": "53111"}
    head = {"id": 5001, "currency": "EUR", "status": "processing", "total": total, "date_paid": "2026-03-02T09:00:00"}
    return head | {"line_items": [goods], "billing": address | {"country": "DE", "email": "ann@example.com"}}


def bought(shop, kind="shopify", quantity=3, **fields):
    """An order of three mugs of the shop, paid there, confirmed and at work here."""
    make_sku(9, make_location(), code="MUG")
    connection = connect(shop, kind, tells_orders=True, **fields)
    shop.orders = [order(line("MUG", quantity), shipping="0.00") if kind == "shopify" else woo(quantity)]
    take(connection, shop.orders[0])
    return Order.objects.get()


def bought_kits(shop, per_kit):
    """An order of two kits of the shop, of so many pieces of one part each."""
    kit, part = make_sku(code="KIT", kind=Sku.Kind.KIT), make_sku(9, make_location(), code="PART")
    KitComponent.objects.create(kit=kit, component=part, quantity=per_kit)
    shop.orders = [order(line("KIT", 2))]
    take(connect(shop, tells_orders=True), shop.orders[0])
    return Order.objects.get()


def sent(order, pieces, number="", carrier=""):
    """So many pieces of the order leave in a parcel."""
    work = FulfilmentOrder.objects.get(order=order, status__in=["open", "released", "picking"])
    [row] = work.lines.all()
    [parcel] = ship_reported(work.pk, [ParcelIn({row.pk: pieces}, carrier, "", number)], actor=CS)
    deliver()
    return parcel


def tell():
    """Tell what waits, also what could still be stopped, and shops that were left alone."""
    ChannelMessage.objects.update(next_attempt_at=timezone.now())
    Connection.objects.update(tell_after=None)
    return SENDER.send_due()


def life(shop, kind="shopify"):
    return (fake_shopify if kind == "shopify" else fake_woocommerce).life_of(shop, "5001")


def fulfilled(shop):
    return [
        (one["tracking_numbers"], one["line_items"][0]["quantity"])
        for one in life(shop)["fulfilments"]
        if one["status"] == "success"
    ]


def states():
    return list(ChannelMessage.objects.order_by("pk").values_list("status", flat=True))


# shipments


def test_parts_that_left_are_told_with_their_tracking_and_once(shop):
    order = bought(shop)
    sent(order, 1, "T1")
    assert SENDER.send_due() == 0  # it can still be stopped
    tell()
    sent(order, 2, "T2")
    tell()
    assert fulfilled(shop) == [(["T1"], 1), (["T2"], 2)]
    assert tell() == 0
    assert states() == ["done", "done"]


@pytest.mark.parametrize("number", ["T1", ""])
def test_an_unknown_answer_makes_no_second_fulfilment(shop, number):
    order = bought(shop)
    sent(order, 1, number)
    shop.troubles = [(200, {}, True), (200, {}, True), UNANSWERED]  # it is made, and the answer is lost
    tell()
    message = ChannelMessage.objects.get()
    assert (message.status, message.attempts) == ("pending", 1)
    assert "RemoteDisconnected" in message.error
    tell()
    assert len(fulfilled(shop)) == 1
    message.refresh_from_db()
    assert (message.status, message.external_id) == ("done", str(life(shop)["fulfilments"][0]["id"]))
    sent(order, 2, number and "T2")
    tell()
    assert sum(pieces for _, pieces in fulfilled(shop)) == 3


def test_woocommerce_gets_the_number_and_is_completed_with_the_last_parcel(shop):
    order = bought(shop, "woocommerce")
    sent(order, 1, "T1")
    shop.troubles = [(200, {}, True), UNANSWERED]
    tell()
    tell()
    assert [row["tracking_number"] for row in life(shop, "woocommerce")["trackings"]] == ["T1"]
    assert life(shop, "woocommerce")["status"] == "processing"
    sent(order, 2, "T2")
    tell()
    assert [row["tracking_number"] for row in life(shop, "woocommerce")["trackings"]] == ["T1", "T2"]
    assert life(shop, "woocommerce")["status"] == "completed"


def test_woocommerce_without_the_extension_gets_a_note_once(shop):
    shop.has_tracking = False
    order = bought(shop, "woocommerce")
    parcel = sent(order, 3, "T1")
    shop.troubles = [(200, {}, True), (200, {}, True), UNANSWERED]
    tell()
    tell()
    [note] = life(shop, "woocommerce")["notes"]
    assert note["note"] == f"Shipped 3 pieces. Own delivery T1 [{parcel}]"
    assert note["customer_note"] is False


@pytest.mark.parametrize("kind", KINDS)
def test_a_parcel_that_has_not_left_after_all_is_not_told_or_taken_back(shop, kind):
    order = bought(shop, kind)
    parcel = sent(order, 3, "T1")
    unship(parcel.fulfilment_order_id, actor=CS)
    deliver()
    assert tell() == 0
    assert states() == ["taken_back"]
    Parcel.objects.update(tracking_number="T2")
    ship(parcel.fulfilment_order_id, actor=CS)
    deliver()
    tell()
    unship(parcel.fulfilment_order_id, actor=CS)
    deliver()
    tell()
    assert states() == ["taken_back", "taken_back", "done"]
    there = life(shop, kind)
    assert fulfilled(shop) == [] if kind == "shopify" else (there["trackings"], there["status"]) == ([], "processing")


def test_a_kit_is_told_as_a_whole_when_it_is(shop):
    placed = bought_kits(shop, per_kit=2)
    sent(placed, 3, "T1")
    sent(placed, 1, "T2")
    tell()
    assert fulfilled(shop) == [(["T1"], 1), (["T2"], 1)]


# cancellations


@pytest.mark.parametrize("kind", KINDS)
def test_what_cs_cancels_is_cancelled_there_once(shop, kind):
    order = bought(shop, kind)
    cancel.cancel(order.pk, reason="changed mind", actor=CS)
    deliver()
    shop.troubles = [(200, {}, True), UNANSWERED]
    tell()
    tell()
    there = life(shop, kind)
    assert there["cancelled_at"] if kind == "shopify" else there["status"] == "cancelled"
    assert states()[:1] == ["done"]


def test_pieces_that_cs_cancels_are_taken_off_there_and_do_not_come_back_as_more(shop):
    order = bought(shop)
    cancel.cancel(order.pk, lines={order.lines.get().pk: 1}, reason="one less", actor=CS)
    deliver()
    shop.troubles = [(200, {}, True), UNANSWERED]
    tell()
    [echo] = life(shop)["refunds"]
    assert (echo["refund_line_items"][0]["quantity"], echo["transactions"]) == (1, [])
    assert states()[0] == "pending"
    connection = Connection.objects.get()
    take(connection, echo)  # its webhook comes before we know
    assert states()[0] == "done"
    tell()
    take(connection, shop.orders[0] | {"refunds": [echo], "updated_at": "2026-03-02T11:00:00Z"})
    assert len(life(shop)["refunds"]) == 1
    assert order.lines.get().cancelled == 1


def test_pieces_that_cs_cancels_are_noted_at_woocommerce(shop):
    order = bought(shop, "woocommerce")
    cancel.cancel(order.pk, lines={order.lines.get().pk: 1}, reason="one less", actor=CS)
    deliver()
    tell()
    [note] = life(shop, "woocommerce")["notes"]
    assert note["note"].startswith("Cancelled: 1 × Mug. one less")


def test_woocommerce_is_completed_when_the_rest_is_cancelled(shop):
    order = bought(shop, "woocommerce")
    sent(order, 2, "T1")
    tell()
    cancel.cancel(order.pk, lines={order.lines.get().pk: 1}, reason="one less", actor=CS)
    deliver()
    tell()
    assert (life(shop, "woocommerce")["status"], len(life(shop, "woocommerce")["notes"])) == ("completed", 1)


def test_what_the_channel_said_is_not_told_back(shop):
    order = bought(shop)
    connection = Connection.objects.get()
    money = {"id": 71, "order_id": 5001, "note": "theirs", "refund_line_items": []}
    money["transactions"] = [{"kind": "refund", "status": "success", "amount": "9.50"}]
    take(connection, money)
    take(connection, shop.orders[0] | {"cancelled_at": "2026-03-02T10:00:00Z", "updated_at": "2026-03-02T10:00:00Z"})
    order.refresh_from_db()
    assert order.status == "cancelled"
    assert Refund.objects.filter(key="channel:71").exists()
    assert not ChannelMessage.objects.exists()


# refunds


def paid_back(order, amount="5.00"):
    made = refund.request(order.pk, lines=[RefundLineIn("goodwill", Decimal(amount))], reason="scratched", actor=CS)
    deliver()
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_a_refund_of_cs_is_paid_out_there_once_and_does_not_come_back(shop, kind):
    order = bought(shop, kind)
    paid_back(order)
    shop.troubles = [(200, {}, True)] * (2 if kind == "shopify" else 1) + [UNANSWERED]
    tell()
    tell()
    [made] = life(shop, kind)["refunds"]
    amount = made["transactions"][0]["amount"] if kind == "shopify" else made["amount"]
    assert amount == "5.00"
    assert Refund.objects.get().key == f"channel:{made['id']}"
    nested = [made if kind == "shopify" else {"id": made["id"], "reason": made["reason"], "total": "-5.00"}]
    for told in ({"refunds": nested}, {"refunds": nested, "note": "x"}):
        more = {"updated_at": "2026-03-02T11:00:00Z", "date_modified_gmt": "2026-03-02T11:00:00"}
        take(Connection.objects.get(), shop.orders[0] | more | told)
    assert Refund.objects.count() == 1


def test_a_refund_that_comes_back_before_its_answer_is_the_same_one(shop):
    order = bought(shop)
    paid_back(order)
    shop.troubles = [(200, {}, True), (200, {}, True), UNANSWERED]
    tell()
    take(Connection.objects.get(), life(shop)["refunds"][0])
    assert states() == ["done"]
    assert Refund.objects.get().key.startswith("channel:")
    assert tell() == 0


def test_a_refund_of_the_shop_of_the_same_amount_is_not_one_that_it_was_not_told_of_yet(shop):
    order = bought(shop)
    paid_back(order)
    take(Connection.objects.get(), returned("5.00"))
    tell()
    take(Connection.objects.get(), *life(shop)["refunds"])
    assert list(Refund.objects.values_list("status", "amount")) == [("done", Decimal("5.00"))] * 2


def test_what_the_shop_will_not_do_is_shown_and_sent_again(shop, client):
    order = bought(shop, "woocommerce")
    shop.refuses = {"refunds"}
    paid_back(order)
    tell()
    message = ChannelMessage.objects.get()
    assert (message.status, "The gateway cannot refund." in message.error) == ("refused", True)
    assert Connection.objects.get().tell_failures == 0
    assert tiles([REFUSED_OUT])[0]["count"] == "1"
    client.force_login(make_user(roles.CS))
    listed = "/admin/orders/channelmessage/"
    page = client.get(f"{listed}{message.pk}/change/").content.decode()
    assert "go back to the customer: the shop pays them out" in page
    assert "settle_one" in page
    client.post(f"{listed}{message.pk}/settle_one/", {"_form_submitted": "on"})
    message.refresh_from_db()
    assert (message.status, message.error != "", tiles([REFUSED_OUT])[0]["count"]) == ("done", True, "0")
    assert "settle_one" not in client.get(f"{listed}{message.pk}/change/").content.decode()
    ChannelMessage.objects.update(status="refused")
    shop.refuses = set()
    answer = client.post(f"{listed}?", {"action": "send_selected", "_selected_action": [message.pk]}, follow=True)
    assert "1 will be sent again" in answer.content.decode()
    tell()
    assert len(life(shop, "woocommerce")["refunds"]) == 1


def test_what_still_waits_to_be_told_is_neither_settled_by_hand_nor_sent_again(shop):
    paid_back(bought(shop, "woocommerce"))
    message = ChannelMessage.objects.get()
    for act in (settle_by_hand, send_again):
        with pytest.raises(InvalidTransition):
            act(message.pk)
    tell()
    assert len(life(shop, "woocommerce")["refunds"]) == 1


# the queue


def test_messages_of_an_order_go_one_after_the_other_and_outlive_an_outage(shop):
    order = bought(shop)
    sent(order, 1, "T1")
    sent(order, 2, "T2")
    shop.troubles = [(500, {})] * 2
    tell()
    assert [row.attempts for row in ChannelMessage.objects.order_by("pk")] == [1, 0]
    assert "500" in Connection.objects.get().tell_error
    tell()
    tell()
    assert fulfilled(shop) == [(["T1"], 1), (["T2"], 2)]


def test_a_shop_that_takes_no_stock_hears_of_parcels_all_the_same(shop, monkeypatch):
    def fails(*args):
        raise ShopError("HTTP 403: the key lacks write_inventory", retry=False)

    monkeypatch.setitem(TELLERS, "shopify", replace(TELLERS["shopify"], set_stock=fails))
    order = bought(shop, writes_stock=True)
    now, connection = timezone.now(), Connection.objects.get()
    stock = {"sku": order.lines.get().sku, "item_id": "9", "wanted": 6, "revision": 1, "seen_at": now}
    ChannelStock.objects.create(connection=connection, stale_since=now, **stock)
    sent(order, 3, "T1")
    tell()
    assert fulfilled(shop) == [(["T1"], 3)]
    connection.refresh_from_db()
    assert "lacks write_inventory" in connection.tell_error
    assert ChannelStock.objects.get().told is None


def test_a_shop_that_is_not_to_be_told_is_not(shop):
    order = bought(shop)
    Connection.objects.update(tells_orders=False)
    sent(order, 3, "T1")
    cancelled = ChannelOrder.objects.get()
    assert not cancelled.messages.exists()


def test_an_old_message_makes_a_channel_late(shop):
    order = bought(shop)
    sent(order, 3, "T1")
    ChannelMessage.objects.update(queued_at=timezone.now() - timedelta(minutes=9))
    assert in_words(backlog_of(Connection.objects.get()), now=timezone.now()) == "1 to tell, the oldest for 9 min"
    assert behind().count() == 1


def test_an_answer_that_nobody_foresaw_is_tried_again(shop, monkeypatch):
    order = bought(shop)
    sent(order, 3, "T1")
    with monkeypatch.context() as odd:
        odd.setattr(fake_shopify, "rest", lambda *call: (200, {"fulfillments": [7]}))
        tell()
    assert "AttributeError" in Connection.objects.get().tell_error
    tell()
    assert fulfilled(shop) == [(["T1"], 3)]

"""What a till sold is gone at once, whatever the book says of it."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fulfilment.models import FulfilmentOrder, Parcel, ParcelLine
from fulfilment.services import till
from inventory.models import BinStock, CountSession, Lot, Serial, StockEntry, StockLevel
from inventory.services import counts, draft_transfer, serials, stock
from oms.lib.errors import Invalid
from oms.outbox.models import Event
from oms.papers.models import Document, Message
from orders.models import Hold, Invoice, Order
from orders.services.intake import LineIn, PaymentIn
from orders.services.network import forget_network
from tests.deliver import deliver
from tests.fulfilment.make import ACTOR, confirmed, make_bin, make_shelf, picked, released, work_of
from tests.make import make_channel, make_location, make_order_in, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(db):
    return make_location("MITTE", kind="store", allows_pickup=True)


@pytest.fixture
def counter(store):
    """The channel of the store's tills."""
    return make_channel(code="TILL", kind="store", payment_gate="captured")


def sell(counter, *lines, **fields):
    rows = [LineIn(sku.code, pieces, Decimal("9.50")) for sku, pieces in lines]
    stated = {"email": "", "ship_to": {}, "pickup_location": "mitte"} | fields
    return till.sell(make_order_in(*rows, channel=counter, **stated), actor=ACTOR)


def level(sku):
    row = StockLevel.objects.get(sku=sku)
    return row.on_hand, row.reserved


def test_sold_is_delivered_at_once(counter, store):
    _, (mug, pen) = make_shelf(5, 5, location=store)
    paid = [PaymentIn(Decimal("28.50"), "cash", "T1-4711")]
    order = sell(counter, (mug, 2), (pen, 1), payments=paid, email="ann@example.com")
    assert order.is_new
    assert (order.status, order.fulfilment_state, order.payment_state) == ("confirmed", "delivered", "paid")
    assert (level(mug), level(pen)) == ((3, 0), (4, 0))
    row, parcel = work_of(order), Parcel.objects.get()
    assert (row.method, row.status, parcel.status) == ("pickup", "closed", "delivered")
    assert parcel.tracking_events.get().text == "sold over the counter"
    keys = {line.ledger_key("ship") for line in ParcelLine.objects.all()}
    assert set(StockEntry.objects.filter(reason="ship", bucket="on_hand").values_list("key", flat=True)) == keys
    assert Invoice.objects.get().order == order
    assert not Document.objects.filter(kind="packing_slip").exists()
    deliver()
    assert not Message.objects.exists(), "the till has given him a receipt"
    assert not Hold.objects.exists()
    assert not CountSession.objects.exists()


def test_sent_twice_it_is_sold_once(counter, store):
    _, (mug,) = make_shelf(5, location=store)
    first, second = (sell(counter, (mug, 1), external_id="T1-1") for _ in range(2))
    assert (first.pk, first.is_new, second.is_new) == (second.pk, True, False)
    assert level(mug) == (4, 0)


def test_unpaid_it_is_gone_all_the_same(counter, store):
    order = sell(counter, (make_shelf(5, location=store)[1][0], 1))
    assert (order.fulfilment_state, order.payment_state) == ("delivered", "unpaid")
    assert order.allocations.get().expires_at is None


def test_beyond_the_book_it_is_booked_and_counted(counter, store):
    _, (mug,) = make_shelf(2, location=store)
    order = sell(counter, (mug, 5))
    assert (order.fulfilment_state, level(mug)) == ("delivered", (0, 0))
    found = StockEntry.objects.get(reason="pos_overrun")
    assert (found.delta, found.bucket, found.subject) == (3, "on_hand", order.subject)
    asked = CountSession.objects.get()
    assert (asked.origin, asked.bin.code, asked.status) == ("till", "A-1", "open")
    sell(counter, (mug, 1))
    assert CountSession.objects.count() == 1, "it is to be counted already"
    assert counts.waiting_count(asked.bin, actor=ACTOR) == asked


def test_what_no_shelf_has_is_sold_all_the_same(counter, store):
    _, (mug,) = make_shelf(3, location=store)
    stock.move(mug, store.bins.get(code="A-1"), stock.system_bin(store, "stage"), 2)
    order = sell(counter, (mug, 3))
    assert (order.fulfilment_state, level(mug)) == ("delivered", (2, 0))
    assert StockEntry.objects.get(reason="pos_overrun").delta == 2


def test_what_no_book_knows_is_sold_from_the_dock(counter, store):
    mug = make_sku()
    sell(counter, (mug, 1))
    assert level(mug) == (0, 0)
    assert CountSession.objects.get().bin.kind == "dock"


def test_what_is_kept_back_is_sold(counter, store):
    _, (mug,) = make_shelf(3, location=store)
    stock.set_safety(mug, store, 3)
    counter.buffer = 2
    counter.save()
    sell(counter, (mug, 3))
    assert level(mug) == (0, 0)
    assert not StockEntry.objects.filter(reason="pos_overrun").exists()


def test_the_newest_promise_to_others_is_broken(counter, store):
    _, (mug, pen) = make_shelf(3, 1, location=store)
    web = make_channel()
    old, new = (confirmed((mug, 1), channel=web) for _ in range(2))
    other = confirmed((pen, 1), channel=web)
    order = sell(counter, (mug, 2), (pen, 1))
    deliver()
    assert order.fulfilment_state == "delivered"
    states = dict(Order.objects.values_list("pk", "fulfilment_state"))
    assert states == {old.pk: "open", new.pk: "backordered", other.pk: "backordered", order.pk: "delivered"}
    assert (level(mug), level(pen)) == ((1, 1), (0, 0))
    assert not StockEntry.objects.filter(reason="pos_overrun").exists()
    told = Event.objects.filter(name="order.backordered").values_list("subject", flat=True)
    assert set(told) == {new.subject, other.subject}
    assert Message.objects.of(new.subject).filter(kind="order_delayed").exists()
    assert not FulfilmentOrder.objects.filter(order=new, status="open").exists()


@pytest.mark.parametrize("reached", [released, picked])
def test_what_a_picker_is_after_stays_his(counter, store, reached):
    _, (mug,) = make_shelf(2, location=store)
    web = confirmed((mug, 2))
    reached(web)
    order = sell(counter, (mug, 1))
    web.refresh_from_db()
    assert (order.fulfilment_state, web.fulfilment_state) == ("delivered", "on_floor")
    assert level(mug) == (2, 2)
    assert StockEntry.objects.get(reason="pos_overrun").delta == 1


def test_a_transfer_gives_way_before_orders(counter, store):
    _, (mug,) = make_shelf(2, location=store)
    transfer = draft_transfer.draft(store, make_location("DEPOT"), lines={mug: 1}, actor=ACTOR)
    draft_transfer.make_ready(transfer.pk, actor=ACTOR)
    web = confirmed((mug, 1))
    sell(counter, (mug, 1))
    web.refresh_from_db()
    assert (web.fulfilment_state, level(mug)) == ("open", (1, 1))


def test_lots_that_expire_first_are_sold_first(counter, store):
    milk = make_sku(tracking="lot")
    today = timezone.localdate()
    for number, days in enumerate((90, 30)):
        lot = Lot.objects.create(sku=milk, code=f"IN{days}", expires_on=today + timedelta(days=days))
        stock.receive(milk, store, 2, bin=make_bin(store, f"A-{number}"), lot=lot)
    sell(counter, (milk, 1))
    assert ParcelLine.objects.get().lot.code == "IN30"
    order = sell(counter, (milk, 4))
    lots = ParcelLine.objects.filter(parcel__order=order).values_list("lot__code", "quantity")
    assert set(lots) == {("IN30", 1), ("IN90", 2), (None, 1)}
    assert not BinStock.objects.filter(quantity__gt=0).exists()


def test_serials_are_sold_as_far_as_they_are_known(counter, store):
    phone = make_sku(tracking="serial")
    stock.receive(phone, store, 1, bin=make_bin(store), serials=serials.new(phone, ["S1"]))
    sell(counter, (phone, 1))
    assert Serial.objects.get().state == "shipped"
    with pytest.raises(Invalid, match="serial numbers"), transaction.atomic():
        sell(counter, (phone, 1))


def test_a_download_is_sold_with_the_goods(counter, store):
    order = sell(counter, (make_sku(1, store), 1), (make_sku(kind="digital"), 1))
    assert order.fulfilment_state == "delivered"
    assert set(order.fulfilment_orders.values_list("method", "status")) == {("pickup", "closed"), ("digital", "closed")}


def test_the_store_must_be_known(counter, store):
    mug = make_sku(3, store)
    other = make_location("OTHER", kind="store", allows_pickup=True)
    for code in ("", "NONE", make_location().code):
        with pytest.raises(Invalid) as refused:
            sell(counter, (mug, 1), pickup_location=code)
        assert refused.value.field == "pickup_location"
    counter.locations.add(store)
    forget_network()
    with pytest.raises(Invalid, match="does not sell"):
        sell(counter, (mug, 1), pickup_location="OTHER")
    assert not Order.objects.exists()
    sell(counter, (mug, 1), pickup_location="")
    counter.locations.add(other)
    with pytest.raises(Invalid, match="Name the store"):
        sell(counter, (mug, 1), pickup_location="")
    assert level(mug) == (2, 0)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="This database locks as a whole.")
def test_locks_the_orders_of_all_it_takes_before_stock(counter, store):
    _, skus = make_shelf(1, 1, location=store)
    orders = [confirmed((sku, 1)) for sku in skus]
    with CaptureQueriesContext(connection) as queries:
        sell(counter, *((sku, 1) for sku in skus))
    first = next(query["sql"] for query in queries.captured_queries if "FOR UPDATE" in query["sql"])
    assert first.startswith('SELECT "orders_order"')
    assert "ORDER BY" in first
    assert set(re.search(r"'{([\d,]+)}'", first)[1].split(",")) == {str(order.pk) for order in orders}

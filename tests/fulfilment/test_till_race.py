"""Tills and web shop sell the last pieces at once: what left a shelf has left, and nothing is promised twice."""

import time
from decimal import Decimal

import pytest
from django.db.models import Sum

from fulfilment.services import till
from inventory.models import CountSession, StockEntry, StockLevel
from oms.outbox.models import Event
from orders.models import Allocation, Order
from orders.services.intake import LineIn
from orders.services.place import place
from tests.make import make_channel, make_location, make_order_in, make_sku
from tests.race import race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

TILLS, SHOPS, PIECES, EACH = 8, 4, 24, 4


@pytest.fixture
def store():
    return make_location("MITTE", kind="store", allows_pickup=True)


def lines(skus, number):
    return [LineIn(sku.code, 1, Decimal(1)) for sku in (skus if number % 2 else reversed(skus))]


def trade(skus, sold):
    """Have each till sell `sold` times one of each SKU, while web shops order as much as there is."""
    counter, web = make_channel(kind="store"), make_channel()

    def work(number):
        for i in range(sold if number < TILLS else PIECES // SHOPS):
            channel, name = (counter, "sale") if number < TILLS else (web, "order")
            order_in = make_order_in(*lines(skus, number), channel=channel, external_id=f"{name}-{number}-{i}")
            order_in.email = f"{name}{number}-{i}@example.com"
            if channel == web:
                place(order_in)
            else:
                order_in.pickup_location = "MITTE"
                till.sell(order_in, actor=f"till:{number}")

    race(work, TILLS + SHOPS, timeout=300)


def test_tills_and_shops_sell_the_last_pieces_at_once(store):
    skus = [make_sku(PIECES, store) for _ in range(2)]
    trade(skus, sold=EACH)
    beyond = TILLS * EACH - PIECES
    assert Order.objects.filter(fulfilment_state="delivered").count() == TILLS * EACH
    for level in StockLevel.objects.all():
        assert (level.on_hand, level.reserved) == (0, 0)
        booked = StockEntry.objects.filter(sku=level.sku_id, reason="pos_overrun").aggregate(n=Sum("delta"))["n"]
        assert booked == beyond
    assert CountSession.objects.count() == 1
    assert Allocation.objects.backordered().aggregate(n=Sum("quantity"))["n"] == 2 * PIECES


def test_promises_are_broken_before_the_book_is(store):
    skus = [make_sku(PIECES, store) for _ in range(2)]
    trade(skus, sold=2)
    left = PIECES - 2 * TILLS
    assert not StockEntry.objects.filter(reason="pos_overrun").exists()
    assert {(level.on_hand, level.reserved) for level in StockLevel.objects.all()} == {(left, left)}
    waiting = Allocation.objects.backordered()
    assert waiting.aggregate(n=Sum("quantity"))["n"] == 2 * (PIECES - left)


def test_a_sale_that_is_sent_by_all_at_once_is_one(store):
    counter, mug = make_channel(kind="store"), make_sku(1, store)

    def sell(number):
        order_in = make_order_in(mug, channel=counter, external_id="T1-1", pickup_location="MITTE")
        return till.sell(order_in, actor=f"till:{number}").pk

    assert len(set(race(sell, TILLS))) == 1
    assert (StockLevel.objects.get().on_hand, Order.objects.count()) == (0, 1)


@pytest.mark.corrupt
def test_control_what_is_written_as_it_was_read_is_sold_twice(store):
    make_sku(2, store)

    def sell(number):
        there = StockLevel.objects.get().on_hand
        Event.objects.create(name="test.looked", subject="test:1", actor="test")
        while Event.objects.filter(name="test.looked").count() < 2:
            time.sleep(0.01)
        StockLevel.objects.update(on_hand=there - 1)

    race(sell, 2)
    assert StockLevel.objects.get().on_hand == 1

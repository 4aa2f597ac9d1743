"""Buyers, cancellers and counters at once, in processes of their own, on either database."""

import os
import time
from decimal import Decimal

import pytest

from inventory.models import StockLevel
from inventory.services import stock
from inventory.services.availability import available
from oms.lib.errors import InsufficientStock
from orders.models import Allocation, Order
from orders.services import backorder, cancel
from orders.services.intake import LineIn
from orders.services.place import existing, place
from orders.services.place_many import place_many
from tests.make import make_channel, make_location, make_order_in, make_sku
from tests.race import race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

PROCESSES = 16
PIECES = 500 if os.environ.get("OMS_SOAK") else 64


def test_sixteen_processes_sell_exactly_what_there_is():
    channel, sku = make_channel(on_shortage="refuse"), make_sku(PIECES)

    def buy(number):
        sold = 0
        for i in range(PIECES // PROCESSES + 4):
            try:
                place(make_order_in(LineIn(sku.code, 1, Decimal(1)), channel=channel, external_id=f"{number}-{i}"))
                sold += 1
            except InsufficientStock:
                pass  # the only error there may be
        return sold

    assert sum(race(buy, PROCESSES, timeout=300)) == PIECES
    assert StockLevel.objects.get().reserved == PIECES == Order.objects.count()


def test_equal_orders_at_once_are_one():
    channel, sku = make_channel(), make_sku(100)

    def buy(number):
        return place(make_order_in(LineIn(sku.code, 1, Decimal(1)), channel=channel, external_id="same")).pk

    assert len(set(race(buy, PROCESSES))) == 1
    assert (Order.objects.count(), StockLevel.objects.get().reserved) == (1, 1)


def test_control_without_the_unique_key_equal_orders_are_many():
    """The same race, the check for a known order done as a reader would: it is real."""
    channel, sku = make_channel(), make_sku(100)

    def buy(number):
        order_in = make_order_in(LineIn(sku.code, 1, Decimal(1)), channel=channel, external_id="same")
        is_new = existing(order_in) is None
        time.sleep(0.5)  # as long as the others look
        if is_new:
            order_in.external_id = f"same-{number}"  # what a table without the constraint would take
            place(order_in)

    race(buy, PROCESSES)
    assert Order.objects.count() > 1


def test_stock_that_shrinks_while_orders_come_in_is_never_oversold():
    home = make_location()
    channel, sku = make_channel(), make_sku(PIECES, home)

    def trade(number):
        for i in range(PIECES // PROCESSES):
            if number % 4 == 0:
                stock.adjust(sku, home, -1, reason="damaged")
            else:
                place(make_order_in(LineIn(sku.code, 1, Decimal(1)), channel=channel, external_id=f"{number}-{i}"))

    race(trade, PROCESSES, timeout=300)
    level = StockLevel.objects.get()
    lost = PROCESSES // 4 * (PIECES // PROCESSES)
    assert level.on_hand == PIECES - lost
    waiting = sum(Allocation.objects.backordered().values_list("quantity", flat=True))
    assert level.reserved + waiting == Order.objects.count()
    assert level.reserved <= level.on_hand


def test_orders_of_the_same_goods_in_opposite_order_do_not_deadlock():
    home = make_location()
    channel = make_channel()
    skus = [make_sku(1000, home) for _ in range(4)]

    def buy(number):
        lines = [LineIn(sku.code, 1, Decimal(1)) for sku in (skus if number % 2 else reversed(skus))]
        for i in range(5):
            order = place(make_order_in(*lines, channel=channel, external_id=f"{number}-{i}"))
            if i % 2:
                cancel.cancel(order.pk, reason="changed mind")

    race(buy, 8)
    assert {level.reserved for level in StockLevel.objects.all()} == {8 * 3}


def test_waiting_pieces_are_taken_up_once_however_many_look():
    """Who waited for the orders' locks finds nothing left, and that is no error."""
    home, sku = make_location(), make_sku()
    order = place(make_order_in(LineIn(sku.code, 1, Decimal(1))))
    stock.receive(sku, home, 5)
    assert sum(race(lambda number: backorder.take_up(sku.pk), 8)) == 1
    assert (StockLevel.objects.get().reserved, order.allocations.get().status) == (1, "reserved")


def test_batches_and_single_orders_of_the_same_goods_at_once_sell_exactly_what_there_is():
    channel, home = make_channel(on_shortage="refuse"), make_location()
    skus = [make_sku(PIECES, home) for _ in range(3)]

    def buy(number):
        sent = []
        for i in range(3 * PIECES // PROCESSES + 4):
            sku = skus[(i + number) % 3]
            sent.append(make_order_in(LineIn(sku.code, 1, Decimal(1)), channel=channel, external_id=f"{number}-{i}"))
        if number % 4:
            found = place_many(sent)
        else:
            found = []
            for order_in in sent:
                try:
                    found.append(place(order_in))
                except InsufficientStock as error:
                    found.append(error)
        assert all(isinstance(one, (Order, InsufficientStock)) for one in found), found
        return sum(isinstance(one, Order) for one in found)

    assert sum(race(buy, PROCESSES, timeout=300)) == 3 * PIECES == Order.objects.count()
    assert {level.reserved for level in StockLevel.objects.all()} == {PIECES}


@pytest.mark.corrupt
def test_control_batches_that_trust_what_they_read_sell_more_than_there_is():
    """The same race, stock written as it was read: it is real."""
    sku = make_sku(PIECES)

    def buy(number):
        sold = 0
        for _ in range(5):
            [left] = available([sku.pk]).values()
            taken = min(left, 5)
            time.sleep(0.05)  # as long as the others look
            StockLevel.objects.update(reserved=PIECES - left + taken)
            sold += taken
        return sold

    assert sum(race(buy, PROCESSES)) > StockLevel.objects.get().reserved


def test_the_same_batch_from_many_at_once_is_placed_once():
    channel, sku = make_channel(), make_sku(100)

    def buy(number):
        sent = [make_order_in(LineIn(sku.code, 1, Decimal(1)), channel=channel, external_id=f"{i}") for i in range(9)]
        return [order.pk for order in place_many(sent)]

    assert len({tuple(pks) for pks in race(buy, 8)}) == 1
    assert (Order.objects.count(), StockLevel.objects.get().reserved) == (9, 9)

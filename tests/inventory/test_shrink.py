"""Stock shrinks below what is promised: reality is never refused, promises break, the newest first."""

import random

import pytest

from inventory.models import Bin, StockLevel
from inventory.services import quarantine, stock
from oms.lib.errors import InsufficientStock
from orders.models import Allocation
from tests.inventory.ledger import level
from tests.make import make_location, make_order, make_order_in, make_sku
from tests.race import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def berlin():
    return make_location("BER")


@pytest.fixture
def mug(berlin):
    return make_sku(10, berlin)


def states(order):
    return sorted((row.status, row.quantity) for row in order.allocations.all())


def test_a_loss_beyond_what_is_free_breaks_the_newest_promise(mug, berlin):
    old, new = make_order(mug, 6), make_order(mug, 4)
    stock.adjust(mug, berlin, -3, reason="lost")
    assert level(mug, berlin) == (7, 7, 0)
    assert states(old) == [("reserved", 6)]
    assert states(new) == [("backordered", 3), ("reserved", 1)]


def test_a_loss_of_free_pieces_breaks_none(mug, berlin):
    order = make_order(mug, 6)
    stock.adjust(mug, berlin, -4, reason="lost")
    assert states(order) == [("reserved", 6)]


def test_the_same_loss_told_twice_breaks_promises_once(mug, berlin):
    order = make_order(mug, 10)
    stock.adjust(mug, berlin, -3, reason="lost", key="n:1")
    stock.adjust(mug, berlin, -3, reason="lost", key="n:1")
    assert states(order) == [("backordered", 3), ("reserved", 7)]
    assert level(mug, berlin) == (7, 7, 0)


def test_quarantine_breaks_promises_too(mug, berlin):
    order = make_order(mug, 10)
    quarantine.put(mug, stock.system_bin(berlin, Bin.Kind.DOCK), 2)
    assert states(order) == [("backordered", 2), ("reserved", 8)]
    assert level(mug, berlin) == (10, 8, 2)


@pytest.mark.corrupt(6, 13)  # no warehouse counts what is on the floor
def test_what_is_being_picked_stays(mug, berlin, refused):
    order = make_order(mug, 10)
    Allocation.objects.update(status="on_floor")
    with refused(InsufficientStock, order.number):
        stock.adjust(mug, berlin, -1, reason="lost")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_stock_shrinks_while_orders_are_placed(berlin):
    """Whatever the order of events, the promises kept are covered by what is there."""
    mug = make_sku(120, berlin)
    channel = make_order_in(mug).channel

    def work(number):
        rng = random.Random(number)
        for i in range(8):
            if number < 2:
                stock.adjust(mug, berlin, -rng.randrange(1, 6), reason="lost")
            else:
                make_order(mug, rng.randrange(1, 4), channel=channel, external_id=f"{number}-{i}")

    race(work, 8)
    row = StockLevel.objects.get(sku=mug)
    promised = sum(Allocation.objects.reserving().values_list("quantity", flat=True))
    assert level(mug, berlin)[1] == row.reserved == promised

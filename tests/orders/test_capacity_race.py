"""Eight processes and a store that can begin ten orders a day, on either database."""

import time
from decimal import Decimal

import pytest
from django.db import connection

from orders.models import Allocation, DaySlot
from orders.services import capacity
from orders.services.intake import LineIn
from orders.services.place import place
from tests.make import make_channel, make_location, make_order_in, make_sku
from tests.orders.test_place import make_sku_at
from tests.race import race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

PROCESSES = 8
CAPACITY = 10


def sell():
    """Sell 32 pieces by eight processes; returns how many orders the store got."""
    store = make_location(kind="store", lane=Decimal(1), daily_capacity=CAPACITY)
    channel, sku = make_channel(), make_sku(99, store)
    make_sku_at(sku, make_location(lane=Decimal(9)), 99)

    def buy(number):
        buyer = {"channel": channel, "email": f"{number}@example.com"}  # one new customer of all would queue them
        for i in range(4):
            place(make_order_in(LineIn(sku.code, 1, Decimal(1)), external_id=f"{number}-{i}", **buyer))

    race(buy, PROCESSES, timeout=300)
    assert Allocation.objects.count() == PROCESSES * 4
    return Allocation.objects.filter(location=store).count()


def test_a_full_day_gets_not_one_order_more():
    assert sell() == CAPACITY == DaySlot.objects.count()


def test_control_who_counts_without_the_lock_gives_too_many(monkeypatch):
    """The same race, the day's count read only before the order is written: it is real."""
    if not connection.features.has_select_for_update:
        pytest.skip("This database locks as a whole.")
    monkeypatch.setattr(capacity, "take", count_before)
    assert sell() > CAPACITY


def count_before(order, rows, *, now):
    """Take the slots as somebody would who trusts what he read at first."""
    slots = [DaySlot(location_id=row.location_id, day=now.date(), order=order) for row in rows]
    DaySlot.objects.bulk_create(slots, ignore_conflicts=True)
    time.sleep(0.1)  # as long as the others look

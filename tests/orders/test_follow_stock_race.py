"""Stock changes while what channels are told of it is brought up to date, in processes of their own."""

import pytest
from django.utils import timezone

from inventory.models import Location, StockChange
from inventory.services import stock
from inventory.services.availability import sellable
from orders.models import ChannelStock
from orders.services.follow_stock import follow_changes, follow_some
from tests.make import make_sku
from tests.orders.channels.feed import make_connection
from tests.race import processes, race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

PROCESSES, ROUNDS = 6, 4


def listed():
    """A SKU that a channel sells, whose stock we write; what it is to count is not known yet."""
    mug, connection = make_sku(5), make_connection()
    connection.writes_stock = True
    connection.save()
    fields = {"item_id": "1", "revision": 1, "wanted": 0, "stale_since": timezone.now(), "seen_at": timezone.now()}
    ChannelStock.objects.create(connection=connection, sku=mug, code=mug.code, **fields)
    return mug, Location.objects.get(levels__sku=mug)


def available(mug):
    return sellable([mug.code])[mug.code].pieces


def test_the_last_number_wins_however_many_look_at_once():
    mug, location = listed()

    def change_and_follow(number):
        for _ in range(ROUNDS):
            stock.adjust(mug, location, 1, reason="found")
            follow_changes()

    race(change_and_follow, PROCESSES)
    follow_changes()
    assert ChannelStock.objects.get().wanted == available(mug) == 5 + PROCESSES * ROUNDS
    assert not StockChange.objects.exists()


def test_control_who_looks_before_he_locks_writes_an_old_number():
    mug, location = listed()
    gate = processes.Barrier(2)

    def look_first(number):
        if number == 0:
            pieces = available(mug)
            gate.wait(20)
            gate.wait(20)
            ChannelStock.objects.update(wanted=pieces)
        else:
            gate.wait(20)
            stock.adjust(mug, location, 1, reason="found")
            ChannelStock.objects.update(wanted=available(mug))
            gate.wait(20)

    race(look_first, 2)
    assert ChannelStock.objects.get().wanted < available(mug)


def test_rows_are_locked_before_stock_is_looked_at(assert_locks):
    mug, location = listed()
    stock.adjust(mug, location, 1, reason="found")
    with assert_locks("inventory_stockchange", "orders_channelstock"):
        follow_some()

"""A location with a daily capacity is given so many orders a day and no more."""

from datetime import datetime, time
from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.models import LocationHoliday
from oms import roles
from oms.lib.errors import Retry
from orders.models import Allocation, DaySlot
from orders.services import cancel, capacity
from orders.services.backorder import take_up
from orders.services.network import begun_at, forget_network
from tests.make import make_channel, make_location, make_order, make_sku, make_user
from tests.orders.test_place import make_sku_at

pytestmark = pytest.mark.django_db

CET = timezone.get_fixed_timezone(60)


@pytest.fixture
def store():
    """A cheap store that can begin two orders a day."""
    return make_location(kind="store", lane=Decimal(1), daily_capacity=2)


@pytest.fixture
def sku(store):
    """Nine pieces in the store, nine in a dear warehouse."""
    sku = make_sku(9, store)
    make_sku_at(sku, make_location(lane=Decimal(9)), 9)
    return sku


def where(order):
    return [row.location and row.location.kind for row in order.allocations.all()]


def test_the_third_order_of_the_day_ships_from_elsewhere_and_says_why(store, sku):
    channel = make_channel()
    orders = [make_order(sku, channel=channel) for _ in range(3)]
    assert [where(order) for order in orders] == [["store"], ["store"], ["warehouse"]]
    assert orders[2].decisions.get().plans["excluded"] == {store.code: "full for the day: 2 of 2"}
    assert DaySlot.objects.count() == 2


def test_without_elsewhere_it_waits_and_the_next_day_takes_it_up(store):
    sku = make_sku(9, store)
    orders = [make_order(sku) for _ in range(3)]
    assert where(orders[2]) == [None]
    take_up(sku.pk)
    assert (where(orders[2]), orders[2].decisions.count()) == ([None], 1), "the same reason is not written again"
    DaySlot.objects.update(day=timezone.localdate().replace(year=2020))
    take_up(sku.pk)
    assert where(orders[2]) == ["store"]


def test_a_cancelled_order_makes_room(store, sku):
    first, _ = make_order(sku), make_order(sku)
    cancel.cancel(first.pk, reason="mistake")
    assert where(make_order(sku)) == ["store"]
    assert where(make_order(sku)) == ["warehouse"]


def test_who_collects_is_counted_but_not_turned_away(store, sku):
    store.allows_pickup = True
    store.save()
    forget_network()
    orders = [make_order(sku, method="pickup", pickup_location=store.code) for _ in range(3)]
    assert [where(order) for order in orders] == [["store"]] * 3
    assert where(make_order(sku)) == ["warehouse"]


def test_an_order_that_has_its_slot_takes_no_second_one(store, sku):
    orders = [make_order(sku), make_order(sku)]
    row = Allocation.objects.get(order=orders[0])
    now = timezone.now()
    assert capacity.full(orders[0], [store], now=now) == {}
    assert capacity.full(orders[0], [store], now=now, without=[row.pk]) == {}, "one other order leaves room"
    assert capacity.full(make_order(), [store], now=now) == {store.pk: (2, 2)}
    capacity.take(orders[0], [row], now=now)
    assert DaySlot.objects.count() == 2


def test_none_a_day_means_none(store, sku):
    store.daily_capacity = 0
    store.save()
    forget_network()
    assert where(make_order(sku)) == ["warehouse"]
    assert not DaySlot.objects.exists()


def test_the_list_of_locations_says_how_full_the_day_is(client, store, sku):
    order = make_order(sku)
    make_order(sku)
    client.force_login(make_user(roles.MANAGER))
    assert "2 of 2" in client.get("/admin/inventory/location/").content.decode()
    cancel.cancel(order.pk, reason="Ordered by mistake", actor="user:1")
    assert "1 of 2" in client.get("/admin/inventory/location/").content.decode()


def test_the_day_is_the_one_on_which_the_order_is_begun(store):
    store.cutoff = time(12)
    LocationHoliday.objects.create(location=store, day=datetime(2026, 11, 24).date())
    forget_network()
    monday = datetime(2026, 11, 23, 11, tzinfo=CET)
    assert begun_at(store, monday).day == 23
    assert begun_at(store, monday.replace(hour=13)).day == 25
    assert begun_at(store, monday.replace(day=21)).day == 23


def test_without_a_capacity_nothing_is_asked_or_locked(django_assert_num_queries):
    order = make_order()
    with django_assert_num_queries(0):
        assert capacity.full(order, [make_place()], now=timezone.now()) == {}


def make_place():
    return type("Place", (), {"daily_capacity": None})()


def test_a_day_that_filled_up_since_it_was_looked_at_is_noticed(store, sku):
    make_order(sku), make_order(sku)
    late = make_order(sku)
    row = Allocation(order=late, location=store, status="reserved", quantity=1)
    with pytest.raises(Retry):
        capacity.take(late, [row], now=timezone.now())
    assert DaySlot.objects.count() == 2

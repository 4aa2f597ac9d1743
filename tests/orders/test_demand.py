"""What customers want of a SKU, as those who buy it again read it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from orders.imports import historic
from orders.imports.records import Line, OrderRecord
from orders.models import Order
from orders.services.cancel import cancel
from orders.services.demand import pieces_waited_for, weekly_demand
from tests.make import make_channel, make_location, make_order, make_sku
from tests.orders.test_supply import on_its_way
from tests.returns.make import received, shipped

pytestmark = pytest.mark.django_db


def demand_of(sku, *, days=7):
    now = timezone.now()
    return weekly_demand([sku.pk], since=now - timedelta(days=days), until=now + timedelta(days=1))


def test_demand_is_what_was_ordered_in_its_week_at_its_location():
    place = make_location()
    sku = make_sku(10, place)
    make_order(sku, 3)
    order = make_order(sku, 2, email="bob@example.com")
    cancel(order.pk, reason="changed mind", actor="user:1")
    today = timezone.localdate()
    assert demand_of(sku) == {(sku.pk, place.pk, today - timedelta(days=today.weekday())): 3}
    Order.objects.update(ordered_at=timezone.now() - timedelta(days=8))
    assert demand_of(sku) == {}


def test_what_came_back_is_taken_off():
    order = shipped(3)
    received(order, 1)
    assert list(demand_of(order.lines.get().sku).values()) == [2]


def test_pieces_waited_for_are_those_nothing_is_reserved_for():
    place = make_location()
    sku = make_sku(2, place)
    make_order(sku, 5)
    assert sum(pieces_waited_for([sku.pk]).values()) == 3


def test_orders_of_the_system_before_count_without_a_location():
    sku = make_sku()
    record = OrderRecord("OLD-1", timezone.now(), rows=[1], lines=[Line(1, sku.code, sku.name, 4, Decimal(9))])
    historic.write(make_channel(), [record], skus={sku.code: sku}, actor="user:1")
    [(key, pieces)] = demand_of(sku).items()
    assert (key[:2], pieces) == ((sku.pk, None), 4)


def test_who_was_promised_what_comes_waits_there():
    here, there = make_location(), make_location()
    sku = make_sku(0, here)
    make_order(sku, 3)
    on_its_way(sku, there, 2)
    order = make_order(sku, 2)
    assert order.allocations.get().supply_location == there
    assert pieces_waited_for([sku.pk]) == {(sku.pk, None): 3, (sku.pk, there.pk): 2}

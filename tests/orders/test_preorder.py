"""Goods that are ordered before their release: taken, promised from that day, and held back until then."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from oms.lib.errors import InsufficientStock
from orders.models import Hold, Order
from orders.services import preorder
from orders.services.holds import release_due
from tests.deliver import deliver
from tests.make import make_channel, make_location, make_order, make_seller, make_sku
from tests.orders.test_supply import BERLIN, arrives, on_its_way

pytestmark = pytest.mark.django_db


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def test_preorder_is_promised_from_its_release_though_goods_are_here():
    home = make_location()
    order = make_order(make_sku(5, home, released_on=in_days(30)), 1)
    deliver()
    assert order.promised_original == arrives(home, 29)
    order.refresh_from_db()
    hold = order.holds.get()
    assert (order.status, hold.kind, timezone.localdate(hold.until, BERLIN)) == ("placed", "release", in_days(30))


def test_preorder_is_promised_out_of_what_comes_before_the_release():
    home = make_location()
    sku = make_sku(released_on=in_days(30))
    on_its_way(sku, home, 5)
    order = make_order(sku, 3)
    assert order.promised_original == arrives(home, 29)
    assert order.allocations.get().supply_location == home


def test_release_lets_it_go():
    order = make_order(make_sku(5, released_on=in_days(2)), 1)
    deliver()
    Hold.objects.update(until=timezone.now())
    release_due()
    order.refresh_from_db()
    assert order.status == "confirmed"


def test_changed_release_day_moves_hold_and_promise():
    home = make_location()
    sku = make_sku(5, home, released_on=in_days(30))
    order = make_order(sku, 1)
    deliver()
    type(sku).objects.update(released_on=in_days(60))
    preorder.follow_release(sku.pk)
    order.refresh_from_db()
    assert timezone.localdate(order.holds.get().until, BERLIN) == in_days(60)
    assert order.promised_current == arrives(home, 59)
    type(sku).objects.update(released_on=None)
    preorder.follow_release(sku.pk)
    order.refresh_from_db()
    assert (order.status, order.is_held) == ("confirmed", False)


def test_channel_without_backorders_takes_preorders_that_are_on_their_way():
    home, channel = make_location(), make_channel(on_shortage="refuse")
    sku = make_sku(released_on=in_days(30))
    with pytest.raises(InsufficientStock, match=sku.code):
        make_order(sku, 3, channel=channel)
    assert not Order.objects.exists()
    on_its_way(sku, home, 5)
    assert make_order(sku, 3, channel=channel).promised_original is not None


def test_the_day_before_lasts_until_midnight_where_the_seller_is():
    zone = ZoneInfo("America/Los_Angeles")
    channel = make_channel(seller=make_seller(tz=zone.key))
    sku = make_sku(5, make_location(tz=zone.key), released_on=date(2027, 3, 10))
    with time_machine.travel(datetime(2027, 3, 9, 18, tzinfo=zone), tick=False):
        order = make_order(sku, channel=channel)
        deliver()
        assert order.holds.get().until == datetime(2027, 3, 10, tzinfo=zone)


def test_a_preorder_is_taken_until_midnight_where_its_goods_are():
    zone = ZoneInfo("America/Los_Angeles")
    home = make_location(tz=zone.key)
    sku = make_sku(released_on=date(2027, 3, 10))
    with time_machine.travel(datetime(2027, 3, 9, 12, tzinfo=zone), tick=False):
        on_its_way(sku, home, 5)
    with time_machine.travel(datetime(2027, 3, 9, 18, tzinfo=zone), tick=False):
        assert make_order(sku, channel=make_channel(on_shortage="refuse")).promised_current

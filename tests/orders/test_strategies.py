"""A strategy is copied, tried on past orders, and put live."""

import json
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from inventory.services import stock
from oms.lib.errors import Invalid
from oms.outbox.models import Event
from orders.models import Allocation, DaySlot, Lane, Order, SourcingDecision, SourcingStrategy
from orders.services.cancel import cancel
from orders.services.compare_strategies import compare, past_orders
from orders.services.network import DEFAULT, as_strategy, forget_network, strategy_of
from orders.services.place import place
from orders.services.strategies import copy_strategy, put_live
from tests.make import make_channel, make_location, make_order, make_order_in, make_sku, make_strategy
from tests.orders.test_place import make_sku_at

pytestmark = pytest.mark.django_db

NO_STORES = {"kind": "store"}


@pytest.fixture
def shops():
    """A cheap, slow store and a dear, quick warehouse, and a SKU of which both have nine."""
    store, house = make_location(kind="store", lane=Decimal(1)), make_location(lane=Decimal(9))
    Lane.objects.filter(location=store).update(transit_days=5)
    forget_network()
    sku = make_sku(9, store)
    make_sku_at(sku, house, 9)
    return store, house, sku


def tried(channel, *rules, stock="then", **penalties):
    """Compare what is live on the channel with a strategy of `rules`, over all its orders."""
    other = as_strategy(make_strategy(*rules, **penalties))
    return compare(past_orders(channel, most=100), strategy_of(channel), other, stock=stock)


def test_a_copy_has_the_rules_and_is_on_no_channel(shops):
    live = make_strategy({"location": shops[0], "zone": "US"}, {"kind": "store", "is_hazmat": True}, late_penalty=3)
    channel = make_channel(strategy=live)
    copied = copy_strategy(live.pk, " Try ", actor="user:1")
    assert as_strategy(copied).rules == as_strategy(live).rules
    assert (copied.name, copied.late_penalty, live.rules.count()) == ("Try", 3, 2)
    assert strategy_of(channel).name == live.name
    with pytest.raises(Invalid, match="already"):
        copy_strategy(live.pk, "TRY")
    assert SourcingStrategy.objects.count() == 2


def test_putting_live_changes_the_next_order_and_is_told_once(shops):
    store, house, sku = shops
    channel, strategy = make_channel(), make_strategy(NO_STORES)
    assert make_order(sku, channel=channel).allocations.get().location == store
    for _ in range(2):
        channel = put_live(channel.pk, strategy.pk, actor="user:1")
    assert make_order(sku, channel=channel).allocations.get().location == house
    event = Event.objects.get(name="channel.strategy_set")
    assert event.data == {"channel": channel.pk, "strategy": strategy.pk, "before": None}
    assert strategy_of(put_live(channel.pk, None)) == DEFAULT


def test_dry_run_says_what_each_would_have_cost_and_writes_nothing(shops):
    store, house, sku = shops
    channel = make_channel()
    order = make_order(sku, 2, channel=channel)
    kept = SourcingDecision.objects.count(), Event.objects.count(), Allocation.objects.count()
    found = tried(channel, NO_STORES)
    assert (found.a.cost, found.b.cost, found.differing) == (Decimal("1.00"), Decimal("9.00"), 1)
    assert found.places == [(store.code, 1, 0), (house.code, 0, 1)]
    assert (found.a.late, found.b.late, found.b.mean_days < found.a.mean_days) == (0, 0, True)
    [difference] = found.shown
    assert (difference.order, difference.a.sites[0].code, difference.b.sites[0].code) == (order, store.code, house.code)
    assert (SourcingDecision.objects.count(), Event.objects.count(), Allocation.objects.count()) == kept
    assert Order.objects.get().promised_original == order.promised_original


def test_lateness_is_against_what_was_promised_first(shops):
    channel = make_channel(strategy=make_strategy(NO_STORES))
    make_order(shops[2], channel=channel)
    found = tried(channel)
    assert (found.a.late, found.b.late) == (0, 1)


def test_splits_and_missing_pieces_are_counted(shops):
    store, house, _ = shops
    channel, one, two = make_channel(), make_sku(5, store), make_sku(5, house)
    order = place(make_order_in(one, two, channel=channel))
    found = tried(channel, {"location": store})
    assert (found.a.split, found.a.parcels, found.a.missing) == (1, 2, 0)
    assert (found.b.split, found.b.parcels, found.b.missing) == (0, 1, 1)
    assert found.shown[0].order == order


def test_stock_is_as_it_was_then_or_as_it_is_now_or_endless(shops):
    store, house, sku = shops
    channel = make_channel()
    make_order(sku, 9, channel=channel)
    stock.adjust(sku, house, -9, reason="lost")
    assert tried(channel).a.places == {store.code: 1}
    assert tried(channel, stock="now").a.missing == 9
    assert tried(channel, NO_STORES, stock="endless").b.places == {house.code: 1}


def test_orders_of_the_run_fill_up_a_day(shops):
    store, house, sku = shops
    channel = make_channel()
    for _ in range(3):
        make_order(sku, channel=channel)
    store.daily_capacity = 2
    store.save()
    forget_network()
    assert tried(channel).a.places == {store.code: 2, house.code: 1}
    assert not DaySlot.objects.exists()


def test_only_orders_that_counted_are_tried_the_last_of_them_first(shops):
    channel = make_channel()
    first, cancelled, old, last = (make_order(shops[2], channel=channel) for _ in range(4))
    make_order()  # of another channel
    cancel(cancelled.pk, reason="mistake")
    Order.objects.filter(pk=old.pk).update(ordered_at=timezone.now() - timedelta(days=40))
    assert past_orders(channel, most=100) == [first.pk, old.pk, last.pk]
    assert past_orders(channel, most=1) == [last.pk]
    assert past_orders(channel, most=100, days=30) == [first.pk, last.pk]


def test_a_run_costs_as_many_statements_for_orders_of_many_lines(shops, django_assert_num_queries):
    channel = make_channel()
    skus = [make_sku(5, shops[0]) for _ in range(4)]
    place(make_order_in(*skus, channel=channel))
    make_order(skus[0], channel=channel)
    ids, strategy = past_orders(channel, most=9), as_strategy(make_strategy())
    strategy_of(channel)
    make_order()  # so that the network is read
    with django_assert_num_queries(2 + len(ids)):
        compare(ids, DEFAULT, strategy)


def test_command_prints_both_sides_and_names_what_it_does_not_know(shops):
    channel = make_channel(code="WEB")
    order = make_order(shops[2], channel=channel)
    make_strategy(NO_STORES, name="No stores")
    out = StringIO()
    call_command("compare_strategies", channel="web", b="no stores", json=True, stdout=out, stderr=StringIO())
    figures = json.loads(out.getvalue())
    assert (figures["a"]["cost"], figures["b"]["cost"], figures["orders"]) == ("1.00", "9.00", [order.number])
    out, progress = StringIO(), StringIO()
    call_command("compare_strategies", channel="web", b="no stores", a="no stores", stdout=out, stderr=progress)
    assert "0 orders differ" in out.getvalue()
    assert "1 of 1 orders" in progress.getvalue()
    for wrong in ({"channel": "none", "b": "no stores"}, {"channel": "web", "b": "none"}):
        with pytest.raises(CommandError, match="There is no"):
            call_command("compare_strategies", **wrong)

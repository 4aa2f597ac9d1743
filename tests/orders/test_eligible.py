"""What a strategy's rules keep from whom, and that the order's decision says so."""

from datetime import datetime, time
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from inventory.models import LocationHoliday
from orders.models import Allocation, SourcingRule, SourcingStrategy
from orders.services.eligible import eligible
from orders.services.intake import LineIn
from orders.services.network import strategy_of
from orders.services.place import place
from tests.make import ADDRESS, make_channel, make_location, make_order, make_order_in, make_sku, make_strategy
from tests.orders.test_place import make_sku_at
from tests.orders.test_supply import on_its_way

pytestmark = pytest.mark.django_db


@pytest.fixture
def shops():
    """A cheap store, a dear warehouse, and a SKU that lies in both."""
    store, house = make_location(kind="store", lane=Decimal(1)), make_location(lane=Decimal(9))
    sku = make_sku(5, store)
    make_sku_at(sku, house)
    return store, house, sku


def sourced(*lines, rules, **fields):
    """Place an order by `rules`; returns ({codes it ships from}, {code: why not})."""
    order = place(make_order_in(*lines, channel=make_channel(strategy=make_strategy(*rules)), **fields))
    codes = {row.location and row.location.code for row in order.allocations.all()}
    return codes, order.decisions.get().plans["excluded"]


def test_a_location_that_does_not_serve_a_region_is_left_out_and_says_why(shops):
    store, house, sku = shops
    rules = [{"location": store, "zone": "US-CA"}]
    address = ADDRESS | {"country": "US", "region": "CA", "postcode": "90001"}
    assert sourced(sku, rules=rules, ship_to=address) == ({house.code}, {store.code: "rule 1: no orders to US-CA"})
    assert sourced(sku, rules=rules) == ({store.code}, {})


def test_a_kind_does_not_serve_a_method_but_for_one_of_them(shops):
    store, house, sku = shops
    rules = [{"kind": "store", "method": "standard"}]
    assert sourced(sku, rules=rules)[0] == {house.code}
    assert sourced(sku, rules=[{"location": store, "verdict": "yes"}, *rules])[0] == {store.code}


def test_a_rule_of_another_channel_keeps_nobody(shops):
    store, _, sku = shops
    assert sourced(sku, rules=[{"location": store, "channel": make_channel()}])[0] == {store.code}


def test_hazardous_goods_travel_from_elsewhere_and_the_rest_does_not(shops):
    store, house, sku = shops
    battery = make_sku(5, store, is_hazmat=True)
    make_sku_at(battery, house)
    make_sku_at(sku, house)
    rules = [{"kind": "store", "is_hazmat": True}]
    assert sourced(battery, rules=rules) == ({house.code}, {store.code: "rule 1: no hazardous goods"})
    many = [LineIn(sku.code, 1, Decimal(1)), LineIn(battery.code, 1, Decimal(1))]
    cheap = make_strategy(*rules, split_penalty=0)
    house.lanes.update(base=Decimal(0), per_kg=Decimal(99))
    order = place(make_order_in(*many, channel=make_channel(strategy=cheap)))
    places = dict(order.allocations.values_list("sku__code", "location__code"))
    assert places == {sku.code: store.code, battery.code: house.code}


def test_a_supplier_that_has_everything_sends_no_hazardous_goods(shops):
    supplier = make_location(kind="supplier", lane=Decimal("0.10"), tracks_stock=False)
    battery = make_sku(is_hazmat=True)
    assert sourced(battery, rules=[])[0] == {supplier.code}
    assert sourced(battery, rules=[{"location": supplier, "is_hazmat": True}])[0] == {None}


@pytest.mark.parametrize(("hour", "chosen"), [(11, "store"), (13, "house")])
def test_after_cut_off_goes_elsewhere(shops, hour, chosen):
    store, house, sku = shops
    store.cutoff = time(12)
    store.save()
    strategy = make_strategy({"location": store, "is_too_late": True})
    order = make_order(sku, channel=make_channel(strategy=strategy))
    monday = datetime(2026, 11, 23, hour, tzinfo=timezone.get_fixed_timezone(60))
    found = eligible(order, strategy=strategy_of(order.channel), now=monday)
    assert (store.pk in found.places) is (chosen == "store")
    assert house.pk in found.places
    assert store.pk in eligible(order).places, "of another day nobody knows the hour"


def test_on_a_holiday_the_whole_day_is_after_cut_off(shops):
    store, _, sku = shops
    strategy = make_strategy({"location": store, "is_too_late": True})
    order = make_order(sku, channel=make_channel(strategy=strategy))
    monday = datetime(2026, 11, 23, 9, tzinfo=timezone.get_fixed_timezone(60))
    assert store.pk in eligible(order, now=monday).places
    LocationHoliday.objects.create(location=store, day=monday.date())
    make_strategy()  # forgets what is known
    assert store.pk not in eligible(order, now=monday).places


def test_missing_pieces_are_not_promised_from_where_a_rule_forbids_them():
    store, house = make_location(kind="store"), make_location()
    battery = make_sku(is_hazmat=True)
    for days, place_ in ((2, store), (9, house)):
        on_its_way(battery, place_, 5, days=days)
    rule = {"kind": "store", "is_hazmat": True}
    free = make_order(battery, channel=make_channel())
    bound = make_order(battery, channel=make_channel(strategy=make_strategy(rule)))
    assert Allocation.objects.get(order=free).supply_location == store
    assert Allocation.objects.get(order=bound).supply_location == house


def test_decision_names_the_strategy_it_was_made_by(admin_client):
    strategy = make_strategy(name="Stores last")
    order = place(make_order_in(make_sku(5), channel=make_channel(strategy=strategy)))
    assert order.decisions.get().plans["strategy"] == "Stores last"
    assert "Stores last" in admin_client.get(f"/admin/orders/order/{order.pk}/change/").content.decode()


def test_a_rule_reads_as_a_sentence():
    rule = {"kind": "store", "method": "express", "zone": "US-CA", "channel": make_channel(name="Web")}
    strategy = make_strategy(rule | {"is_hazmat": True, "is_too_late": True}, {"location": make_location("BER")})
    assert [str(rule) for rule in strategy.rules.all()] == [
        "Store does not serve hazardous goods of Web by express to US-CA after cut-off",
        "BER does not serve orders",
    ]


def test_a_strategy_made_a_moment_ago_is_known_at_once():
    make_order()  # the network is read
    strategy = SourcingStrategy.objects.create(name="New", split_penalty=3)
    assert strategy_of(make_channel(strategy=strategy)).name == "New"


@pytest.mark.parametrize(
    ("fields", "name"),
    [({}, "rule_says_something"), ({"kind": "store", "with_location": True}, "rule_of_location_or_kind")],
)
def test_rules_that_make_no_sense_are_refused(fields, name):
    strategy = make_strategy()
    if fields.pop("with_location", False):
        fields["location"] = make_location()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        SourcingRule.objects.create(strategy=strategy, **fields)
    assert not SourcingRule.objects.exists()

"""The penalties of a strategy move where orders ship from, and the order says what each plan was made of."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from orders.models import Lane, Order
from orders.panels.order import sourcing
from orders.services.allocate import sites_for
from orders.services.intake import LineIn
from orders.services.network import as_strategy
from orders.services.place import place
from tests.make import make_channel, make_location, make_order, make_order_in, make_sku, make_strategy
from tests.orders.test_place import make_sku_at

pytestmark = pytest.mark.django_db


def from_where(*lines, **penalties):
    """Place one order by a strategy with `penalties`; returns ({codes}, the best plan that was kept)."""
    order = place(make_order_in(*lines, channel=make_channel(strategy=make_strategy(**penalties))))
    return {row.location.code for row in order.allocations.all()}, order.decisions.get().plans["plans"][0]


def test_split_penalty_decides_between_two_parcels_and_a_dear_one():
    near, far = make_location(lane=Decimal(1)), make_location(lane=Decimal(20))
    one, two = make_sku(5, near), make_sku(5, make_location(lane=Decimal(2)))
    make_sku_at(one, far)
    make_sku_at(two, far)
    assert from_where(one, two)[0] == {far.code}
    places, plan = from_where(one, two, split_penalty=5)
    assert (len(places), plan["cost"]) == (2, "8.00")
    assert plan["terms"] == {"shipping": "3.00", "split": "5.00"}


def test_late_penalty_pays_for_the_quicker_location():
    slow, quick = make_location(lane=Decimal(1)), make_location(lane=Decimal(4))
    Lane.objects.filter(location=slow).update(transit_days=10)
    sku = make_sku(9, slow)
    make_sku_at(sku, quick)
    assert from_where(sku)[0] == {slow.code}
    assert from_where(sku, late_penalty=1)[0] == {quick.code}
    places, plan = from_where(sku, late_penalty="0.1")
    assert (places, set(plan["terms"])) == ({slow.code}, {"shipping", "late"})


def test_scarcity_penalty_leaves_a_store_its_last_pieces():
    store, house = make_location(kind="store", lane=Decimal(1)), make_location(lane=Decimal(4))
    sku = make_sku(4, store)
    make_sku_at(sku, house)
    assert from_where(sku, scarcity_penalty=2)[0] == {store.code}  # three are left
    line = LineIn(sku.code, 3, Decimal(1))
    assert from_where(line, scarcity_penalty=2)[0] == {house.code}
    assert from_where(line, scarcity_penalty="0.9")[1]["terms"] == {"shipping": "1.00", "scarce": "2.70"}


def test_a_penalty_below_zero_is_refused():
    with pytest.raises(IntegrityError, match="strategy_penalties_not_negative"), transaction.atomic():
        make_strategy(split_penalty=-1)


def test_panel_shows_what_each_plan_is_made_of(admin_client):
    order = place(make_order_in(make_sku(5, make_location(handling_cost="1.20"))))
    assert sourcing(order, None)["context"]["plans"][0]["terms"] == {"shipping": "4.90", "handling": "1.20"}
    page = admin_client.get(f"/admin/orders/order/{order.pk}/change/").content.decode()
    assert "shipping 4.90, handling 1.20" in page


def test_days_late_are_counted_by_the_clock_of_the_location():
    home = make_location(tz="America/New_York")
    order = Order.objects.get(pk=make_order(make_sku(5, home)).pk)
    strategy = as_strategy(make_strategy(late_penalty=1))
    goods = order.lines.select_related("sku")
    [site], _ = sites_for(order, goods, strategy=strategy, now=order.placed_at + timedelta(days=7))
    assert site.late_days == 7

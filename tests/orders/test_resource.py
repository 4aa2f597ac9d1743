"""Open orders sourced anew, together: better for all, or not at all."""

from decimal import Decimal

import pytest

from inventory.models import StockLevel
from orders.models import Allocation, Order, PromiseEvent
from orders.services import cancel
from orders.services.place import place
from orders.services.prioritise import prioritise
from orders.services.progress import back_from_floor, to_floor
from orders.services.proposal import Group
from orders.services.resource import apply, choose_orders, foresee, propose
from tests.make import make_channel, make_location, make_order, make_order_in, make_sku
from tests.orders.test_place import make_sku_at

pytestmark = pytest.mark.django_db


def order_of(*skus, channel):
    return Order.objects.get(pk=place(make_order_in(*skus, channel=channel)).pk)


def where(order):
    return [row.location and row.location.code for row in order.allocations.exclude(status="freed")]


def anew(**chosen):
    proposal = propose(choose_orders(**chosen), seconds=0.5)
    return proposal, apply(proposal.groups, actor="user:1")


@pytest.fixture
def east():
    return make_location("EAST", lane=Decimal(5))


@pytest.fixture
def west():
    return make_location("WEST", lane=Decimal(6))


def two_parcels_that_can_be_one(east, west):
    """An order that is split over both, because another took the last piece of the east; now there is more."""
    first, second = make_sku(1, east), make_sku(0, east)
    make_sku_at(second, west, 1)
    channel = make_channel()
    order = order_of(first, second, channel=channel)
    make_sku_at(second, east, 1)
    return order, channel


def test_pieces_that_wait_come_to_those_of_the_same_line(east, west):
    """The one that waits is a row of its own: the plan that sends both from one place counts three pieces there."""
    sku = make_sku(2, east)
    order = make_order(sku, 3)
    assert sorted(where(order), key=str) == ["EAST", None]
    make_sku_at(sku, west, 1)
    assert anew(sku=sku)[1].orders == 1
    assert sorted(where(order)) == ["EAST", "WEST"]
    make_sku_at(sku, east, 1)
    assert anew(sku=sku)[1].orders == 1
    assert where(order) == ["EAST", "EAST"]


def test_two_parcels_become_one_when_the_pieces_are_together_now(east, west):
    order, channel = two_parcels_that_can_be_one(east, west)
    assert sorted(where(order)) == ["EAST", "WEST"]
    proposal, applied = anew(channel=channel)
    assert (applied.orders, applied.refused) == (1, ())
    assert where(order) == ["EAST", "EAST"]
    [group] = proposal.groups
    assert group.after == {order.pk: Decimal("5.00")}
    assert group.before[order.pk] > Decimal(11)
    plans = order.decisions.last().plans
    assert [plan["parcels"] for plan in plans["plans"]] == [1, 2]
    assert StockLevel.objects.get(sku=order.allocations.first().sku, location=east).reserved == 1
    assert StockLevel.objects.get(location=west).reserved == 0


def test_a_second_time_there_is_nothing_to_do(east, west):
    _, channel = two_parcels_that_can_be_one(east, west)
    anew(channel=channel)
    proposal, applied = anew(channel=channel)
    assert (proposal.groups, applied.orders) == ((), 0)


def test_a_proposal_changes_nothing(east, west):
    order, channel = two_parcels_that_can_be_one(east, west)
    before = list(order.allocations.values())
    assert propose(choose_orders(channel=channel)).groups
    assert list(order.allocations.values()) == before
    assert order.decisions.count() == 1


def test_an_urgent_order_gets_the_piece_of_one_that_can_wait_and_both_are_told(east):
    sku = make_sku(1, east)
    low, urgent = make_order(sku), make_order(sku)
    prioritise(low.pk, Order.Priority.LOW)
    prioritise(urgent.pk, Order.Priority.URGENT)
    proposal, applied = anew()
    assert (len(proposal.groups), applied.orders) == (1, 2)
    assert (where(low), where(urgent)) == ([None], ["EAST"])
    assert StockLevel.objects.get(sku=sku).reserved == 1
    causes = {order.pk: order.promises.last().cause for order in (low, urgent)}
    assert causes == {low.pk: PromiseEvent.Cause.RESOURCED, urgent.pk: PromiseEvent.Cause.RESTOCKED}


def test_of_equals_who_has_the_piece_keeps_it(east):
    sku = make_sku(1, east)
    first, second = make_order(sku), make_order(sku)
    assert anew()[0].groups == ()
    assert (where(first), where(second)) == (["EAST"], [None])


def test_orders_change_places_in_one_transaction_though_no_piece_is_free(east, west):
    """Each has the piece that makes the other's order one parcel."""
    anchor_east, anchor_west, shared = make_sku(1, east), make_sku(1, west), make_sku(0, east)
    channel = make_channel()
    make_sku_at(shared, west, 1)
    one = order_of(anchor_east, shared, channel=channel)
    make_sku_at(shared, east, 1)
    other = order_of(anchor_west, shared, channel=channel)
    assert (sorted(where(one)), sorted(where(other))) == (["EAST", "WEST"], ["EAST", "WEST"])
    proposal, applied = anew(channel=channel)
    assert (len(proposal.groups), applied.orders) == (1, 2)
    assert (where(one), where(other)) == (["EAST", "EAST"], ["WEST", "WEST"])


def test_what_changed_meanwhile_is_left_and_said(east, west):
    order, channel = two_parcels_that_can_be_one(east, west)
    proposal = propose(choose_orders(channel=channel))
    cancel.cancel(order.pk, reason="test")
    before = list(Allocation.objects.values())
    applied = apply(proposal.groups)
    assert applied.orders == 0
    assert "changed meanwhile" in applied.refused[0]
    assert list(Allocation.objects.values()) == before


@pytest.mark.django_db(transaction=True)
def test_nothing_is_given_up_when_the_new_piece_went_to_somebody_else(east, west):
    order, channel = two_parcels_that_can_be_one(east, west)
    proposal = propose(choose_orders(channel=channel))
    [move] = proposal.moves
    wanted = Allocation.objects.get(pk=move.allocation).sku
    assert where(make_order(wanted, channel=channel)) == ["EAST"]
    before, levels = list(order.allocations.values()), list(StockLevel.objects.order_by("pk").values())
    applied = apply(proposal.groups)
    assert applied.orders == 0
    assert "went to others" in applied.refused[0]
    assert list(order.allocations.values()) == before
    assert list(StockLevel.objects.order_by("pk").values()) == levels


def test_what_is_on_the_floor_stays(east, west):
    order, channel = two_parcels_that_can_be_one(east, west)
    to_floor(order, [(row, row.quantity) for row in order.allocations.all()])
    assert choose_orders(channel=channel) == []
    back_from_floor(order, [(row, row.quantity) for row in order.allocations.all()])


def test_a_proposal_says_who_is_promised_what(east):
    sku = make_sku(1, east)
    low, urgent = make_order(sku), make_order(sku)
    prioritise(low.pk, Order.Priority.LOW)
    prioritise(urgent.pk, Order.Priority.URGENT)
    [group] = propose(choose_orders(sku=sku)).groups
    promised = foresee(group)
    assert promised[low.pk] == (low.promised_current, None)
    assert promised[urgent.pk][0] is None
    assert promised[urgent.pk][1] is not None
    assert Group.from_json(group.as_json()) == group
    apply([group])
    urgent.refresh_from_db()
    assert abs(urgent.promised_current - promised[urgent.pk][1]).total_seconds() < 3600

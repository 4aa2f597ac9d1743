from datetime import date
from decimal import Decimal

import pytest

from inventory.models import Location, StockLevel
from inventory.services import stock
from oms.lib.errors import InsufficientStock
from oms.outbox.models import Event
from oms.papers.models import Message
from orders.models import Allocation, DaySlot, Order
from orders.services import backorder, change
from orders.services.intake import LineIn
from orders.services.network import forget_network
from orders.services.place import place
from tests.deliver import deliver
from tests.make import ADDRESS, make_channel, make_location, make_order, make_order_in, make_sku
from tests.orders.test_supply import on_its_way

pytestmark = pytest.mark.django_db


def test_arrived_stock_goes_to_priority_then_age():
    home = make_location()
    sku = make_sku(1, home)
    channel = make_channel()
    make_order(sku, 1, channel=channel)
    old, new, urgent = (make_order(sku, 2, channel=channel, priority=priority) for priority in (5, 5, 1))
    stock.receive(sku, home, 3)
    assert backorder.take_up(sku.pk) == 2
    waiting = dict(Allocation.objects.backordered().values_list("order_id", "quantity"))
    assert waiting == {old.pk: 1, new.pk: 2}
    assert not urgent.allocations.backordered().exists()
    assert StockLevel.objects.get().reserved == 4


def test_served_order_has_a_promise_again():
    home = make_location()
    sku = make_sku(0)
    order = make_order(sku, 1)
    assert order.promised_original is None
    stock.receive(sku, home, 1)
    backorder.take_up_all()
    order.refresh_from_db()
    assert (order.fulfilment_state, order.promised_original is None) == ("open", False)
    assert Event.objects.filter(name="order.restocked").count() == 1


def test_nothing_arrived_nothing_moves():
    sku = make_sku(0)
    make_order(sku)
    assert backorder.take_up(sku.pk) == 0


def test_loss_backorders_the_newest_first():
    home = make_location()
    sku = make_sku(5, home)
    channel = make_channel()
    old, new = (make_order(sku, 2, channel=channel) for _ in range(2))
    stock.adjust(sku, home, -2, reason="damaged")
    assert set(new.allocations.values_list("status", "quantity")) == {("reserved", 1), ("backordered", 1)}
    assert old.allocations.get().status == "reserved"
    level = StockLevel.objects.get()
    assert (level.on_hand, level.reserved) == (3, 3)
    new.refresh_from_db()
    assert (new.fulfilment_state, new.promised_current) == ("backordered", None)


@pytest.mark.corrupt(6, 13)  # no warehouse counts what is on the floor
def test_pieces_on_the_floor_are_not_taken_away():
    home = make_location()
    sku = make_sku(2, home)
    order = make_order(sku, 2)
    order.allocations.get().move_to("on_floor")
    with pytest.raises(InsufficientStock, match=order.number):
        stock.adjust(sku, home, -1, reason="damaged")
    assert StockLevel.objects.get().on_hand == 2
    assert Order.objects.get().fulfilment_state == "open"


def test_arrived_stock_goes_to_priority_before_the_day_promised_and_to_that_before_age():
    home, sku, channel = make_location(), make_sku(), make_channel()
    old = make_order(sku, 1, channel=channel)
    on_its_way(sku, home, 1)
    promised = make_order(sku, 1, channel=channel)
    urgent = make_order(sku, 1, channel=channel, priority=1)
    stock.receive(sku, home, 2)
    assert backorder.take_up(sku.pk) == 2
    assert [one.allocations.get().status for one in (old, promised, urgent)] == ["backordered", "reserved", "reserved"]


def test_who_cannot_be_served_from_there_keeps_nobody_else_waiting():
    home, store = make_location(), make_location(kind="store", allows_pickup=True)
    sku, channel = make_sku(), make_channel()
    collects = make_order(sku, 1, channel=channel, method="pickup", pickup_location=store.code)
    sent = make_order(sku, 2, channel=channel)
    stock.receive(sku, home, 2)
    assert backorder.take_up(sku.pk) == 1
    assert [one.allocations.get().status for one in (collects, sent)] == ["backordered", "reserved"]


def test_what_is_lost_here_and_lies_elsewhere_is_sent_from_there_and_nobody_is_told_it_is_late():
    home, other = make_location(), make_location()
    sku = make_sku(2, home)
    order = make_order(sku, 2)
    deliver()
    stock.receive(sku, other, 2)
    stock.adjust(sku, home, -2, reason="lost")
    deliver()
    assert [row.location for row in order.allocations.all()] == [other]
    told = Message.objects.of(order.subject).exclude(status="stopped")
    assert set(told.values_list("kind", flat=True)) == {"order_confirmation"}


def supplier(**fields):
    return make_location(kind="supplier", tracks_stock=False, **fields)


def places(order):
    return [row.location for row in order.allocations.all()]


def test_what_a_full_day_kept_waiting_is_taken_up_on_another():
    depot = supplier(daily_capacity=1)
    sku, channel = make_sku(), make_channel()
    first, second = (make_order(sku, channel=channel) for _ in range(2))
    assert (places(first), places(second)) == ([depot], [None])
    backorder.repeg_all()
    assert places(second) == [None]
    DaySlot.objects.update(day=date(2020, 1, 1))
    backorder.repeg_all()
    assert places(second) == [depot]


def test_a_place_that_opens_again_is_asked_unless_it_refused():
    depot = supplier()
    Location.objects.update(is_active=False)
    forget_network()
    sku = make_sku()
    order, refused = make_order(sku), make_order(sku)
    refused.allocations.update(refused_by=[depot.pk])
    Location.objects.update(is_active=True)
    forget_network()
    backorder.repeg_all()
    assert (places(order), places(refused)) == ([depot], [None])


def test_goods_that_nobody_may_have_keep_no_others_waiting():
    elsewhere, home = make_location(), make_location()
    channel = make_channel()
    channel.locations.add(home)
    forget_network()
    skus = [make_sku() for _ in range(202)]
    orders = [make_order(sku, channel=channel) for sku in skus[-2:]]
    place(make_order_in(*(LineIn(sku.code, 1, Decimal(9)) for sku in skus[:-2]), channel=channel))
    for sku in skus[:-2]:
        stock.receive(sku, elsewhere, 5)
    for sku in skus[-2:]:
        stock.receive(sku, home, 5)
    backorder.take_up_all()
    assert [places(order) for order in orders] == [[home], [home]]


def test_a_new_address_changes_nothing_of_what_a_location_refused():
    depot = make_location()
    cup, pot = make_sku(5, depot), make_sku(5, depot)
    order = place(make_order_in(LineIn(cup.code, 1, Decimal(9)), LineIn(pot.code, 1, Decimal(9))))
    order.allocations.filter(sku=cup).update(refused_by=[depot.pk])
    change.change(order.pk, {"ship_to": ADDRESS | {"country": "CH", "postcode": "8001"}}, actor="user:1")
    assert {row.sku: row.location for row in order.allocations.all()} == {cup: None, pot: depot}

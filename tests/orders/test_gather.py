"""Pieces of several locations are brought to one, where that costs less; nothing is lost on the way."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from fulfilment.models import FulfilmentOrder
from inventory.models import Location, StockLevel, Transfer, TransferRoute
from inventory.services import draft_transfer, receive_transfer, ship_transfer, stock
from oms import roles
from oms.lib import doctor
from oms.lib.errors import Stale
from orders.customer.reader import reader_of
from orders.customer.story import tell
from orders.models import Gathering, Hold, Lane, Order
from orders.services import change
from orders.services.cancel import cancel
from orders.services.intake import LineIn
from orders.services.network import forget_network
from orders.services.place import place
from orders.services.proposal import Group, Move
from orders.services.resource import apply_group, choose_orders
from tests.deliver import deliver
from tests.make import ADDRESS, make_channel, make_location, make_order_in, make_sku, make_strategy, make_user
from tests.orders.test_place import make_sku_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    """Two warehouses from where a parcel costs 10, and a ride from the second to the first for 2."""
    home, other = make_location(lane=Decimal(10)), make_location(lane=Decimal(10))
    TransferRoute.objects.create(source=other, target=home, base=Decimal(2))
    forget_network()
    return home, other


def placed(home, other, *, promised_in=10, **strategy):
    """An order of a piece at home and two elsewhere, promised for so many days from now, and confirmed."""
    channel = make_channel(strategy=make_strategy(gathers=True, split_penalty=0, **strategy))
    lines = [LineIn(make_sku(5, place).code, pieces, Decimal(9)) for place, pieces in ((home, 1), (other, 2))]
    order = Order.objects.get(pk=place_order(lines, channel).pk)
    later = timezone.now() + timedelta(days=promised_in)
    Order.objects.filter(pk=order.pk).update(promised_current=later, promised_original=later)
    deliver()
    order.refresh_from_db()
    return order


def place_order(lines, channel):
    return place(make_order_in(*lines, channel=channel))


def statuses(order):
    return sorted(order.allocations.values_list("status", flat=True))


def arrive(transfer):
    """Ship and receive all of a transfer."""
    ship_transfer.ship(transfer.pk, actor="user:1")
    lines = {line.pk: (line.quantity, 0) for line in transfer.lines.all()}
    receive_transfer.receive(transfer.pk, lines, actor="user:1")
    deliver()


def proven():
    deliver()
    return [found.number for found in doctor.run(snapshot=False) if found.violations] == []


def test_pieces_ride_to_where_one_parcel_costs_least(places):
    home, other = places
    order = placed(home, other)
    gathering = Gathering.objects.get(order=order)
    assert (gathering.location, gathering.saves, gathering.ended_at) == (home, Decimal(8), None)
    transfer = Transfer.objects.get()
    assert (transfer.source, transfer.target, transfer.status) == (other, home, "ready")
    waits = order.allocations.get(status="backordered")
    assert (waits.supply_location, waits.quantity) == (home, 2)
    assert StockLevel.objects.get(sku=waits.sku, location=other).reserved == 2
    assert order.is_held
    assert order.decisions.last().plans["plans"][0]["gathers"] == other.code
    assert proven()


def test_page_says_what_brings_the_pieces_and_that_nobody_need_act(places, client):
    home, other = places
    order = placed(home, other)
    client.force_login(make_user(roles.CS))
    response = client.get(f"/admin/orders/order/{order.pk}/change/")
    html = response.content.decode()
    transfer = Transfer.objects.get()
    assert [fact["text"] for fact in response.context["headline"] if fact["label"] == "Waits for"] == [
        f"{transfer} to {home.code}, {transfer.expected_on:%-d %b}"
    ]
    assert f"/transfer/{transfer.pk}/change/" in html
    assert "Apart, the parcels would cost €8.00 more" in html
    assert "On its way" in html
    assert [action["tone"] for action in response.context["actions"] if action["label"] == "Release"] == [""]
    arrive(transfer)
    assert "Gathered into one parcel" not in client.get(f"/admin/orders/order/{order.pk}/change/").content.decode()


def test_customer_is_told_of_one_parcel_and_of_nothing_missing(places):
    order = placed(*places)
    Order.objects.filter(pk=order.pk).update(promised_original=timezone.now())
    order.promises.create(cause="gathered")
    told = tell(Order.objects.get(pk=order.pk), reader_of(order), now=timezone.now() - timedelta(days=1))
    assert (told.headline, told.missing) == ("We are putting your order together", [])
    assert told.why_late.endswith("We bring it together, so that it comes in one parcel.")


def test_all_leaves_in_one_parcel_once_it_is_there(places):
    home, other = places
    order = placed(home, other)
    arrive(Transfer.objects.get())
    order.refresh_from_db()
    assert (order.is_held, statuses(order)) == (False, ["reserved", "reserved"])
    work = FulfilmentOrder.objects.get(order=order, status="open")
    assert (work.location, work.lines.count()) == (home, 2)
    assert Gathering.objects.get().is_complete
    assert proven()


def test_free_pieces_at_the_old_place_are_not_taken_instead(places):
    home, other = places
    order = placed(home, other)
    stock.receive(order.allocations.get(status="backordered").sku, other, 9)
    deliver()
    assert statuses(order) == ["backordered", "reserved"]


def test_a_cancelled_transfer_sends_the_parcels_apart(places):
    home, other = places
    order = placed(home, other)
    draft_transfer.cancel(Transfer.objects.get().pk, actor="user:1")
    deliver()
    order.refresh_from_db()
    assert (order.is_held, statuses(order)) == (False, ["reserved", "reserved"])
    assert FulfilmentOrder.objects.filter(order=order, status="open").count() == 2
    gathering = Gathering.objects.get()
    assert (gathering.ended_at is not None, gathering.is_complete) == (True, False)
    assert proven()


def test_a_cancelled_order_leaves_the_transfer_and_nothing_reserved(places):
    home, other = places
    order = placed(home, other)
    cancel(order.pk, reason="customer", actor="user:1")
    assert proven()
    assert (statuses(order), Gathering.objects.get().ended_at is not None) == (["freed", "freed"], True)


@pytest.mark.parametrize("strategy", [{"late_penalty": 0}, {"late_penalty": 50}])
def test_what_would_come_late_is_not_gathered(places, strategy):
    order = placed(*places, promised_in=2, **strategy)
    assert (statuses(order), Transfer.objects.count()) == (["reserved", "reserved"], 0)


@pytest.mark.corrupt(18)
def test_doctor_finds_a_gathering_that_waits_for_nothing(places):
    order = placed(*places)
    draft_transfer.cancel(Transfer.objects.get().pk, actor="user:1")
    deliver()
    assert doctor_says() == []
    Gathering.objects.filter(order=order).update(ended_at=None)
    assert doctor_says() == [f"order {order}"]


def doctor_says():
    return [row.row for found in doctor.run(only=18, snapshot=False) for row in found.violations]


def test_without_a_route_parcels_stay_apart(places):
    TransferRoute.objects.all().delete()
    forget_network()
    assert statuses(placed(*places)) == ["reserved", "reserved"]


def test_pieces_out_of_safety_stock_stay_and_the_order_is_confirmed(places):
    home, other = places
    channel = make_channel(strategy=make_strategy(gathers=True, split_penalty=0))
    skus = [make_sku(5, place) for place in (home, other)]
    order = place_order([LineIn(sku.code, 5, Decimal(9)) for sku in skus], channel)
    Order.objects.filter(pk=order.pk).update(promised_current=timezone.now() + timedelta(days=10))
    StockLevel.objects.filter(sku=skus[1]).update(safety=1)
    deliver()
    order.refresh_from_db()
    assert (order.status, Gathering.objects.count(), Transfer.objects.count()) == ("confirmed", 0, 0)


def test_sourcing_anew_leaves_a_gathering_alone(places):
    home, other = places
    order = placed(home, other)
    waits = order.allocations.get(status="backordered")
    assert choose_orders() == choose_orders(channel=order.channel) == []
    move = Move(order=order.pk, allocation=waits.pk, pieces=2, source=None, target=other.pk)
    group = Group(moves=(move,), before={order.pk: 0}, after={order.pk: 0}, waited=2, waiting=0)
    with pytest.raises(Stale, match="is being gathered"):
        apply_group(group)
    assert statuses(order) == ["backordered", "reserved"]


def test_strategies_gather_only_where_they_say_so(places):
    home, other = places
    channel = make_channel(strategy=make_strategy(split_penalty=0))
    lines = [LineIn(make_sku(5, place).code, 1, Decimal(9)) for place in (home, other)]
    order = place_order(lines, channel)
    deliver()
    assert (statuses(order), Gathering.objects.count()) == (["reserved", "reserved"], 0)


def test_an_address_served_from_elsewhere_ends_the_gathering(places):
    order = placed(*places)
    third = make_location(lane=None)
    Lane.objects.create(location=third, zone="CH", base=Decimal(1), transit_days=2)
    forget_network()
    for line in order.lines.select_related("sku"):
        make_sku_at(line.sku, third, 9)
    change.change(order.pk, {"ship_to": ADDRESS | {"country": "CH", "postcode": "8001"}}, actor="user:1")
    deliver()
    assert {row.location for row in order.allocations.all()} == {third}
    assert not Hold.objects.active().filter(order=order).exists()
    assert not Gathering.objects.get().is_complete


def test_a_day_late_by_the_clock_of_the_location_is_not_gathered(places):
    Location.objects.update(tz="America/New_York")
    forget_network()
    arrives = placed(*places).promised_current
    days = (arrives - timezone.now()) / timedelta(days=1)
    late = placed(*places, promised_in=days - 1)
    assert [row.order for row in Gathering.objects.all()] == list(Order.objects.exclude(pk=late.pk))


@pytest.mark.parametrize(("buffer", "safety"), [(2, 0), (0, 2)])
def test_nothing_is_brought_where_safety_stock_or_a_buffer_would_keep_it(places, buffer, safety):
    home, other = places
    channel = make_channel(buffer=buffer, strategy=make_strategy(gathers=True, split_penalty=0))
    cup, pot = make_sku(9, home), make_sku(2 + buffer, other)
    stock.set_safety(pot, home, safety)
    order = place_order([LineIn(cup.code, 1, Decimal(9)), LineIn(pot.code, 2, Decimal(9))], channel)
    later = timezone.now() + timedelta(days=10)
    Order.objects.filter(pk=order.pk).update(promised_current=later, promised_original=later)
    deliver()
    assert statuses(order) == ["reserved", "reserved"]
    assert not Gathering.objects.exists()

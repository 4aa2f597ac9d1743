from datetime import UTC, date, datetime

import pytest

from fulfilment.models import FulfilmentOrder
from fulfilment.services.open_orders import follow
from inventory.models import Location, LocationHoliday
from inventory.services import stock
from orders.models import Order
from orders.services import holds
from orders.services.cancel import cancel
from tests.deliver import deliver
from tests.fulfilment.make import confirmed, make_shelf, work_of
from tests.make import make_location, make_order, make_sku

pytestmark = pytest.mark.django_db


def test_one_fulfilment_order_per_location():
    first, second = make_location(), make_location()
    cup, pot = make_sku(5, first), make_sku(5, second)

    order = confirmed((cup, 2), (pot, 1))

    rows = FulfilmentOrder.objects.filter(order=order).order_by("location")
    assert [(row.location, row.status, [line.quantity for line in row.lines.all()]) for row in rows] == [
        (first, "open", [2]),
        (second, "open", [1]),
    ]


def test_nothing_is_opened_before_the_order_is_confirmed():
    order = make_order(quantity=2)
    follow(order.pk)
    assert order.status == Order.Status.PLACED
    assert not FulfilmentOrder.objects.exists()


def test_following_twice_changes_nothing():
    order = confirmed((make_sku(5), 2))
    before = Order.objects.get(pk=order.pk).event_counter
    follow(order.pk)
    assert FulfilmentOrder.objects.count() == 1
    assert Order.objects.get(pk=order.pk).event_counter == before


def test_cancelled_pieces_leave_open_work():
    _, (cup, pot) = make_shelf(5, 5)
    order = confirmed((cup, 2), (pot, 3))
    cup_line, pot_line = order.lines.all()

    cancel(order.pk, lines={cup_line.pk: 2, pot_line.pk: 1}, reason="changed mind")
    deliver()
    assert [(line.sku, line.quantity) for line in work_of(order).lines.all()] == [(pot, 2)]

    cancel(order.pk, reason="changed mind")
    deliver()
    assert work_of(order).status == "cancelled"


def test_arrived_backorder_gets_work_of_its_own():
    location, (cup,) = make_shelf(2)
    order = confirmed((cup, 5))
    assert [line.quantity for line in work_of(order).lines.all()] == [2]

    stock.receive(cup, location, 3)
    deliver()
    rows = FulfilmentOrder.objects.filter(order=order)
    assert sum(line.quantity for row in rows for line in row.lines.all()) == 5


def test_method_follows_location_and_order():
    supplier = make_location(kind=Location.Kind.SUPPLIER, tracks_stock=False)
    cup = make_sku()
    row = work_of(confirmed((cup, 1)))
    assert (row.location, row.method, row.status) == (supplier, "dropship", "released")


def test_3pl_is_assigned_when_the_hold_is_lifted():
    depot = make_location(kind=Location.Kind.THIRD_PARTY)
    cup = make_sku(5, depot)
    order = make_order(cup)
    hold = holds.put(order.pk, "manual", "ask first")
    deliver()
    assert not FulfilmentOrder.objects.exists()

    holds.release(order.pk, hold.pk)
    deliver()
    assert work_of(order).status == "released"


def test_download_is_delivered_at_once():
    album = make_sku(kind="digital")
    order = confirmed((album, 2))

    row = work_of(order)
    assert (row.method, row.status) == ("digital", "closed")
    assert order.fulfilment_state == "delivered"
    assert [(parcel.status, parcel.carrier) for parcel in row.parcels.all()] == [("delivered", None)]


def test_nothing_is_due_on_a_holiday_of_its_location(time_machine):
    time_machine.move_to(datetime(2026, 12, 24, 20, tzinfo=UTC))  # a Thursday
    location, (cup,) = make_shelf(5)
    LocationHoliday.objects.create(location=location, day="2026-12-25")
    assert work_of(confirmed((cup, 1))).ship_by.date() == date(2026, 12, 28)

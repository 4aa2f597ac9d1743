from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from inventory.models import StockLevel
from inventory.services import stock
from orders.models import Allocation, Order
from orders.services import change, close, holds, pay
from orders.services.verify import verify
from tests.deliver import deliver
from tests.make import make_channel, make_location, make_order, make_sku

pytestmark = pytest.mark.django_db


def test_unpaid_order_expires_and_frees_its_stock():
    order = make_order(channel=make_channel(payment_gate="captured"))
    close.expire_unpaid()
    assert Order.objects.get().status == "placed"
    Allocation.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    close.expire_unpaid()
    order.refresh_from_db()
    assert (order.status, order.cancel_reason, StockLevel.objects.get().reserved) == (
        "cancelled",
        "not paid in time",
        0,
    )


def test_order_with_open_pieces_does_not_close():
    order = make_order()
    verify(order.pk)
    close.close(order.pk)
    assert Order.objects.get().status == "confirmed"


def test_hold_ends_by_itself():
    order = make_order()
    hold = holds.put(order.pk, "manual", "until Monday", until=timezone.now() - timedelta(minutes=1))
    holds.release_due()
    hold.refresh_from_db()
    assert hold.release_note == "its time is over"


def backordered(**channel):
    home, sku = make_location(), make_sku()
    order = make_order(sku, channel=make_channel(payment_gate="captured", unpaid_hours=2, **channel))
    deliver()
    return order, home, sku


def expired_after(order, hours):
    with time_machine.travel(timezone.now() + timedelta(hours=hours), tick=False):
        close.expire_unpaid()
    order.refresh_from_db()
    return order.status == "cancelled"


def test_unpaid_order_expires_though_its_pieces_are_missing():
    order, _, _ = backordered()
    assert not expired_after(order, 1)
    assert expired_after(order, 3)


def test_unpaid_order_whose_pieces_came_later_expires():
    order, home, sku = backordered()
    stock.receive(sku, home, 1)
    deliver()
    assert order.allocations.get().status == "reserved"
    assert expired_after(order, 3)
    assert StockLevel.objects.get().reserved == 0


def test_what_is_added_to_an_unpaid_order_expires_with_it():
    order, home, sku = backordered()
    change.change(order.pk, {"add": [{"sku": sku.code, "quantity": 2, "unit_price": "9.50"}]}, actor="user:1")
    order.refresh_from_db()
    assert {row.expires_at for row in order.allocations.all()} == {order.placed_at + timedelta(hours=2)}


def test_paid_order_that_waits_for_pieces_does_not_expire():
    order, _, _ = backordered(shortage_hours=24)
    pay.add_payment(order.pk, amount=order.gross, reference="P1")
    assert not expired_after(order, 3)
    assert not Allocation.objects.filter(expires_at__isnull=False).exists()

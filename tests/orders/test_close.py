from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import StockLevel
from orders.models import Allocation, Order
from orders.services import close, holds
from orders.services.verify import verify
from tests.make import make_channel, make_order

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

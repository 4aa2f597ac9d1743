"""Many scanners at one delivery. A race has a control that loses it, so that the test can fail."""

import time

import pytest

from inventory.models import PurchaseLine, ReceiptLine, StockLevel
from inventory.services.receive_delivery import allowed, receive
from oms.lib.errors import Invalid
from tests.inventory.buying import make_sent
from tests.race import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

SCANNERS = 8


def take(order, sku, pieces, key=None):
    """Return the pieces that one scanner booked, 0 where they were refused."""
    try:
        return receive(sku, order.location, pieces, order=order, key=key).pieces
    except Invalid:
        return 0


def take_without_a_lock(order, sku, pieces):
    """The control: look, think, write what one saw."""
    line = PurchaseLine.objects.select_related("order__supplier").get(order=order, sku=sku)
    if allowed(line) < pieces:
        return 0
    time.sleep(0.05)
    PurchaseLine.objects.filter(pk=line.pk).update(received=line.received + pieces)
    return pieces


def test_scanners_at_once_never_take_more_than_the_tolerance():
    order = make_sent(10)
    sku = order.lines.get().sku
    booked = race(lambda _: take(order, sku, 3), SCANNERS)
    assert sum(booked) == 9, "a fourth time three would be more than eleven"
    assert order.lines.get().received == StockLevel.objects.get().on_hand == 9


@pytest.mark.corrupt
def test_without_the_lock_they_would():
    order = make_sent(10)
    sku = order.lines.get().sku
    assert sum(race(lambda _: take_without_a_lock(order, sku, 3), SCANNERS)) > 11


def test_a_scan_that_is_sent_many_times_at_once_is_booked_once():
    order = make_sent(10)
    sku = order.lines.get().sku
    assert race(lambda _: take(order, sku, 3, key="scan:1"), SCANNERS) == [3] * SCANNERS
    assert ReceiptLine.objects.count() == 1
    assert StockLevel.objects.get().on_hand == 3

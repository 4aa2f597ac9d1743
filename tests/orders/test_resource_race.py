"""Several people source the same orders anew, while others buy what is left, on either database."""

from decimal import Decimal

import pytest

from inventory.models import StockLevel
from orders.models import Allocation, Order
from orders.services.intake import LineIn
from orders.services.place import place
from orders.services.prioritise import prioritise
from orders.services.resource import apply, choose_orders, propose
from tests.make import make_channel, make_location, make_order, make_order_in, make_sku
from tests.race import race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_a_piece_changes_hands_once_and_no_buyer_gets_in_between():
    sku = make_sku(1, make_location(lane=Decimal(5)))
    low, urgent = make_order(sku), make_order(sku)
    prioritise(low.pk, Order.Priority.LOW)
    prioritise(urgent.pk, Order.Priority.URGENT)
    groups = propose(choose_orders(sku=sku), seconds=0.5).groups
    channel = make_channel()

    def act(number):
        if number % 2:
            place(make_order_in(LineIn(sku.code, 1, Decimal(1)), channel=channel, external_id=f"race-{number}"))
            return 0
        return apply(groups).orders

    assert sum(race(act, 6, timeout=120)) == 2
    [held] = Allocation.objects.filter(status=Allocation.Status.RESERVED)
    assert held.order_id == urgent.pk
    assert StockLevel.objects.get(sku=sku).reserved == 1

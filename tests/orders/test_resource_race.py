"""Several people source the same orders anew, while others buy what is left, on either database."""

import time
from decimal import Decimal

import pytest
from django.db import transaction

from inventory.models import StockLevel
from oms.lib.errors import Stale
from orders.models import Allocation, Order
from orders.services import resource
from orders.services.intake import LineIn
from orders.services.place import place
from orders.services.prioritise import prioritise
from orders.services.resource import apply, choose_orders, propose
from tests.make import make_channel, make_location, make_order, make_order_in, make_sku
from tests.race import race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def proposed():
    """A piece that an order of low priority has and an urgent one waits for: (SKU, the urgent one, the groups)."""
    sku = make_sku(1, make_location(lane=Decimal(5)))
    low, urgent = make_order(sku), make_order(sku)
    prioritise(low.pk, Order.Priority.LOW)
    prioritise(urgent.pk, Order.Priority.URGENT)
    return sku, urgent, propose(choose_orders(sku=sku), seconds=0.5).groups


def test_a_piece_changes_hands_once_and_no_buyer_gets_in_between():
    sku, urgent, groups = proposed()
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


def test_control_who_looks_before_he_locks_moves_it_again(monkeypatch):
    """The same change of hands, what is proposed looked at before the transaction that writes: the race is real."""
    _, _, groups = proposed()
    look = resource._expected
    monkeypatch.setattr(resource, "_expected", as_it_is)

    def act(number):
        try:
            with transaction.atomic():
                look(groups[0], Order.objects.in_bulk(groups[0].before))
        except Stale:
            return 0
        time.sleep(0.5)  # as long as the others look
        return apply(groups).orders

    assert sum(race(act, 6, timeout=120)) > 2


def as_it_is(group, orders):
    """Return the rows of a group as somebody would who trusts what he saw."""
    return Allocation.objects.select_related("sku", "line").in_bulk([move.allocation for move in group.moves])

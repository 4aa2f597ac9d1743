"""Customers who want the same pieces while these are still on their way, in processes of their own."""

import time

import pytest

from orders.models import Allocation
from orders.services import backorder, supply
from orders.services.intake import LineIn
from orders.services.place import place
from tests.make import make_channel, make_location, make_order, make_order_in, make_sku
from tests.orders.test_supply import on_its_way
from tests.race import race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

BUYERS = 8
COMING = 5


@pytest.fixture
def home():
    return make_location()


@pytest.fixture
def sku():
    return make_sku()


def promised():
    """Return how many pieces are promised out of what is on its way."""
    return sum(Allocation.objects.claims().values_list("quantity", flat=True))


def test_what_is_on_its_way_is_promised_once(home, sku):
    channel = make_channel()
    on_its_way(sku, home, COMING)

    def buy(number):
        order_in = make_order_in(LineIn(sku.code, 2, 1), channel=channel, external_id=str(number))
        return place(order_in).promised_original is not None

    assert sum(race(buy, BUYERS)) == COMING // 2
    assert promised() == COMING // 2 * 2
    assert supply.overclaimed([sku.pk]) == {}


def test_new_orders_and_promising_anew_do_not_share_a_piece(home, sku):
    channel = make_channel()
    for _ in range(3):
        make_order(sku, 1, channel=channel)
    on_its_way(sku, home, COMING)

    def work(number):
        if number % 2:
            backorder.take_up(sku.pk)
        else:
            place(make_order_in(LineIn(sku.code, 1, 1), channel=channel, external_id=str(number)))

    race(work, BUYERS)
    assert promised() == COMING
    assert supply.overclaimed([sku.pk]) == {}


@pytest.mark.corrupt(18)
def test_control_who_looks_without_the_lock_promises_it_twice(home, sku):
    """The same books, looked at outside of the transaction that writes: the race is real."""
    channel = make_channel()
    orders = [make_order(sku, 2, channel=channel) for _ in range(BUYERS)]
    on_its_way(sku, home, COMING)

    def claim(number):
        row = orders[number].allocations.select_related("sku").get()
        supply.peg(orders[number], [row], is_sure=False)
        time.sleep(0.5)  # as long as the others look
        row.save()

    race(claim, BUYERS)
    assert promised() > COMING
    assert supply.overclaimed([sku.pk])

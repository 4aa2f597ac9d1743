from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from oms.lib import tokens
from orders.customer.links import LIFETIME, customer_link, order_of, token_of
from orders.models import Order
from tests.make import make_order

pytestmark = pytest.mark.django_db


def test_link_opens_its_order(client, settings):
    order = make_order()
    link = customer_link(order)
    assert link.startswith(settings.SITE_URL)
    assert client.get(link.removeprefix(settings.SITE_URL)).context["order"] == order
    assert order_of(token_of(order)) == order


def test_every_letter_of_the_link_counts():
    token = token_of(make_order())
    for i, letter in enumerate(token):
        assert order_of(token[:i] + ("A" if letter != "A" else "Q") + token[i + 1 :]) is None, i


def test_link_for_another_purpose_opens_no_order():
    order = make_order()
    value = tokens.read("customer", token_of(order))
    assert order_of(tokens.sign("return", value, expires=timezone.now() + LIFETIME)) is None
    assert order_of(tokens.sign("customer", value, expires=timezone.now() + LIFETIME)) == order


@pytest.mark.parametrize("token", ["1", "1-0", "WyIxLTAiLDE5OTk5OTk5OTld", "::", "é:é:é", "a" * 10_000])
def test_guess_opens_nothing(token):
    make_order()
    assert order_of(token) is None


def test_link_ends_after_its_lifetime():
    order = make_order()
    token = token_of(order)
    with time_machine.travel(timezone.now() + LIFETIME - timedelta(minutes=1)):
        assert order_of(token) == order
    with time_machine.travel(timezone.now() + LIFETIME + timedelta(minutes=1)):
        assert order_of(token) is None


def test_link_to_a_mistyped_address_ends_when_it_is_mended():
    order = make_order(email="ann@exmaple.com")
    token = token_of(order)
    Order.objects.filter(pk=order.pk).update(email="ann@example.com")
    assert order_of(token) is None


def test_secret_of_another_house_opens_nothing(settings):
    token = token_of(make_order())
    settings.SECRET_KEY = "another"
    assert order_of(token) is None

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from oms import roles
from orders.models import Customer, Order
from tests.make import make_order, make_user

pytestmark = pytest.mark.django_db
FIELDS = {"name": "Ann", "company": "", "phone": "", "vat_id": "", "locale": "en", "account": ""}


def page(order):
    return reverse("admin:orders_customer_change", args=[order.customer_id])


@pytest.fixture
def cs(client):
    client.force_login(make_user(roles.CS))
    return client


def test_a_mended_address_finds_him_at_his_next_order(cs):
    first = make_order(email="ann@exmaple.com")
    cs.post(page(first), FIELDS | {"email": "Ann@Example.com"})
    assert make_order(email="ann@example.com").customer_id == first.customer_id


def test_a_customer_without_an_address_stays_so(cs):
    first = make_order(account="SHOP:7", email="")
    cs.post(page(first), FIELDS | {"email": "", "account": "SHOP:7", "name": "Bob"})
    customer = Customer.objects.get()
    assert (customer.name, customer.email) == ("Bob", None)


def test_his_orders_are_of_the_day_that_it_was_where_one_looks(cs):
    order = make_order()
    Order.objects.update(ordered_at=datetime(2025, 3, 4, 23, 30, tzinfo=UTC))
    cs.cookies["tz"] = "Europe/Berlin"
    assert "2025-03-05" in cs.get(page(order)).content.decode()

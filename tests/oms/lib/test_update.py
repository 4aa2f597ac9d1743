from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone

from oms.lib.insert import FEW
from oms.lib.update import update
from orders.models import Customer, Order, OrderLine
from tests.make import make_order

CHANGED = {"shipped": 1, "unit_price": Decimal("7.25"), "kind": "service", "name": "x" * 40}


@pytest.mark.corrupt  # sums and counters are made up
def test_a_row_is_as_save_would_have_left_it(db):
    order, other = make_order(), make_order()
    line, moment = order.lines.get(), timezone.now()
    before = OrderLine.objects.values().get(order=other)
    for name, value in CHANGED.items():
        setattr(line, name, value)
    update([line], [*CHANGED])
    order.promised_current, order.ship_to = moment, {"city": "Łódź"}
    update([order], ["promised_current", "ship_to"])

    kept = OrderLine.objects.values().get(order=order)
    assert {name: kept[name] for name in CHANGED} == CHANGED
    order.refresh_from_db()
    assert (order.promised_current, order.ship_to) == (moment, {"city": "Łódź"})
    assert OrderLine.objects.values().get(order=other) == before


def test_a_row_that_is_pointed_at_is_named_by_its_id(db):
    order, customer = make_order(), Customer.objects.create(name="n", email="e@example.com")
    order.customer = customer
    update([order], ["customer"])
    assert Order.objects.get().customer == customer


@pytest.mark.sql
@pytest.mark.parametrize("count", [2, FEW, FEW + 1])
def test_each_of_several_rows_gets_its_own_values(count, db, django_assert_num_queries):
    rows = [Customer.objects.create(name=f"n{i}", email=f"e{i}@example.com") for i in range(count)]
    for i, row in enumerate(rows):
        row.name = f"new {i}"
    with transaction.atomic(), django_assert_num_queries(1):
        update(rows, ["name"])
    assert list(Customer.objects.order_by("pk").values_list("name", flat=True)) == [f"new {i}" for i in range(count)]


def test_no_rows_are_no_statement(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        update([], ["name"])


def test_a_broken_constraint_ends_the_transaction_like_save(db):
    line = make_order().lines.get()
    line.shipped = -1
    with pytest.raises(IntegrityError), transaction.atomic():
        update([line], ["shipped"])


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no longest text.")
def test_a_text_that_is_too_long_is_refused_not_cut(db):
    customer = Customer.objects.create(name="n", email="e@example.com")
    customer.name = "x" * 1000
    with pytest.raises(DataError), transaction.atomic():
        update([customer], ["name"])

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from oms.lib.insert import FEW, insert
from oms.outbox.models import Event
from orders.models import Allocation, Customer, Order, OrderCharge, OrderLine, SearchKey, SourcingDecision
from orders.services.intake import ChargeIn
from tests.make import make_order

# A model, and what must differ in a second row.
TWINS = [
    (Order, {"external_id": "twin"}),
    (OrderLine, {"position": 7}),
    (OrderCharge, {}),
    (Allocation, {}),
    (SourcingDecision, {}),
    (SearchKey, {"value": "twin"}),
    (Event, {"sequence": 70}),
    (Customer, {"email": "twin@example.com"}),
]


@pytest.mark.corrupt  # lines and sums are doubled
@pytest.mark.sql
@pytest.mark.parametrize(("model", "other"), TWINS)
def test_a_row_stands_there_as_save_would_have_written_it(model, other, db):
    first = values(model, of(make_order(charges=[ChargeIn("shipping", Decimal("4.90"))]), model))
    (row,) = insert([model(**first | other)])
    assert (row._state.adding, row._state.db) == (False, connection.alias)
    kept = values(model, model.objects.get(pk=row.pk))
    assert {name for name in kept if kept[name] != first[name]} - AUTOMATIC == other.keys()


AUTOMATIC = {"created_at"}  # moments that a field sets itself


def of(order, model):
    return Order.objects.get(pk=order.pk) if model is Order else model.objects.order_by("pk").first()


def values(model, row):
    return {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields[1:]}


@pytest.mark.sql
@pytest.mark.parametrize("count", [3, FEW + 1])
def test_each_of_several_rows_gets_its_own_id(count, db):
    rows = insert([Event(name="a.b", subject=f"sku:{n}", data={"n": n}) for n in range(count)])
    found = Event.objects.in_bulk([row.pk for row in rows])
    assert [found[row.pk].data["n"] for row in rows] == list(range(count))


def test_no_rows_are_no_statement(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert insert([]) == []


def test_a_related_row_that_was_saved_meanwhile_is_named_by_its_id(db):
    order = make_order()
    key = SearchKey(order=Order(), kind="name", value="late")
    key.order.pk = order.pk
    insert([key])
    assert SearchKey.objects.get(value="late").order_id == order.pk


def test_a_related_row_without_an_id_is_refused(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([SearchKey(order=Order(), kind="name", value="late")])


def test_rows_that_stand_there_already_are_left_out_on_demand(db):
    order = make_order()
    twice = [SearchKey(order=order, kind="name", value="late") for _ in range(2)]
    insert(twice, ignore_conflicts=True)
    insert(twice, ignore_conflicts=True)
    assert SearchKey.objects.filter(value="late").count() == 1


def test_a_broken_constraint_ends_the_transaction_like_save(db):
    twin = Order(**values(Order, make_order()))
    with transaction.atomic():
        with pytest.raises(IntegrityError):
            insert([twin])
        assert connection.needs_rollback


@pytest.mark.sql
@pytest.mark.parametrize("count", [2, FEW + 1])
def test_a_twin_that_stands_there_is_changed_and_found(count, db):
    there = Customer.objects.create(email="1@example.com", name="Ann", locale="en")
    rows = [Customer(email=f"{i}@example.com", name="Bob", locale="de") for i in range(count)]
    insert(rows, twin=("email", "locale"))
    assert rows[1].pk == there.pk
    there.refresh_from_db()
    assert (there.name, there.locale) == ("Ann", "de")
    assert {row.email: row.pk for row in rows} == dict(Customer.objects.values_list("email", "pk"))

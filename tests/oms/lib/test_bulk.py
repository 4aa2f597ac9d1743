from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from inventory.models import Sku
from oms.lib import bulk
from oms.outbox.models import Event
from orders.models import Customer, OrderCharge, OrderLine, Tag
from tests.make import make_order

pytestmark = pytest.mark.django_db


def test_rows_are_stored_as_if_each_were_saved():
    at = datetime(2024, 5, 31, 12, 30, tzinfo=UTC)
    data = {"order": 7, "text": 'Ä"\t\\N\n'}
    bulk.insert([Event(name="a", subject="x:1", data=data, at=at), Event(name="b\\N", subject="x:2", sequence=3)])
    first, second = Event.objects.order_by("pk")
    assert (first.name, first.data, first.at, first.sequence) == ("a", data, at, None)
    assert (second.name, second.data, second.sequence) == ("b\\N", {}, 3)


def test_money_fractions_and_choices_keep_their_value():
    sku = Sku(code="A", name="A", kind=Sku.Kind.DIGITAL, unit_cost=Decimal("1.2345"), attributes={"size": "L"})
    bulk.insert([sku])
    found = Sku.objects.get()
    assert (found.kind, found.unit_cost, found.attributes, found.is_active) == (
        "digital",
        Decimal("1.2345"),
        {"size": "L"},
        True,
    )


def test_rows_know_their_pk_and_those_that_point_at_them_follow():
    order = make_order()
    tags = [Tag(name=name) for name in "abc"]
    bulk.insert(tags)
    assert [tag.name for tag in Tag.objects.filter(pk__in=[tag.pk for tag in tags]).order_by("pk")] == ["a", "b", "c"]
    line = OrderLine(
        order=order, sku=order.lines.get().sku, sku_code="X", name="X", position=9, quantity=1, cancelled=1
    )
    part = OrderLine(
        order=order, parent=line, sku=line.sku, sku_code="Y", name="Y", position=10, quantity=1, cancelled=1
    )
    bulk.insert([line])
    bulk.insert([part])
    assert OrderLine.objects.get(sku_code="Y").parent == line
    OrderLine.objects.filter(pk__in=[line.pk, part.pk]).delete()


def test_what_is_saved_afterwards_gets_the_next_pk():
    before = Tag.objects.create(name="before")
    rows = [Tag(name="x"), Tag(name="y")]
    bulk.insert(rows)
    after = Tag.objects.create(name="after")
    assert [row.pk for row in rows] == [before.pk + 1, before.pk + 2]
    assert after.pk == before.pk + 3
    rows[0].color = "#000000"
    rows[0].save()
    assert Tag.objects.filter(color="#000000").count() == 1


def test_constraints_hold():
    Customer.objects.create(email="ann@example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert([Customer(email="bob@example.com"), Customer(email="ann@example.com")])
    order = make_order()
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert([OrderCharge(order=order, kind="fee", name="x", net=1, gross=2)])
    assert Customer.objects.filter(email="bob@example.com").count() == 0


def test_nothing_is_inserted_by_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        bulk.insert([])


def test_it_takes_two_statements_however_many_rows():
    counts = []
    for number in (1, 200):
        with CaptureQueriesContext(connection) as queries:
            bulk.insert([Tag(name=f"{number}-{i}") for i in range(number)])
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 2

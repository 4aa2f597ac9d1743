from datetime import timedelta
from decimal import Decimal
from threading import Thread

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F
from django.utils import timezone

from oms.lib.among import among
from oms.lib.prepared import Param, Params, prepared, prepared_update
from orders.models import Order, OrderLine
from tests.make import make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def orders():
    return [make_order(quantity=quantity) for quantity in (1, 2)]


def test_each_call_is_answered_for_its_own_values(orders, django_assert_num_queries):
    rows = prepared(lambda: OrderLine.objects.filter(order=Param("order"), quantity__gte=Param("least")))
    for order in orders:
        lines = list(order.lines.all())
        with django_assert_num_queries(1):
            assert rows(order=order.pk, least=1) == lines
    assert [line.quantity for line in rows(order=orders[1].pk, least=2)] == [2]
    assert rows(order=orders[0].pk, least=2) == []


def test_rows_are_as_those_of_the_query_set(orders):
    query_set = OrderLine.objects.select_related("order").annotate(twice=F("quantity") * 2)
    [line] = prepared(lambda: query_set.filter(pk=Param("pk")))(pk=orders[1].lines.get().pk)
    assert vars(line).keys() == vars(query_set.first()).keys()
    assert (line.twice, line.unit_price, line.order.placed_at) == (
        4,
        orders[1].lines.get().unit_price,
        orders[1].placed_at,
    )
    totals = prepared(lambda: OrderLine.objects.filter(order=Param("order")).values_list("order", "quantity"))
    assert totals(order=orders[0].pk) == [(orders[0].pk, 1)]


@pytest.mark.parametrize("count", [0, 1, 2])
@pytest.mark.sql
def test_one_of_many(orders, count):
    rows = prepared(lambda: Order.objects.filter(among("pk", Params("pks"))).order_by("pk"))
    chosen = orders[:count]
    assert rows(pks=[order.pk for order in chosen]) == chosen
    texts = prepared(lambda: Order.objects.filter(among("external_id", Params("ids"))))
    assert texts(ids={order.external_id for order in chosen} | {'no "such", id'}) == chosen[::-1]


def test_moments_and_numbers_are_compared_as_they_are_stored(orders):
    placed = orders[0].placed_at
    before = prepared(lambda: Order.objects.filter(placed_at__lte=Param("moment", Order.placed_at.field)))
    assert orders[0] in before(moment=placed)
    assert orders[0] not in before(moment=placed - timedelta(microseconds=1))
    cheaper = prepared(lambda: Order.objects.filter(gross__lt=Param("gross", Order.gross.field)))
    assert orders[1] in cheaper(gross=orders[1].gross + Decimal("0.0001"))
    assert orders[1] not in cheaper(gross=orders[1].gross)


def test_update_changes_what_it_names_and_says_how_many(orders, django_assert_num_queries):
    change = prepared_update(
        lambda: (
            Order.objects.filter(among("pk", Params("pks"))),
            {"version": F("version") + Param("by"), "verified_at": Param("now", Order.verified_at.field)},
        )
    )
    now, first = timezone.now(), orders[0]
    with django_assert_num_queries(1):
        assert change(pks=[first.pk], by=5, now=now) == 1
    assert change(pks=[], by=5, now=now) == 0
    assert Order.objects.get(pk=first.pk).version == first.version + 5
    assert Order.objects.get(pk=first.pk).verified_at == now
    assert Order.objects.get(pk=orders[1].pk).version == orders[1].version


def test_each_thread_asks_by_its_own_connection(orders):
    rows, seen = prepared(lambda: Order.objects.filter(pk=Param("pk"))), []

    def ask():
        seen.append(rows(pk=orders[0].pk))
        connection.close()

    assert rows(pk=orders[0].pk) == [orders[0]]
    thread = Thread(target=ask)
    thread.start()
    thread.join()
    assert seen == [[]]  # what this test wrote is not committed


def test_a_call_that_another_thread_overtakes_is_answered_for_its_own_values(orders):
    class Slow(models.BigIntegerField):
        def get_db_prep_value(self, value, *args, **kwargs):
            if value == orders[0].pk:  # while it is filled in another thread asks for another
                thread = Thread(target=ask)
                thread.start()
                thread.join()
            return value

    def ask():
        rows(pk=orders[1].pk)
        connection.close()

    rows = prepared(lambda: Order.objects.filter(pk=Param("pk", Slow())))
    assert rows(pk=orders[0].pk) == [orders[0]]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="locks as a whole")
@pytest.mark.django_db(transaction=True)
def test_a_lock_outside_a_transaction_is_refused():
    lock = prepared(lambda: Order.objects.filter(pk=Param("pk")).select_for_update())
    with transaction.atomic():
        assert lock(pk=1) == []
    with pytest.raises(transaction.TransactionManagementError):
        lock(pk=1)


def test_update_that_fails_spoils_the_transaction(orders):
    change = prepared_update(lambda: (Order.objects.filter(pk=Param("pk")), {"channel": Param("channel")}))
    with pytest.raises(IntegrityError), transaction.atomic():
        change(pk=orders[0].pk, channel=None)
    assert Order.objects.get(pk=orders[0].pk).channel_id

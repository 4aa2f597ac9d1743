"""The figures of a day are read by the day, not by reading all that was ever billed and paid."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oms.figures import figures

pytestmark = pytest.mark.django_db


def plan(sql):
    """Return how the database would go about `sql`, could it not just read a small table whole."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {'' if connection.vendor == 'postgresql' else 'QUERY PLAN '}{sql}")
        return str(cursor.fetchall())


@pytest.mark.parametrize(
    ("table", "index"), [("orders_invoice", "invoice_by_day"), ("orders_paymententry", "payment_entry_by_day")]
)
def test_a_day_is_found_by_an_index(table, index):
    with CaptureQueriesContext(connection) as queries:
        figures(date(2026, 3, 14), "that day")
    [sql] = [query["sql"] for query in queries if f'FROM "{table}"' in query["sql"]]
    condition = sql.split(" WHERE ")[1].split(" GROUP BY ")[0]  # alone: empty tables may be joined in any way
    assert index in plan(f'SELECT 1 FROM "{table}" WHERE {condition}')

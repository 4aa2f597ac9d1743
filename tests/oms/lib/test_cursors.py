import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oms.lib.cursors import prepared_cursor

pytestmark = pytest.mark.django_db


def part(whole, of):
    cast = "::int" if connection.vendor == "postgresql" else ""
    with prepared_cursor() as cursor:
        cursor.execute(f"SELECT %(whole)s{cast} / {of}", {"whole": whole})
        return cursor.fetchone()[0]


def kept(of):
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [statement for (statement,) in cursor.fetchall()].count(f"SELECT $1::int / {of}")


def test_it_answers_as_any_cursor():
    assert [part(4, of=2), part(9, of=2)] == [2, 4]


def test_it_is_among_the_queries_that_are_counted():
    with CaptureQueriesContext(connection) as queries:
        part(4, of=2)
    assert "/ 2" in queries[0]["sql"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="others keep no plans by name")
class TestPostgres:
    def test_a_statement_is_kept_and_no_other(self):
        part(4, of=5)
        part(6, of=5)
        assert kept(of=5) == 1

    def test_behind_a_pooler_none_is(self, monkeypatch):
        connection.ensure_connection()
        monkeypatch.setattr(connection.connection, "prepare_threshold", None)
        part(4, of=7)
        assert kept(of=7) == 0

"""Cursors that ask PostgreSQL in another way than Django's; on other databases they are as any."""

import psycopg
from django.db import connection


def prepared_cursor():
    """Return a cursor whose statements are planned once a connection: for the few that every order sends.

    To plan one takes as long as to run it. Not for searches: the best plan of those depends on what is looked for.
    """
    return _cursor(prepare=True)


def binary_cursor():
    """Return a cursor that is answered with numbers, not with their digits: for many of them."""
    return _cursor(binary=True)


def _cursor(**way):
    if connection.vendor != "postgresql":
        return connection.cursor()
    connection.ensure_connection()
    cursor = _Cursor(connection.connection, way)
    return connection.make_debug_cursor(cursor) if connection.queries_logged else connection.make_cursor(cursor)


class _Cursor(psycopg.Cursor):
    def __init__(self, connection, way):
        super().__init__(connection)
        self._way = way

    def execute(self, query, params=None):
        return super().execute(query, params, **self._way)

"""Statements that PostgreSQL plans once a connection, not each time: for the few that every order sends.

To plan one takes as long as to run it. Not for searches: the best plan of those depends on what is searched for.
"""

import psycopg
from django.db import connection


def prepared_cursor():
    """Return a cursor, to be closed by `with`, whose statements are kept; one as any other where that cannot be."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    connection.ensure_connection()
    cursor = _Prepared(connection.connection)
    return connection.make_debug_cursor(cursor) if connection.queries_logged else connection.make_cursor(cursor)


class _Prepared(psycopg.Cursor):
    def execute(self, query, params=None):
        return super().execute(query, params, prepare=True)

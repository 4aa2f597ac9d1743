"""Query sets whose statement is made once: to compile it costs Django more than to answer it costs the database.

For the few that every order or every delivery asks:

    held = prepared(lambda: Hold.objects.filter(order=Param("order")))
    holds = held(order=5)
"""

import json
from copy import copy
from functools import cache

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Expression
from django.db.models.sql import UpdateQuery


class Param(Expression):
    """What takes the place of a value in a prepared query set.

    `field` says how the database stores it where that is not as it is given: a moment, a decimal number.
    """

    def __init__(self, name, field=None):
        super().__init__(output_field=field)
        self.name, self._stored_as = name, field

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def prepare(self, value, connection):
        return self._stored_as.get_db_prep_value(value, connection) if self._stored_as else value


class Params(Param):
    """Many values as one, for `among()`."""

    def prepare(self, value, connection):
        return list(value) if connection.vendor == "postgresql" else json.dumps(list(value))


def prepared(make):
    """Return `rows(**values)`: the list of what the query set that `make()` returns finds for those Params."""

    @cache
    def compiled():
        queryset = make()
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        return queryset, compiler, compiler.as_sql()

    def rows(**values):
        queryset, compiler, statement = compiled()
        if queryset.query.select_for_update and not connections[DEFAULT_DB_ALIAS].in_atomic_block:
            raise transaction.TransactionManagementError("A lock outside a transaction is none.")
        queryset, compiler = queryset.all(), copy(compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]  # each thread has its own
        compiler.as_sql = lambda *_, **__: _filled(statement, values)
        queryset.query.get_compiler = lambda *_, **__: compiler
        return list(queryset)

    return rows


def prepared_update(make):
    """Return `update(**values)`, which returns the number of changed rows; `make()` returns (query set, changes)."""

    @cache
    def compiled():
        queryset, changes = make()
        query = queryset.order_by().query.chain(UpdateQuery)
        query.add_update_values(changes)
        query.clear_select_clause()
        return query.get_compiler(DEFAULT_DB_ALIAS).as_sql()

    def update(**values):
        with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS), connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(*_filled(compiled(), values))
            return cursor.rowcount

    return update


def _filled(statement, values):
    sql, params = statement
    connection = connections[DEFAULT_DB_ALIAS]
    return sql, tuple(
        each.prepare(values[each.name], connection) if isinstance(each, Param) else each for each in params
    )

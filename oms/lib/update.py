"""A few changed rows of a model by a statement that is made once.

`bulk_update` writes a CASE of every field and row anew, which was a twelfth of all that work on the floor costs.
"""

from functools import cache

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from oms.lib import bulk
from oms.lib.insert import FEW


def update(rows, names):
    """Write the fields `names` of saved `rows`, a list of instances of one model, in the caller's transaction.

    Many rows are left to `bulk_update`.
    """
    if not rows:
        return
    model, database = type(rows[0]), connections[DEFAULT_DB_ALIAS]
    if len(rows) > FEW:
        model._base_manager.bulk_update(rows, names, batch_size=500)
        return
    names = ("pk", *names)
    readers = _readers(model, names)
    values = [read(row, database) for row in rows for read in readers]
    with transaction.mark_for_rollback_on_error(connection.alias), connection.cursor() as cursor:
        cursor.execute(_statement(model, names, len(rows), connection.vendor), values)


def _fields(model, names):
    return [model._meta.pk if name == "pk" else model._meta.get_field(name) for name in names]


@cache
def _readers(model, names):
    readers = dict(zip(*bulk.columns_of(model), strict=True))
    return [readers[field.column] for field in _fields(model, names)]


@cache
def _statement(model, names, rows, vendor):
    """Return the UPDATE; both databases call the columns of VALUES column1, column2, …"""
    key, *fields = _fields(model, names)
    sets = ", ".join(f'"{field.column}" = changed.column{i}' for i, field in enumerate(fields, start=2))
    row = f"({', '.join(_mark(field, vendor) for field in (key, *fields))})"
    table = model._meta.db_table
    return (
        f'UPDATE "{table}" SET {sets} FROM (VALUES {", ".join([row] * rows)}) AS changed '
        f'WHERE "{table}"."{key.column}" = changed.column1'
    )


def _mark(field, vendor):
    """Return the mark of a value. PostgreSQL is told its type, but not of a text, which it would cut silently."""
    is_plain = vendor == "sqlite" or isinstance(field, bulk.TEXTS)
    return "%s" if is_plain else f"CAST(%s AS {field.cast_db_type(connection)})"

"""A few new rows of a model by a statement that is made once.

`bulk_create` compiles its statement for each call, which was a third of the processor time of placing an order;
`bulk` is for many rows: it asks for their keys first.
"""

from functools import cache

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from oms.lib import bulk

FEW = 40


def insert(rows, *, ignore_conflicts=False, twin=None):
    """Insert unsaved `rows`, a list of instances of one model, and return them with their ids.

    With `ignore_conflicts` those that stand there already are left out, and none is given an id. With `twin`,
    (unique column, column), one that stands there by the first gets the other's new value, and its id is given.
    Raises IntegrityError like `save()`. Many rows are left to `bulk`, or `bulk_create`, which then cost less.
    """
    if not 0 < len(rows) <= FEW:
        return _many(rows, ignore_conflicts, twin) if rows else rows
    model, database = type(rows[0]), connections[DEFAULT_DB_ALIAS]
    readers = bulk.columns_of(model)[1][1:]
    values = [read(row, database) for row in rows for read in readers]
    with transaction.mark_for_rollback_on_error(connection.alias), connection.cursor() as cursor:
        cursor.execute(_statement(model, len(rows), ignore_conflicts, twin, connection.vendor), values)
        ids = [] if ignore_conflicts else cursor.fetchall()
    for row, (pk,) in zip(rows, ids, strict=not ignore_conflicts):
        row.pk, row._state.adding, row._state.db = pk, False, connection.alias
    return rows


def _many(rows, ignore_conflicts, twin):
    if twin:
        unique, changed = twin
        return type(rows[0])._base_manager.bulk_create(
            rows, update_conflicts=True, unique_fields=[unique], update_fields=[changed]
        )
    if ignore_conflicts or not connection.in_atomic_block:
        return type(rows[0])._base_manager.bulk_create(rows, ignore_conflicts=ignore_conflicts)
    bulk.insert(rows)
    return rows


@cache
def _statement(model, rows, ignore_conflicts, twin, vendor):
    key, *names = [f'"{name}"' for name in bulk.columns_of(model)[0]]
    row = f"({', '.join(['%s'] * len(names))})"
    end = "ON CONFLICT DO NOTHING" if ignore_conflicts else f"RETURNING {key}"
    if twin:
        end = 'ON CONFLICT ("{0}") DO UPDATE SET "{1}" = EXCLUDED."{1}" {2}'.format(*twin, end)
    return f'INSERT INTO "{model._meta.db_table}" ({", ".join(names)}) VALUES {", ".join([row] * rows)} {end}'

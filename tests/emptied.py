"""The database after a test that commits: empty, but for what `migrate` and `sync_roles` wrote once for all tests."""

from functools import cache

from django.core.management import call_command
from django.db import connection, transaction

from oms.roles import sync_roles

KEPT = {"django_migrations", "django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}


_first = []


def fill_kept():
    """Make the roles, and note what is to be there from now on."""
    sync_roles()
    _first[:] = _kept()


def empty_again(case):
    """Stand in for Django's TransactionTestCase._fixture_teardown, which makes all permissions anew."""
    connection.ensure_connection()
    if _kept() != _first:
        call_command("flush", verbosity=0, interactive=False)
        fill_kept()
        return
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")  # no constraint is asked of what all goes
        for table in filled(cursor):
            cursor.execute(f"DELETE FROM {table}")


def filled(cursor):
    cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in _emptied()))
    return [name for (name,) in cursor.fetchall()]


@cache
def _emptied():
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(set(names) - KEPT)


def _kept():
    """Return how many rows each kept table has, and its last: a test may have changed roles for good."""
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT COUNT(*), MAX(id) FROM {name}" for name in sorted(KEPT)))
        return cursor.fetchall()

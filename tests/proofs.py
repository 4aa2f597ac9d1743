"""The doctor after each test, without asking what the test cannot have changed.

A check that finds nothing in a database goes the same way through it again as long as nobody writes a table that it
read on that way. So each is run once before the first test, to see what it reads of what is there then, and after a
test only those are run that read a table which the test wrote. Tests that commit are proven by all.
"""

import re
from contextlib import contextmanager
from functools import cache

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.module_loading import autodiscover_modules

from oms.lib import doctor

WRITTEN = "SELECT relname FROM pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
READS_ONLY = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")
_reads = {}


@contextmanager
def watch():
    """Yield a function that returns all Violations that what was written meanwhile can have caused."""
    _learn()
    written = set()

    def note(execute, sql, params, many, context):
        if not sql.lstrip().upper().startswith(READS_ONLY):
            written.update(_tables(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield lambda: _violations(written)


def _learn():
    """See which tables each check reads before anything was written; once a process."""
    autodiscover_modules("doctor")
    for check in doctor.CHECKS[len(_reads) :]:
        with CaptureQueriesContext(connection) as queries:
            assert list(check.find()) == []
        _reads[check.title] = set().union(*(_tables(query["sql"]) for query in queries))


def _violations(written):
    checks = doctor.CHECKS
    if connection.in_atomic_block:
        if connection.vendor == "postgresql":  # rows that were copied in are in no statement that we see
            with connection.cursor() as cursor:
                cursor.execute(WRITTEN)
                written = written | {name for (name,) in cursor.fetchall()}
        checks = [check for check in checks if _reads[check.title] & written]
    return [violation for check in checks for violation in check.find()]


def _tables(sql):
    return set(re.findall(r"\w+", sql)) & _all_tables()


@cache
def _all_tables():
    return set(connection.introspection.django_table_names(include_views=False))

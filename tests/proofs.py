"""The doctor after each test, without asking what the test cannot have changed.

A check that finds nothing in a database goes the same way through it again as long as its statements are answered as
they were. So each is run once before the first test, to see what it reads of what is there then, and after a test only
those are run that read a table which the test wrote and that it answers differently now (a statement we have costs a
tenth of a query set that Django compiles). Tests that commit are proven by all.
"""

import re
from contextlib import contextmanager
from functools import cache

from django.db import connection
from django.utils.module_loading import autodiscover_modules

from oms.lib import doctor

WRITTEN = "SELECT relname FROM pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
READS_ONLY = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")
DATE = re.compile(r"\d{4}-\d\d-\d\d|datetime")
_reads = {}  # {title of a check: tables}
_answers = {}  # {title of a check: [((sql, parameters), rows)]}


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
    """See what each check reads, and what the database answers, before anything was written; once a process."""
    autodiscover_modules("doctor")
    for check in doctor.CHECKS[len(_reads) :]:
        statements = []

        def note(execute, sql, params, many, context, statements=statements):
            statements.append((sql, params))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            assert list(check.find()) == []
        _reads[check.title] = set().union(*(_tables(sql) for sql, _ in statements))
        _answers[check.title] = [(statement, _ask(*statement)) for statement in statements]


def _violations(written):
    checks = doctor.CHECKS
    if connection.in_atomic_block:
        if connection.vendor == "postgresql":  # rows that were copied in are in no statement that we see
            with connection.cursor() as cursor:
                cursor.execute(WRITTEN)
                written = written | {name for (name,) in cursor.fetchall()}
        checks = [check for check in checks if _reads[check.title] & written and not _goes_as_before(check)]
    return [violation for check in checks for violation in check.find()]


def _goes_as_before(check):
    """Say whether all statements of a check are answered as before; those that know the time ask anew."""
    answers = _answers[check.title]
    return not DATE.search(str([statement for statement, _ in answers])) and all(
        _ask(*statement) == rows for statement, rows in answers
    )


def _ask(sql, params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else None


def _tables(sql):
    return set(re.findall(r"\w+", sql)) & _all_tables()


@cache
def _all_tables():
    return set(connection.introspection.django_table_names(include_views=False))

"""The doctor after each test, without asking what the test cannot have changed.

A check that finds nothing in a database goes the same way through it again as long as its statements are answered as
they were. So each is run once before the first test, to see what it reads of what is there then, and after a test only
those are run that are answered differently now (a statement we have costs a tenth of a query set that Django
compiles) and read a table which the test wrote; other connections, too, may have written what was committed.
"""

import re
from contextlib import contextmanager, nullcontext
from functools import cache, lru_cache

from django.db import connection
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX
from django.utils.module_loading import autodiscover_modules

from oms.lib import doctor

WRITTEN = "SELECT relname FROM pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
READS_ONLY = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")
DATE = re.compile(r"\d{4}-\d\d-\d\d|datetime")
_reads = {}  # {title of a check: tables}
_answers = {}  # {title of a check: [((sql, parameters), rows)]}
_timeless = set()  # titles of checks that ask the same at any time


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
        asked = [_as_driver_takes(*statement) for statement in statements]
        _answers[check.title] = list(zip(asked, _ask_all(asked), strict=True))
        if not DATE.search(str(asked)):
            _timeless.add(check.title)


def _violations(written):
    checks = doctor.CHECKS
    if connection.in_atomic_block:
        if connection.vendor == "postgresql":  # rows that were copied in are in no statement that we see
            with connection.cursor() as cursor:
                cursor.execute(WRITTEN)
                written = written | {name for (name,) in cursor.fetchall()}
        checks = [check for check in checks if _reads[check.title] & written]
    return [violation for check in _that_go_otherwise(checks) for violation in check.find()]


def _that_go_otherwise(checks):
    """Return those of `checks` whose statements are not all answered as before; those that know the time ask anew."""
    timeless = [check for check in checks if check.title in _timeless]
    before = [(check, asked, rows) for check in timeless for asked, rows in _answers[check.title]]
    now = _ask_all([asked for _, asked, _ in before])
    changed = [check for (check, _, rows), answer in zip(before, now, strict=True) if answer != rows]
    return [check for check in checks if check in changed or check not in timeless]


def _as_driver_takes(sql, params):
    if connection.vendor != "sqlite":
        return sql, params
    return (FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%"), params) if params else (sql, ())


def _ask_all(statements):
    """Return the answers to [(sql, parameters)], past Django, which takes longer than the database.

    PostgreSQL is sent all of them in one go: to turn to it takes long.
    """
    connection.ensure_connection()
    driver = connection.connection
    with driver.pipeline() if connection.vendor == "postgresql" else nullcontext():
        cursors = [driver.execute(*statement) for statement in statements]
    return [cursor.fetchall() if cursor.description else None for cursor in cursors]


@lru_cache(maxsize=4096)
def _tables(sql):
    return set(re.findall(r"\w+", sql)) & _all_tables()


@cache
def _all_tables():
    return set(connection.introspection.django_table_names(include_views=False))

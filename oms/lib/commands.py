"""A command is one change of the business in one transaction."""

import random
import time
from functools import wraps

from django.db import OperationalError, connection, transaction

from oms.lib import log
from oms.lib.errors import Retry

ATTEMPTS = 5
# PostgreSQL's serialization_failure and deadlock_detected.
RETRIED_STATES = {"40001", "40P01"}


def command(function):
    """Run `function` in a transaction of its own, or in the caller's when one is open.

    The outermost command is run again from the start, at most ATTEMPTS times, when the database
    reports a deadlock, a serialization failure or (SQLite) a lock that was not got in time, or when
    the function raises Retry. Nothing of a failed attempt is left. What the command binds to its log
    lines (the order's number, by locking it) ends with it.
    """

    @wraps(function)
    def run(*args, **kwargs):
        if connection.in_atomic_block:
            return function(*args, **kwargs)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with log.scope(), transaction.atomic(durable=True):
                    return function(*args, **kwargs)
            except (OperationalError, Retry) as error:
                if attempt == ATTEMPTS or not _is_worth_another_try(error):
                    raise
            time.sleep(random.uniform(0, 0.01 * 2**attempt))

    return run


def atomically(execute):
    """Return `execute()`, run as a command; inside a transaction in a savepoint, so that a refusal leaves nothing."""
    if connection.in_atomic_block:
        with transaction.atomic():
            return execute()
    return command(execute)()


def _is_worth_another_try(error):
    if isinstance(error, Retry):
        return True
    state = getattr(error.__cause__, "sqlstate", None)
    return state in RETRIED_STATES or "database is locked" in str(error)

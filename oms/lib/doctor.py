"""Proofs that the data hangs together. Each app has its checks in `doctor.py`; none of them repairs."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils.module_loading import autodiscover_modules


@dataclass(frozen=True)
class Violation:
    """A row that breaks check number `check`; `row` names it as the console does."""

    check: int
    row: str
    message: str


@dataclass
class Check:
    """One function that looks for violations; several, in several apps, may share a number."""

    number: int
    title: str
    find: Callable[[], Iterable[Violation]]
    explanation: Callable[[Violation], str] | None = field(default=None)

    def explain(self, function):
        """Register `function(violation)`: where it first went wrong, and what to do about it in the console."""
        self.explanation = function
        return function


@dataclass(frozen=True)
class Finding:
    """What one check found, and in words, when asked, what to do about it."""

    check: Check
    violations: tuple[Violation, ...]
    explanations: tuple[str, ...]


CHECKS: list[Check] = []


def check(number, title):
    """Make a generator of `Violation`s check `number` of `title`; its docstring says how to mend what it finds."""

    def register(function):
        entry = Check(number, title, function)
        CHECKS.append(entry)
        return entry

    return register


def run(*, only=None, explain=False, snapshot=True):
    """Run all checks, or number `only`, and return a `Finding` for each, by number.

    They see one moment of the data, on a connection of their own, and nobody waits for them. A test
    whose rows are not committed passes `snapshot=False` and they read as the test does.
    """
    autodiscover_modules("doctor")
    checks = sorted((entry for entry in CHECKS if only in (None, entry.number)), key=lambda entry: entry.number)
    if not snapshot:
        return [_examine(entry, explain) for entry in checks]
    with ThreadPoolExecutor(1) as pool:  # a thread of its own has a connection of its own
        return pool.submit(_in_snapshot, checks, explain).result()


def _in_snapshot(checks, explain):
    try:
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            connection.transaction_mode = "DEFERRED"  # IMMEDIATE would keep writers waiting
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "PRAGMA query_only = ON"
                    if connection.vendor == "sqlite"
                    else "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
                )
            return [_examine(entry, explain) for entry in checks]
    finally:
        connection.close()


def _examine(entry, explain):
    violations = tuple(entry.find())
    explanations = tuple(_explained(entry, violation) for violation in violations) if explain else ()
    return Finding(entry, violations, explanations)


def _explained(entry, violation):
    if entry.explanation:
        return entry.explanation(violation)
    return " ".join((entry.find.__doc__ or "").split())

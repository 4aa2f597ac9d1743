"""Makers of rows that work once: asked again for the same, they only write again what they wrote.

Hundreds of tests begin alike (a shelf, an order, picked and packed), and the services, which look before they write,
make that most of what a test costs. What a maker writes follows from what the database holds and from what it is
given. So from a test's empty database on, as long as nobody but makers writes, the statements of the first time are
sent again and its answer is given again; that costs a tenth. SQLite only, where ids begin anew with each test.

Where it is not certain that all is as it was (time moved, settings changed, something patched, statements counted, a
test that commits), the maker works. So it does when what it wrote is five minutes old, or of another hour, and always
in `make soak`.
"""

import os
import pickle
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from hashlib import sha256
from io import BytesIO

import pytest
import time_machine
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, models
from django.test import Client
from django.utils import timezone, translation

from oms.papers.models import Document
from orders.services.network import forget_network
from orders.services.pricing import forget_rates
from tests.emptied import filled

OLD_S = 300
HOUR_S = 3600  # offices open and days begin with an hour
_test = None  # the one that runs


@dataclass(frozen=True)
class State:
    """What the database holds, known by what makers made of it: {call: Made}."""

    made: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    writes: list  # [(sql, parameters, many)]
    rows: int  # how many these change
    answer: bytes
    state: State
    at: float
    files: list  # [(name, sha256)] of its documents


_empty = {}  # {what is patched in all tests, and ids given before: State}


class Test:
    """What the running test's database holds, as far as makers know it."""

    __test__ = False

    def __init__(self, patch):
        self.patch, self.patched, self.settings = patch, _patched(patch), settings._wrapped
        self.state, self.changes = None, None

    def known_state(self):
        if not self.is_as_ever():
            return None
        changes = connection.connection.total_changes
        if self.changes is None:
            self.reached(_found(self.patched))
        return self.state if self.changes == changes else None

    def reached(self, state):
        self.state, self.changes = state, connection.connection.total_changes

    def changed(self):
        """Return {setting: value} of those that the test changed."""
        changed, holder = {}, settings._wrapped
        while holder is not self.settings:
            changed = vars(holder) | changed
            holder = holder.default_settings
        return _plain({name: value for name, value in changed.items() if name.isupper()})

    def is_as_ever(self):
        """Say whether all that makers listen to, beside the database, is as at the test's begin."""
        return (
            connection.vendor == "sqlite"
            and [block._from_testcase for block in connection.atomic_blocks] == [True]  # only what undoes all of a test
            and not connection.needs_rollback
            and not connection.force_debug_cursor
            and all(wrapper.__module__ in ("tests.proofs", __name__) for wrapper in connection.execute_wrappers)
            and _patched(self.patch) == self.patched
            and not time_machine.escape_hatch.is_travelling()
        )


@pytest.fixture(autouse=True)
def replaying(monkeypatch):
    """Let makers write again what they wrote, in the tests of a folder whose conftest imports this."""
    global _test
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "force_login", _log_in)
        _test = None if os.environ.get("OMS_SOAK") else Test(monkeypatch)
        yield
        _test = None


def _log_in(client, user, backend=None, log_in=Client.force_login):
    """Log in as ever; makers neither read nor write what that writes."""
    state = _test and _test.known_state()
    log_in(client, user, backend)
    if state:
        call = _call(_log_in, [user.pk, user.get_username()], {})
        state.made.setdefault(call, Made([], 0, b"", State(), time.time(), []))
        _test.reached(state.made[call].state)


def replayed(make):
    """Let `make`, a function that makes rows through services and changes nothing else, work once.

    What it is given and what it answers are rows and plain data.
    """

    @wraps(make)
    def maker(*args, **kwargs):
        state = _test and _test.known_state()
        call = state and _call(make, args, kwargs)
        if not call:
            return make(*args, **kwargs)
        made = state.made.get(call)
        if made is None or time.time() - made.at > OLD_S or not _are_whole(made.files):
            return _learn(state, call, make, args, kwargs)
        return _again(made)

    return maker


def _learn(state, call, make, args, kwargs):
    before = _test.changes
    with _noted() as writes:
        answer = make(*args, **kwargs)
    rows = connection.connection.total_changes - before
    if _test.is_as_ever() and _call(make, args, kwargs) == call and (pickled := _pickled(answer)):
        state.made[call] = Made(_kept(writes), rows, pickled, State(), time.time(), _files(writes))
        _test.reached(state.made[call].state)
    return answer


def _kept(writes):
    """Leave out the savepoints to which nothing went back."""
    if any(sql.startswith("ROLLBACK") for sql, *_ in writes):
        return writes
    return [write for write in writes if not write[0].startswith(("SAVEPOINT", "RELEASE"))]


def _files(writes):
    if not any(sql.startswith('UPDATE "papers_document"') for sql, *_ in writes):
        return []
    return list(Document.objects.exclude(file="").values_list("file", "sha256"))


def _are_whole(files):
    """Say whether no test has deleted or spoiled a file meanwhile."""
    for name, digest in files:
        if not default_storage.exists(name):
            return False
        with default_storage.open(name) as file:
            if sha256(file.read()).hexdigest() != digest:
                return False
    return True


@contextmanager
def _noted():
    writes = []

    def note(execute, sql, params, many, context):
        if many:
            params = list(params)
        answer = execute(sql, params, many, context)
        if not sql.startswith("SELECT"):
            writes.append((sql, params, many))
        return answer

    with connection.execute_wrapper(note):
        yield writes


def _again(made):
    with connection.cursor() as cursor:
        for sql, params, many in made.writes:
            (cursor.executemany if many else cursor.execute)(sql, params)
    rows = connection.connection.total_changes - _test.changes
    assert rows == made.rows, "a maker wrote past Django's cursors"
    forget_network()
    forget_rates()
    _test.reached(made.state)
    return pickle.loads(made.answer)


def _found(patched):
    """Return the State of a database that is empty; None if it is not."""
    with connection.cursor() as cursor:
        if filled(cursor):
            return None
        cursor.execute("SELECT name, seq FROM sqlite_sequence ORDER BY name")
        return _empty.setdefault((str(patched), str(cursor.fetchall())), State())


def _call(make, args, kwargs):
    """Return what `make` is called with, when and where; None if that cannot be told."""
    name = make.__module__, make.__qualname__
    when = int(time.time() // HOUR_S), timezone.get_current_timezone_name()
    how = translation.get_language(), _test.changed()
    return _pickled((name, when, how, _plain(args), _plain(kwargs)), fast=True)


def _plain(value):
    """Return `value` with its rows as their fields."""
    if isinstance(value, models.Model):
        names = vars(value).keys() - {"_state", "_django_version"}
        return value._meta.label, [(name, _plain(vars(value)[name])) for name in sorted(names)]
    if isinstance(value, models.fields.files.FieldFile):
        return value.name
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value


def _pickled(value, *, fast=False):
    """Return `value` as bytes, `fast`: the same for all that is equal; None if it is no plain data."""
    file = BytesIO()
    pickler = pickle.Pickler(file)
    pickler.fast = fast
    try:
        pickler.dump(value)
    except (pickle.PicklingError, AttributeError, TypeError, ValueError, RecursionError):  # a lambda, a lock, a ring
        return None
    return file.getvalue()


def _patched(patch):
    return [(str(target), name) for target, name, _ in patch._setattr] + [name for _, name, _ in patch._setitem]

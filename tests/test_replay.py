"""What makers write again is what they wrote, and whatever they listen to lets them work anew."""

from contextlib import suppress

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from inventory.models import Sku
from oms.papers.services.make_document import make_document
from oms.papers.services.read_document import read_document
from tests import replay
from tests.emptied import filled
from tests.fulfilment.make import confirmed, make_shelf, packed
from tests.fulfilment.test_printing import make_label
from tests.make import make_sku
from tests.replay import replayed, replaying  # noqa: F401 (fixture)

pytestmark = [pytest.mark.django_db, pytest.mark.skipif(connection.vendor != "sqlite", reason="Only SQLite replays.")]

worked = []


@replayed
def make(code="A", **fields):
    worked.append(code)
    return make_sku(code=code, **fields)


@pytest.fixture
def begin_anew(monkeypatch):
    """Return `begin_anew()`: the database is as it was when the test began, and makers take it for another test."""
    rows = dump()

    def begin_anew():
        with connection.cursor() as cursor:
            for table in filled(cursor):
                cursor.execute(f"DELETE FROM {table}")
            cursor.execute("DELETE FROM sqlite_sequence")
            cursor.executemany("INSERT INTO sqlite_sequence VALUES (%s, %s)", rows["sqlite_sequence"])
        replay._test = replay.Test(monkeypatch)

    worked.clear()
    monkeypatch.setattr(replay, "_empty", {})
    begin_anew()
    return begin_anew


def dump():
    """Return {table: rows}, also of the ids that were given."""
    with connection.cursor() as cursor:
        tables = [*connection.introspection.table_names(cursor), "sqlite_sequence"]
        return {table: cursor.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables}


def made():
    """An order that is packed, and one that waits."""
    _, (cup,) = make_shelf(9)
    return packed(confirmed((cup, 2))), confirmed((cup, 1), priority=5), tried()


@replayed
def tried():
    with suppress(IntegrityError), transaction.atomic():
        sku = make_sku(code="TWICE")
        Sku.objects.create(code=sku.code)
    return make_sku(code="ONCE")


def test_what_is_written_again_is_what_was_written(begin_anew):
    answer, rows = made(), dump()
    begin_anew()
    assert made() == answer
    assert dump() == rows
    begin_anew()
    replay._test = None
    assert made() == answer, "keys are equal, but not names"
    assert dump() != rows


def test_it_costs_no_reading(begin_anew):
    made()
    begin_anew()
    replay._test.known_state()
    asked = []

    def note(execute, sql, *args):
        asked.append(sql)
        return execute(sql, *args)

    note.__module__ = "tests.proofs"
    with connection.execute_wrapper(note):
        made()
    assert len(asked) > 30
    assert [sql for sql in asked if sql.startswith("SELECT")] == []


def test_same_call_on_the_same_rows_works_once(begin_anew):
    for _ in range(3):
        begin_anew()
        assert make() == Sku.objects.get(code="A")
        assert make("B", name="Cup").name == "Cup"
    assert worked == ["A", "B"]


@pytest.mark.parametrize("write", [make_sku, lambda: Sku.objects.create(code="X")])
def test_works_on_other_rows(begin_anew, write):
    make()
    begin_anew()
    write()
    make()
    assert worked == ["A", "A"]


def test_works_after_another_wrote_between(begin_anew):
    make_sku(), make()
    begin_anew()
    make_sku(), Sku.objects.create(code="X"), make()
    assert worked == ["A", "A"]


def test_works_for_other_words(begin_anew):
    make(weight_g=1)
    begin_anew()
    assert make(weight_g=2).weight_g == 2


def counted(request):
    with CaptureQueriesContext(connection):
        make()


def watched(request):
    with connection.execute_wrapper(lambda execute, *args: execute(*args)):
        make()


def undone(request):
    with transaction.atomic():
        make()


def abroad(request):
    with translation.override("de"):
        make()


def elsewhere(request):
    with timezone.override("Asia/Tokyo"):
        make()


def moved(request):
    with time_machine.travel(timezone.now()):
        make()


def patched(request):
    request.getfixturevalue("monkeypatch").setattr(replay, "HOUR_S", 3600)
    make()


def configured(request):
    request.getfixturevalue("settings").USE_I18N = True
    make()


OTHER = [counted, watched, undone, abroad, elsewhere, moved, patched, configured]


@pytest.mark.parametrize("other", OTHER)
def test_works_where_things_are_not_as_ever(begin_anew, request, other):
    make()
    begin_anew()
    other(request)
    assert worked == ["A", "A"]


def test_works_when_what_was_made_is_old(begin_anew, monkeypatch):
    monkeypatch.setattr(replay, "OLD_S", 0)
    for _ in range(2):
        begin_anew()
        make()
    assert worked == ["A", "A"]


@replayed
def make_file():
    return make_document(make_label()[1])


def test_works_when_a_file_of_it_was_spoiled(begin_anew):
    document = make_file()
    begin_anew()
    assert make_file().file.name == document.file.name
    with document.file.storage.open(document.file.name, "wb") as file:
        file.write(b"spoiled")
    begin_anew()
    assert read_document(make_file()).startswith(b"%PDF")


@replayed
def slip():
    sku = make_sku()
    connection.connection.execute("UPDATE inventory_sku SET name = 'Cup'")
    return sku


def test_a_maker_that_writes_past_the_cursors_is_named(begin_anew):
    slip()
    begin_anew()
    with pytest.raises(AssertionError, match="past Django"):
        slip()

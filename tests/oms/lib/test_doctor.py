import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError

from oms.lib import doctor
from oms.lib.doctor import Violation, check, run
from oms.outbox.models import Event

pytestmark = pytest.mark.corrupt


@pytest.fixture
def checks(monkeypatch):
    """Only the checks that the test itself registers, under numbers of their own."""
    monkeypatch.setattr(doctor, "CHECKS", [])
    monkeypatch.setattr(doctor, "autodiscover_modules", lambda name: None)


def register(number=90):
    @check(number, "no event is odd")
    def odd():
        """Look at it."""
        for event in Event.objects.filter(name="odd"):
            yield Violation(number, f"event {event.pk}", "is odd")

    return odd


@pytest.mark.django_db(transaction=True)
def test_command_names_rows_and_fails(checks, capsys):
    register()
    call_command("doctor")
    assert "90 no event is odd: ok" in capsys.readouterr().out

    event = Event.objects.create(name="odd", subject="x:1")
    with pytest.raises(SystemExit, match="1"):
        call_command("doctor", json=True)
    answer = json.loads(capsys.readouterr().out)
    assert answer == {
        "ok": False,
        "checks": [
            {
                "number": 90,
                "title": "no event is odd",
                "violations": [{"row": f"event {event.pk}", "message": "is odd"}],
            }
        ],
    }


@pytest.mark.django_db(transaction=True)
def test_explain_says_what_to_do(checks, capsys):
    register(90)
    register(91).explain(lambda violation: f"Turn {violation.row} round.")
    Event.objects.create(pk=7, name="odd", subject="x:1")

    with pytest.raises(SystemExit, match="1"):
        call_command("doctor", explain=90)
    out = capsys.readouterr().out
    assert "Look at it." in out
    assert "91" not in out

    with pytest.raises(SystemExit, match="1"):
        call_command("doctor", explain=91)
    assert "Turn event 7 round." in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_sees_one_moment_while_others_write(checks):
    """Between the two checks somebody writes; neither check sees it, and it need not wait."""
    counts = []

    @check(90, "before")
    def before():
        counts.append(Event.objects.count())
        with ThreadPoolExecutor(1) as other:
            other.submit(write_one).result(10)
        yield from ()

    @check(91, "after")
    def after():
        counts.append(Event.objects.count())
        yield from ()

    run()
    assert counts == [0, 0]
    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_cannot_write(checks):
    @check(90, "mends")
    def mend():
        yield Event.objects.create(name="mended", subject="x:1")

    with pytest.raises(DatabaseError):
        run()
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_reads_uncommitted_rows_when_asked(checks):
    register()
    with transaction.atomic():
        Event.objects.create(name="odd", subject="x:1")
    [finding] = run(snapshot=False)
    assert len(finding.violations) == 1


def write_one():
    Event.objects.create(name="written", subject="x:1")
    connection.close()

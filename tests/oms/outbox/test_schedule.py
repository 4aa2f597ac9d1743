from datetime import UTC, datetime

import pytest
from django.utils import timezone

from oms.outbox.models import Event, ScheduledRun
from oms.outbox.schedule import run_scheduled
from oms.schedule import SCHEDULE
from tests.race import race

HERE = "tests.oms.outbox.consumers"

pytestmark = pytest.mark.django_db


@pytest.fixture
def schedule(monkeypatch):
    """Return `schedule((name, seconds), ...)`: replaces what is scheduled."""

    def schedule(*entries):
        SCHEDULE[:] = [(f"{HERE}.{name}", seconds) for name, seconds in entries]

    before = list(SCHEDULE)
    yield schedule
    SCHEDULE[:] = before


def test_runs_once_a_period(schedule, time_machine):
    schedule(("every_minute", 60))
    time_machine.move_to(datetime(2026, 3, 1, 12, 0, 20, tzinfo=UTC), tick=False)
    assert [run_scheduled(), run_scheduled()] == [1, 0]
    assert ScheduledRun.objects.get().next_run_at == datetime(2026, 3, 1, 12, 1, tzinfo=UTC)

    time_machine.move_to(datetime(2026, 3, 1, 12, 1, tzinfo=UTC), tick=False)
    assert [run_scheduled(), run_scheduled()] == [1, 0]
    assert Event.objects.count() == 2


def test_missed_periods_are_run_once(schedule, time_machine):
    schedule(("every_minute", 60))
    time_machine.move_to(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False)
    run_scheduled()
    time_machine.move_to(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=False)
    assert [run_scheduled(), run_scheduled()] == [1, 0]


def test_error_is_recorded_and_the_others_run(schedule):
    schedule(("fail_every_minute", 60), ("every_minute", 60))
    assert run_scheduled() == 2
    assert Event.objects.count() == 1
    failed = ScheduledRun.objects.get(name__endswith="fail_every_minute")
    assert failed.last_error == "OSError: clock away"
    assert failed.next_run_at > timezone.now()


def test_run_whose_worker_was_killed_is_made_again(schedule):
    schedule(("every_minute", 60))
    name = f"{HERE}.every_minute"
    now = timezone.now()
    ScheduledRun.objects.create(name=name)
    assert ScheduledRun.objects.claim(name, now=timezone.now(), lease=timezone.timedelta(minutes=10))
    assert run_scheduled() == 0
    ScheduledRun.objects.update(lease_until=now)
    assert run_scheduled() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_workers_make_one_run_between_them(schedule):
    schedule(("every_minute", 86_400))
    assert sum(race(lambda number: run_scheduled(), 4)) == 1
    assert Event.objects.count() == 1

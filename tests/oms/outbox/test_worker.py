import os
import signal
import subprocess
import sys
import threading
from time import monotonic, sleep

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from oms.outbox import relay
from oms.outbox.management.commands.worker import Command
from oms.outbox.models import Delivery, Event, Heartbeat
from oms.outbox.publish import publish
from oms.subscribers import MAIL, SLOW, SUBSCRIBERS
from tests import database
from tests.oms.outbox import consumers
from tests.oms.outbox.conftest import HERE


@pytest.mark.django_db
def test_once_runs_all_that_is_due(wire, monkeypatch):
    monkeypatch.setattr("oms.outbox.heartbeat._next", 0.0)  # a test before this one may have beaten
    wire("note", "fail")
    for sequence in (1, 2):
        publish("thing.happened", "thing:1", sequence=sequence)

    call_command("worker", once=True)

    assert Event.objects.filter(name="noted").count() == 2
    assert Delivery.objects.pending().count() == 2
    assert Heartbeat.objects.alive(timezone.now(), within=timezone.timedelta(minutes=1)).exists()


@pytest.mark.django_db(transaction=True)
def test_waits_for_work_and_ends_when_told(wire, tmp_path):
    wire("write_line")
    worker = start_worker(ACTS=str(tmp_path / "acts"))
    try:
        wait_for(lambda: Heartbeat.objects.exists())
        with transaction.atomic():
            publish("thing.happened", "thing:1", sequence=1)
        wait_for(lambda: Delivery.objects.filter(done_at__isnull=False).exists())
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(10) == 0
    finally:
        worker.kill()
    assert (tmp_path / "acts").read_text() == "thing:1 1\n"


@pytest.mark.django_db(transaction=True)
def test_what_is_slow_holds_up_nothing_else(make_delivery, monkeypatch):
    monkeypatch.setattr(relay, "SLOW", {f"{HERE}.wait"})
    worker = Command()
    worker.is_steady, worker.stopping, worker.renewing = True, threading.Event(), threading.Event()
    slow = make_delivery("wait")
    beside = threading.Thread(target=worker.work_slowly)
    beside.start()
    try:
        wait_for(consumers.waits.is_set)
        next_slow, quick = make_delivery("wait", subject="thing:2"), make_delivery("note", subject="thing:3")
        worker.work()
        for row in (slow, next_slow, quick):
            row.refresh_from_db()
        assert (slow.done_at, next_slow.attempts, bool(quick.done_at)) == (None, 0, True)
    finally:
        worker.renewing.set()
        consumers.go_on.set()
        beside.join(20)
    slow.refresh_from_db()
    assert slow.done_at, "who is to end ends what he began"


@pytest.mark.django_db
def test_no_work_waits_behind_a_backlog_of_mail_and_the_mail_moves_on(make_delivery, monkeypatch):
    monkeypatch.setattr(relay, "MAIL", {f"{HERE}.tell"})
    mails = [make_delivery("tell", subject=f"thing:{number}") for number in range(30)]
    works = [make_delivery("note", subject=f"thing:{number}") for number in range(30)]
    worker = Command()
    worker.is_steady, worker.stopping = True, threading.Event()

    worker.work()

    def done(rows):
        return Delivery.objects.filter(pk__in=[row.pk for row in rows], done_at__isnull=False).count()

    assert done(works) == 30
    assert 0 < done(mails) < 30


def test_every_consumer_with_a_lane_of_its_own_hears_something():
    assert {name for names in SUBSCRIBERS.values() for name in names} >= SLOW | MAIL
    assert not SLOW & MAIL


def start_worker(**environment):
    """Start `manage.py worker` on the test's own database."""
    command = [sys.executable, "manage.py", "worker"]
    variables = os.environ | {"DATABASE_URL": database.url(), "REDIS_URL": ""} | environment
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=variables)


def wait_for(condition, seconds=20):
    end = monotonic() + seconds
    while not condition():
        assert monotonic() < end, "it did not happen in time"
        sleep(0.05)

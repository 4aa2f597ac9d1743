from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from oms.outbox.health import SILENCE
from oms.outbox.heartbeat import Heartbeat


@pytest.fixture
def worker(db):
    """A worker that was seen just now."""
    return Heartbeat.objects.create(worker="here:1", seen_at=timezone.now())


def test_the_process_answers_without_asking_the_database(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok\n"


def test_ready_when_nothing_is_missing(client, worker):
    answer = client.get("/readyz")
    assert (answer.status_code, set(answer.json().values())) == (200, {"ok"})
    assert "no-store" in answer["Cache-Control"]


def test_not_ready_without_a_worker(client, db):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "start manage.py worker" in answer.json()["worker"]


def test_not_ready_when_the_last_worker_has_been_silent(client, worker):
    Heartbeat.objects.update(seen_at=timezone.now() - SILENCE - timedelta(seconds=1))
    assert client.get("/readyz").status_code == 503


def test_not_ready_before_the_migrations(client, worker):
    MigrationRecorder(connection).record_unapplied("orders", "0001_initial")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "manage.py migrate" in answer.json()["migrations"]


def test_not_ready_without_the_database(client, monkeypatch, transactional_db):
    """The real driver's refusal, from a port where nobody listens or a folder that is not there."""
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "NAME", "/nowhere/oms.sqlite3")
        patch.setitem(connection.settings_dict, "PORT", "1")
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "DATABASE_URL" in answer.json()["database"]


def test_probes_from_the_machine_next_door_are_not_sent_to_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz").status_code == 200
    assert client.get("/admin/").status_code == 301

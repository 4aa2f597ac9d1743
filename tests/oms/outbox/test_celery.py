import os
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from socketserver import BaseRequestHandler, ThreadingTCPServer

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from oms.outbox.models import Delivery, Event, Heartbeat
from oms.outbox.publish import publish
from tests import database, servers
from tests.oms.outbox.broker import broker_at

CONSUMERS = "tests.oms.outbox.consumers"
# A worker takes long to come up, and SQLite has the embedded one.
with_redis = pytest.mark.skipif(
    connection.vendor == "sqlite" and "OMS_SOAK" not in os.environ, reason="On PostgreSQL, and in make soak."
)


@contextmanager
def celery(broker, acts):
    """Run a Celery worker on the test's database until the block ends."""
    command = [sys.executable, "-m", "celery", "-A", "oms", "worker", "--concurrency=2", "-I", CONSUMERS]
    environment = os.environ | {"DATABASE_URL": database.url(), "REDIS_URL": broker, "ACTS": str(acts)}
    worker = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, start_new_session=True)
    try:
        yield worker
    finally:
        worker.terminate()
        worker.wait(30)


def publish_many(wire, count, *, subject="thing:1"):
    wire("write_line")
    with transaction.atomic():
        for sequence in range(1, count + 1):
            publish("thing.happened", subject, sequence=sequence)


def publish_loose(wire, count):
    wire("write_line_slowly")
    with transaction.atomic():
        for number in range(count):
            publish("thing.happened", f"loose:{number}")


def wait_until_done(seconds):
    wait_for(lambda: not Delivery.objects.pending().exists(), seconds)


def wait_for(condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, list(Delivery.objects.pending().values())
        time.sleep(0.1)


@with_redis
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_worker_alone_finds_delivers_and_keeps_order(wire, tmp_path):
    """No bell was rung and nothing else runs: the worker's own clock finds what is due."""
    publish_many(wire, 6)
    with servers.redis() as broker, celery(broker, tmp_path / "acts"):
        wait_until_done(45)
    assert (tmp_path / "acts").read_text().split("\n")[:-1] == [f"thing:1 {n}" for n in range(1, 7)]
    assert Heartbeat.objects.alive(timezone.now(), within=timezone.timedelta(minutes=1)).exists()


@with_redis
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_worker_outlives_a_broker_that_comes_back_empty(wire, tmp_path, sized):
    """In the soak it dies with work under way: what was begun is ended, what waited in it is sent again."""
    port, count = servers.free_port(), sized(1, 40)
    with ExitStack() as stack:
        with servers.redis(port) as broker:
            worker = stack.enter_context(celery(broker, tmp_path / "acts"))
            publish_loose(wire, count)
            wait_for(lambda: Delivery.objects.pending().count() < count * 0.9, 45)
        publish_many(wire, 2, subject="thing:2")
        stack.enter_context(servers.redis(port))
        wait_until_done(120)
        assert worker.poll() is None
    acts = (tmp_path / "acts").read_text().splitlines()
    assert sorted(acts) == sorted([f"loose:{n} None" for n in range(count)] + ["thing:2 1", "thing:2 2"])


@contextmanager
def broken_broker():
    """A broker that hangs up on everybody; yields its address and the list of who called."""
    calls = []

    class HangUp(BaseRequestHandler):
        def handle(self):
            calls.append(self.client_address)

    with ThreadingTCPServer(("127.0.0.1", 0), HangUp) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"redis://127.0.0.1:{server.server_address[1]}/0", calls
        server.shutdown()
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_commit_does_not_wait_for_a_broker_that_is_away(wire, settings, caplog):
    """It calls once, and not again for a while; what happened is there all the same, for whoever looks."""
    with broken_broker() as (settings.REDIS_URL, calls), broker_at(settings.REDIS_URL):
        publish_many(wire, 1)
        publish_many(wire, 1, subject="thing:2")
        assert len(calls) == 1
    assert caplog.text.count("cannot be reached") == 1
    assert not connection.in_atomic_block
    assert set(Event.objects.values_list("subject", flat=True)) == {"thing:1", "thing:2"}
    assert Delivery.objects.due(timezone.now()).count() == 2

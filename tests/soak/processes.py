"""The web server and the worker of a crash test: started as in production, ended with SIGKILL, by their own ids."""

import os
import signal
import socket
import sys
import time
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from oms.management.commands.serve import start, web
from oms.outbox.models import Delivery
from tests import database, servers

CELERY = [sys.executable, "-m", "celery", "-A", "oms", "worker", "--loglevel=WARNING", "--concurrency=2"]
EMBEDDED = [sys.executable, "manage.py", "worker"]
START_S = 60


class Site:
    """A web server and a worker on the test's database; e-mails are files in `folder`/mail.

    `killed` counts the kills by name; `interrupted` are the deliveries that a killed worker had.
    """

    def __init__(self, folder, *, broker=""):
        self.folder, self.port = Path(folder), servers.free_port()
        self.commands = {"web": web(self.port), "worker": CELERY if broker else EMBEDDED}
        self.environment = os.environ | {
            "DATABASE_URL": database.url(),
            "REDIS_URL": broker,
            "SECRET_KEY": settings.SECRET_KEY,
            "MEDIA_ROOT": str(settings.MEDIA_ROOT),
            "EMAIL_URL": f"filemail:///{self.folder / 'mail'}",
            "API_RATE": "1000000000",
        }
        self.running, self.killed, self.interrupted = {}, {"web": 0, "worker": 0}, set()

    def start(self, name):
        """Start "web" (and wait until it answers) or "worker"."""
        log = self.folder / f"{name}{self.killed[name]}.log"
        self.running[name] = start(self.commands[name], log=log, environment=self.environment)
        if name == "web":
            self._wait_for_port(log)

    def kill(self, name):
        """End a process and its children at once, as a power cut would."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)  # its own session, so its own group
        process.wait()
        self.killed[name] += 1

    def kill_at_work(self):
        """Kill the worker while it has a delivery that none of the kills before left behind."""
        wait_for(lambda: self._in_hand() - self.interrupted, START_S, "the worker took nothing to do")
        self.kill("worker")
        self.interrupted |= self._in_hand()

    def end(self):
        """End what still runs."""
        for name in list(self.running):
            self.kill(name)

    def _in_hand(self):
        leased = Delivery.objects.pending().filter(lease_until__gt=timezone.now())
        return set(leased.values_list("pk", "attempts"))

    def _wait_for_port(self, log):
        def answers():
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0

        wait_for(answers, START_S, f"the web server did not start, see {log}")


def wait_for(condition, seconds, complaint):
    """Wait until `condition()`; fail with `complaint`, or what it returns, after `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, complaint() if callable(complaint) else complaint
        time.sleep(0.02)

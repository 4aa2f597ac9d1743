import logging
import os
import signal
import sys
from pathlib import Path
from threading import Event, Thread

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connections

from oms.lib.garbage import settle
from oms.lib.plugins import named
from oms.outbox.heartbeat import beat
from oms.outbox.relay import run_due
from oms.outbox.schedule import run_scheduled
from oms.subscribers import BESIDE

logger = logging.getLogger(__name__)

IDLE_S = 0.5
AFTER_FAILURE_S = 5
MAILS_A_TURN = 10  # what came meanwhile waits no longer than these
MEMORY_LIMIT_KIB = 400_000  # WeasyPrint's memory grows: start afresh above it


class Command(BaseCommand):
    help = "Run due deliveries and the schedule from the database itself: the worker when there is no broker."

    is_steady = False

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="run all that is due now, then end")

    def handle(self, *, once, **options):
        self.stopping, self.renewing = Event(), Event()
        if once:
            while self.work() or sum(named(name).send_due() for name in BESIDE):
                pass
            return
        self.is_steady = True
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        settle()
        beside = Thread(target=self.work_slowly)
        beside.start()
        while not self.stopping.is_set():
            self.stopping.wait(self.attempt(self.work))
            if memory_kib() > MEMORY_LIMIT_KIB:
                self.renewing.set()
            if not (beside.is_alive() or self.stopping.is_set()):
                send_no_more()
                os.execv(sys.executable, [sys.executable, *sys.argv])
        beside.join()
        send_no_more()

    def attempt(self, work):
        """Work once; return how many seconds to wait before the next time."""
        close_old_connections()
        try:
            return 0 if work() else IDLE_S
        except (OperationalError, InterfaceError):
            logger.exception("The database cannot be reached.")
            return AFTER_FAILURE_S

    def work(self):
        """Run some of what is due, until told to stop; return how many that were."""
        beat()
        stopping = self.stopping.is_set
        if not self.is_steady:
            return run_due(is_stopping=stopping) + run_scheduled(is_stopping=stopping)
        for name in BESIDE:
            named(name).send_beside()
        run = run_due(lane="work", is_stopping=stopping) + run_due(MAILS_A_TURN, lane="mail", is_stopping=stopping)
        return run + run_scheduled(is_stopping=stopping)

    def work_slowly(self):
        """Run what is slow, one after another, in a thread of its own; it ends before the process starts afresh."""

        def is_ending():
            return self.stopping.is_set() or self.renewing.is_set()

        try:
            while not is_ending():
                self.stopping.wait(self.attempt(lambda: run_due(lane="slow", is_stopping=is_ending)))
        finally:
            connections.close_all()


def send_no_more():
    """End what is done beside the deliveries, in a few seconds: this process is about to end."""
    for name in BESIDE:
        named(name).rest()


def memory_kib():
    """Return how much memory this process holds now, or 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024

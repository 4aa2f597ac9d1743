import logging
import os
import signal
import sys
from pathlib import Path
from threading import Event

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections

from oms.lib.garbage import settle
from oms.lib.plugins import named
from oms.outbox.heartbeat import beat
from oms.outbox.relay import run_due
from oms.outbox.schedule import run_scheduled
from oms.subscribers import BESIDE

logger = logging.getLogger(__name__)

IDLE_S = 0.5
AFTER_FAILURE_S = 5
MEMORY_LIMIT_KIB = 400_000  # WeasyPrint's memory grows: start afresh above it


class Command(BaseCommand):
    help = "Run due deliveries and the schedule from the database itself: the worker when there is no broker."

    is_steady = False

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="run all that is due now, then end")

    def handle(self, *, once, **options):
        self.stopping = Event()
        if once:
            while self.work() or sum(named(name).send_due() for name in BESIDE):
                pass
            return
        self.is_steady = True
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        settle()
        while not self.stopping.is_set():
            self.stopping.wait(self.pause())
            if memory_kib() > MEMORY_LIMIT_KIB:
                send_no_more()
                os.execv(sys.executable, [sys.executable, *sys.argv])
        send_no_more()

    def pause(self):
        """Work once; return how many seconds to wait before the next time."""
        close_old_connections()
        try:
            return 0 if self.work() else IDLE_S
        except (OperationalError, InterfaceError):
            logger.exception("The database cannot be reached.")
            return AFTER_FAILURE_S

    def work(self):
        """Run some of what is due, until told to stop; return how many that were."""
        beat()
        if self.is_steady:
            for name in BESIDE:
                named(name).send_beside()
        stopping = self.stopping.is_set
        return run_due(is_stopping=stopping) + run_scheduled(is_stopping=stopping)


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

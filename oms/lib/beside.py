"""What a worker does beside its deliveries because it waits for servers of others: many calls at once, in threads.

The calls know no database; what is claimed and recorded is, in one thread, so that a server which hangs keeps only
what is meant for it waiting.
"""

import logging
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from threading import Event, Lock, Thread

from django.db import connections

logger = logging.getLogger(__name__)

LOOK_S = 0.2  # how long a free call waits for what becomes due
REST_S = 6  # how long the end of a process waits for calls that are being made


class Beside:
    """`is_due()` says cheaply whether there is something, `claim(room)` leases at most so many calls to this process.

    `make(call)` makes one in a thread of its own and returns its outcome, raising nothing; `record(outcomes)` keeps it.
    """

    def __init__(self, name, *, at_once, is_due, claim, make, record):
        self.name, self.at_once = name, at_once
        self.is_due, self.claim, self.make, self.record = is_due, claim, make, record
        self.thread = None
        self.resting = Event()
        self._lock = Lock()

    def send_due(self):
        """Do all that is due, and what is due because of it; returns how many calls that were."""
        made, flying = 0, set()
        with ThreadPoolExecutor(self.at_once, thread_name_prefix=self.name) as pool:
            while True:
                calls = self._claim(self.at_once - len(flying))
                flying |= {pool.submit(self.make, call) for call in calls}
                made += len(calls)
                if not flying:
                    return made
                done, flying = wait(flying, timeout=LOOK_S, return_when=FIRST_COMPLETED)
                if done:
                    self.record([future.result() for future in done])

    def send_beside(self):
        """See to it that what is due is being done, in a thread of this process that ends with its work."""
        with self._lock:
            if self.resting.is_set() or (self.thread and self.thread.is_alive()):
                return
            if self.is_due():
                self.thread = Thread(target=self._run, name=self.name, daemon=True)
                self.thread.start()

    def rest(self):
        """Claim nothing more and wait for the calls being made, a few seconds: this process is about to end."""
        self.resting.set()
        if self.thread:
            self.thread.join(REST_S)

    def _claim(self, room):
        return [] if self.resting.is_set() or not room or not self.is_due() else self.claim(room)

    def _run(self):
        try:
            self.send_due()
        except Exception:  # what was claimed is due again when its lease ends
            logger.exception("The sending of %s was interrupted.", self.name)
        finally:
            connections.close_all()

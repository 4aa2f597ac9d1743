"""What the outbox of a bench has to do: run by a worker of its own, or here between two looks."""

import time

from django.utils import timezone

from oms.outbox.models import Delivery
from oms.outbox.relay import run_due

PAUSE_S = 0.1
AT_ONCE = 10
PATIENCE_S = 7200


class Backlog:
    """`is_ours`: nobody else runs the deliveries."""

    def __init__(self, *, is_ours):
        self.is_ours = is_ours

    def until(self, futures):
        """See to the deliveries until all `futures` are done."""
        while not all(future.done() for future in futures):
            self._look()

    def settle(self):
        """See to the deliveries until none is due; what is to wait (e-mails that can be stopped) waits."""
        end = time.monotonic() + PATIENCE_S
        while Delivery.objects.pending().filter(next_attempt_at__lte=timezone.now()).exists():
            if time.monotonic() > end:
                raise RuntimeError("The deliveries do not come to an end.")
            self._look()

    def _look(self):
        if not (self.is_ours and run_due(AT_ONCE)):
            time.sleep(PAUSE_S)

"""The bell: tells a Celery worker that something is due. It may be lost, for the workers look anyway."""

import logging
from time import monotonic

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

# A busy process need not ring for every commit, and none should wait again for a broker that is away.
PAUSE_S = 0.1
PAUSE_AFTER_FAILURE_S = 5
_silent_until = 0.0


def ring():
    """Ask any worker to look for due deliveries now; an unreachable broker is logged, never an error."""
    global _silent_until
    if monotonic() < _silent_until:
        return
    _silent_until = monotonic() + PAUSE_S
    try:
        current_app.send_task("oms.outbox.tasks.tick", retry=False, expires=10)
    except (OperationalError, OSError):
        _silent_until = monotonic() + PAUSE_AFTER_FAILURE_S
        logger.warning("The broker cannot be reached: workers will find what is due by polling.")

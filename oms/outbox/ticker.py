"""Makes every Celery worker its own clock, so that `celery -A oms worker` alone is enough.

The clock only sends the task `tick`; the database is asked by whichever worker process takes it. As a step
of the consumer it starts again with each connection to the broker.
"""

import logging

from celery import bootsteps
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

EVERY_S = 1.0


class Ticker(bootsteps.StartStopStep):
    requires = ("celery.worker.consumer:Tasks",)

    def __init__(self, consumer, **kwargs):
        super().__init__(consumer, **kwargs)
        self.entry = None

    def start(self, consumer):
        self.entry = consumer.timer.call_repeatedly(EVERY_S, tick, (consumer.app,))

    def stop(self, consumer):
        if self.entry:
            self.entry.cancel()
            self.entry = None


def tick(app):
    """Ask any worker process to look for what is due; what was not taken in time is dropped, not piled up."""
    try:
        app.send_task("oms.outbox.tasks.tick", retry=False, expires=5)
    except (OperationalError, OSError):
        logger.warning("The broker cannot be reached.")

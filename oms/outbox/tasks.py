from celery import shared_task

from oms.outbox.heartbeat import beat
from oms.outbox.relay import dispatch
from oms.outbox.schedule import run_scheduled


@shared_task(time_limit=600)
def tick():
    """Send what is due to Celery and run what the schedule asks for. Sent by every worker each second."""
    beat()
    while dispatch():
        pass
    run_scheduled()

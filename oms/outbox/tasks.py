from celery import shared_task

from oms.lib.plugins import named
from oms.outbox.heartbeat import beat
from oms.outbox.relay import dispatch
from oms.outbox.schedule import run_scheduled
from oms.subscribers import BESIDE


@shared_task(time_limit=600)
def tick():
    """Send what is due to Celery and run what the schedule asks for. Sent by every worker each second."""
    beat()
    for name in BESIDE:
        named(name).send_beside()
    while dispatch():
        pass
    run_scheduled()

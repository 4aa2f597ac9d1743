"""Hands due deliveries to their consumers: to Celery when there is a broker, or here when there is none."""

import logging
from datetime import timedelta

from celery import current_app
from django.db import transaction
from django.utils import timezone

from oms.lib import log
from oms.lib.plugins import named
from oms.outbox.heartbeat import beat
from oms.outbox.models import Delivery
from oms.subscribers import MAIL, SLOW

logger = logging.getLogger(__name__)

# A message that was not claimed after this time is taken for lost (Redis was flushed) and sent again.
QUEUED_FOR = timedelta(seconds=60)
# No more of a lane wait in the broker at once: a backlog stays in the database, where nothing is sent twice.
WINDOW = 250
LANES = {"work": 0, "mail": 3, "slow": 9}  # and their priority with Redis: none waits behind a backlog of the next


def run_due(limit=100, *, lane=None, is_stopping=lambda: False):
    """Run at most `limit` due deliveries in this process, the longest due first; returns how many.

    Only those of one `lane` when it is given. An error is logged and recorded on its delivery, and the
    others go on. What became due meanwhile is left to the next call: 0 means that nothing was due. It
    ends early once `is_stopping()`.
    """
    run = 0
    for pk, consumer in _of(lane, _due()).values_list("pk", "consumer")[:limit]:
        if is_stopping():
            break
        if lane != "slow":
            beat()
        with log.scope():
            log.bind(delivery=pk, consumer=consumer)
            try:
                run += bool(named(consumer)(pk))
            except Exception:
                run += 1
                logger.exception("The delivery failed.")
    return run


def dispatch(limit=100):
    """Send at most `limit` due deliveries of each lane to Celery as tasks, in all WINDOW at once; returns how many.

    Several workers may dispatch at the same time: each delivery is sent by one of them. What the broker
    does not take is free again at once, and what it loses after QUEUED_FOR; its error is raised.
    """
    return sum(_dispatch(lane, limit) for lane in LANES)


def _dispatch(lane, limit):
    queued = _take(lane, limit)
    sent = 0
    try:
        for pk, consumer in queued:
            current_app.send_task(consumer, args=[pk], retry=False, priority=LANES[lane])
            sent += 1
    finally:
        unsent = [pk for pk, _ in queued[sent:]]
        if unsent:
            Delivery.objects.filter(pk__in=unsent).update(queued_until=None)
    return sent


def _take(lane, limit):
    now = timezone.now()
    with transaction.atomic():
        waiting = _of(lane, Delivery.objects.pending().filter(queued_until__gt=now, lease_until=None))
        room = WINDOW - waiting.order_by()[:WINDOW].count()
        due = _of(lane, _due().unqueued(now)).select_for_update(skip_locked=True, of=("self",))
        queued = list(due.values_list("pk", "consumer")[: min(limit, room)])
        Delivery.objects.filter(pk__in=[pk for pk, _ in queued]).update(queued_until=now + QUEUED_FOR)
    return queued


def _of(lane, deliveries):
    """Narrow `deliveries` to those of `lane`; None: of all."""
    if lane is None:
        return deliveries
    if lane == "work":
        return deliveries.exclude(consumer__in=MAIL | SLOW)
    return deliveries.filter(consumer__in=MAIL if lane == "mail" else SLOW)


def _due():
    return Delivery.objects.due(timezone.now()).order_by("next_attempt_at", "pk")

"""The two kinds of consumer. Both are Celery tasks of one delivery and may be called any number of times.

The claim commits before anything is done, so that work which kills its worker is counted and dies after
MAX_ATTEMPTS all the same.
"""

import logging
from datetime import timedelta
from functools import wraps
from random import uniform

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from oms.lib.commands import command
from oms.lib.prepared import Param, prepared, prepared_update
from oms.lib.text import clean
from oms.outbox.bell import ring
from oms.outbox.models import Delivery

logger = logging.getLogger(__name__)

SUBSCRIBER_LEASE = timedelta(minutes=1)
SENDER_LEASE = timedelta(minutes=3)
FIRST_DELAY_S = 5
DELAY_GROWTH = 4  # 5 s, 20 s, 80 s ... the eighth attempt is about 7.5 hours after the first


class Lost(Exception):
    """The lease ended and another worker has the delivery: nothing of ours may be recorded."""


def subscriber(function):
    """Make `function(event)` a consumer with database effects only.

    The mark that it is done comes first in the transaction of the effects: it locks the delivery, so two
    workers cannot both apply it, and whatever fails takes the mark back with the effects.
    """

    @command
    def consume(delivery):
        with transaction.atomic():
            _record_done(delivery)
            function(delivery.event)

    return _task(function, consume, lease=SUBSCRIBER_LEASE)


def sender(function=None, *, lease=SENDER_LEASE):
    """Make `function(event)` a consumer that talks to the outside, with no transaction open meanwhile.

    A worker that dies between the act and the mark acts again, so `function` sends the same idempotency
    key (or Message-ID) each time. `lease` is how long it may take; Celery stops it just before.
    """
    if function is None:
        return lambda function: sender(function, lease=lease)

    def consume(delivery):
        function(delivery.event)
        _record_done(delivery)

    return _task(function, consume, lease=lease)


def _task(function, consume, *, lease):
    name = f"{function.__module__}.{function.__name__}"

    @shared_task(name=name, time_limit=lease.total_seconds() - 5)
    @wraps(function)
    def task(delivery_id):
        """Run one delivery if it is due; True when it was run here. An error is recorded, then raised."""
        delivery = _claim(delivery_id, lease)
        if delivery is None:
            return False
        try:
            consume(delivery)
        except Lost:
            return False
        except Exception as error:
            _record_failure(delivery, error)
            raise
        _ring_for_next(delivery)
        return True

    return task


_with_event = prepared(lambda: Delivery.objects.filter(pk=Param("pk")).select_related("event"))
_done = prepared_update(
    lambda: (
        Delivery.objects.pending().filter(pk=Param("pk"), attempts=Param("attempts")),
        {
            "done_at": Param("done_at", Delivery.done_at.field),
            "lease_until": None,
            "last_error": "",
            "applied": F("applied") + 1,
        },
    )
)


def _claim(delivery_id, lease):
    """Return the delivery, leased to us, or None when it is not due or has no attempt left."""
    if not Delivery.objects.claim(delivery_id, now=timezone.now(), lease=lease):
        return None
    [delivery] = _with_event(pk=delivery_id)
    if delivery.attempts > Delivery.MAX_ATTEMPTS:
        # Only an attempt that recorded nothing, not even its failure, leaves a delivery due this often.
        _ours(delivery).update(
            attempts=Delivery.MAX_ATTEMPTS,
            dead_at=timezone.now(),
            lease_until=None,
            last_error=delivery.last_error or "Each attempt ended with its worker.",
        )
        return None
    return delivery


def _ours(delivery):
    return Delivery.objects.pending().filter(pk=delivery.pk, attempts=delivery.attempts)


def _record_done(delivery):
    if not _done(pk=delivery.pk, attempts=delivery.attempts, done_at=timezone.now()):
        raise Lost


def _ring_for_next(delivery):
    """Ring when this delivery held up the next of its subject, which nobody would look for at once."""
    if settings.REDIS_URL and delivery.sequence is not None:
        held = Delivery.objects.pending().filter(consumer=delivery.consumer, subject=delivery.subject)
        if held.exists():
            ring()


def _record_failure(delivery, error):
    now = timezone.now()
    text = clean(f"{type(error).__name__}: {error}")[:1000]
    changes = {"lease_until": None, "queued_until": None, "last_error": text}
    if delivery.attempts >= Delivery.MAX_ATTEMPTS or getattr(error, "retry", True) is False:
        changes["dead_at"] = now
    else:
        changes["next_attempt_at"] = now + _delay(delivery.attempts)
    _ours(delivery).update(**changes)


def _delay(attempts):
    """Return how long to wait after so many attempts, spread by a fifth so that they do not return as one."""
    return timedelta(seconds=FIRST_DELAY_S * DELAY_GROWTH ** (attempts - 1) * uniform(0.8, 1.2))

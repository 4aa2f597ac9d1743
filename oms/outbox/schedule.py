"""Runs the functions of `oms.schedule` when their time has come, each once a period."""

import logging
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from oms.lib.plugins import named
from oms.lib.text import clean
from oms.outbox.models import ScheduledRun
from oms.schedule import SCHEDULE

logger = logging.getLogger(__name__)

# How long one run may take; after that its worker is taken for dead and the run is made again.
LEASE = timedelta(minutes=10)


def run_scheduled(*, is_stopping=lambda: False):
    """Run every function that is due and that no other worker has; returns how many.

    An error is logged and recorded, and the next try is the next period. A run whose worker was killed
    is made again when its lease ends.
    """
    periods = dict(SCHEDULE)
    _add_missing(periods)
    due = ScheduledRun.objects.due(timezone.now()).filter(name__in=periods).order_by("next_run_at")
    run = 0
    for name in due.values_list("name", flat=True):
        if is_stopping():
            break
        if ScheduledRun.objects.claim(name, now=timezone.now(), lease=LEASE):
            error = _run(name)
            _finish(name, seconds=periods[name], error=error)
            run += 1
    return run


def _add_missing(periods):
    known = set(ScheduledRun.objects.filter(name__in=periods).values_list("name", flat=True))
    missing = [ScheduledRun(name=name) for name in periods if name not in known]
    if missing:
        ScheduledRun.objects.bulk_create(missing, ignore_conflicts=True)


def _run(name):
    try:
        named(name)()
    except Exception as error:
        logger.exception("Scheduled %s failed.", name)
        return f"{type(error).__name__}: {error}"
    return ""


def _finish(name, *, seconds, error):
    now = timezone.now()
    ScheduledRun.objects.filter(name=name).update(
        next_run_at=_next_period(now, seconds),
        lease_until=None,
        finished_at=now,
        last_error=clean(error)[:1000],
    )


def _next_period(now, seconds):
    """Return when the next period begins; periods are counted from midnight of 1970, so none drifts."""
    return datetime.fromtimestamp((now.timestamp() // seconds + 1) * seconds, UTC)

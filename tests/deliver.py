"""Runs what the outbox holds, in a test."""

from django.utils import timezone

from oms.lib.among import among
from oms.lib.plugins import named
from oms.lib.prepared import Param, Params, prepared
from oms.outbox.models import Delivery


def deliver(*consumers):
    """Run all due deliveries, and those due because of them, until none is left; returns how many.

    Given dotted names, only theirs. Unlike in a worker an error is raised, so that a test shows it.
    """
    run = 0
    while due := _due(consumers):
        for pk, consumer in due:
            run += named(consumer)(pk)
    return run


def _due(consumers):
    now = timezone.now()
    return _due_of(now=now, consumers=consumers) if consumers else _all_due(now=now)


def _rows():
    rows = Delivery.objects.due(Param("now", Delivery.lease_until.field)).order_by("next_attempt_at", "pk")
    return rows.values_list("pk", "consumer")


_all_due = prepared(_rows)
# Asked of the database: where others are never run, they are many.
_due_of = prepared(lambda: _rows().filter(among("consumer", Params("consumers"))))

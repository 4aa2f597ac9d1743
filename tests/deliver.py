"""Runs what the outbox holds, in a test."""

from django.utils import timezone

from oms.lib.plugins import named
from oms.lib.prepared import Param, prepared
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
    return [(pk, consumer) for pk, consumer in _all_due(now=timezone.now()) if consumer in consumers or not consumers]


_all_due = prepared(
    lambda: (
        Delivery.objects.due(Param("now", Delivery.lease_until.field))
        .order_by("next_attempt_at", "pk")
        .values_list("pk", "consumer")
    )
)

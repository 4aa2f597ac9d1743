"""Runs what the outbox holds, in a test."""

from django.utils import timezone

from oms.lib.plugins import named
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
    due = Delivery.objects.due(timezone.now()).order_by("next_attempt_at", "pk")
    if consumers:
        due = due.filter(consumer__in=consumers)
    return list(due.values_list("pk", "consumer"))

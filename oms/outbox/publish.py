"""How a change and the news of it commit together."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from oms.lib.insert import insert
from oms.outbox.bell import ring
from oms.outbox.models import Delivery, Event
from oms.subscribers import EDI_SUBSCRIBERS, PUBLIC_EVENTS, SUBSCRIBERS, TELLS_PARTNER


def publish(name, subject, *, sequence=None, actor="", not_before=None, **data):
    """Record an event and its deliveries in the caller's transaction, and ring the worker after the commit.

    `subject` names the aggregate whose lock is held ("order:7"), `sequence` is its event counter: a
    consumer sees the events of a subject in that order, those without a sequence in any. `data` holds
    ids and codes only; its `partner` is the id of the partner whose row this is about; of one with `sandbox`
    only he hears. No consumer runs
    before `not_before` (an aware moment). Two statements at most.
    Raises TransactionManagementError outside a transaction: a change without its event must be impossible.
    """
    event = Event(name=name, subject=subject, sequence=sequence, actor=actor, data=data)
    return publish_all([event], not_before=not_before)[0]


def publish_all(events, *, not_before=None):
    """Record unsaved `events` like `publish`, in two statements, in four where they are many; returns them saved."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("publish() needs a transaction.")
    for event in events:
        event.partner = event.data.get("partner") if event.name in PUBLIC_EVENTS else None
    insert(events)
    due = not_before or timezone.now()
    deliveries = [
        Delivery(
            event=event,
            consumer=consumer,
            subject=event.subject,
            sequence=event.sequence,
            next_attempt_at=due,
        )
        for event in events
        for consumer in _consumers(event)
    ]
    if deliveries:
        insert(deliveries)
        if settings.REDIS_URL:
            transaction.on_commit(ring, robust=True)
    return events


def _consumers(event):
    consumers = SUBSCRIBERS.get(event.name, []) if "sandbox" not in event.data else []
    if "edi" in event.data:
        consumers = [*consumers, *EDI_SUBSCRIBERS.get(event.name, [])]
    if event.partner:
        return [*consumers, TELLS_PARTNER]
    return consumers

"""Which messages are sent next, so that no endpoint takes the room of the others."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import F
from django.utils import timezone
from standardwebhooks import Webhook

from oms.lib.commands import command
from oms.partners.models import WebhookEndpoint, WebhookMessage
from oms.partners.services.webhooks import body_of

LEASE = timedelta(seconds=30)  # longer than any call
AT_ONCE = 8  # calls of one endpoint
DOUBTFUL_AFTER = 3  # failures in a row: then one call at a time
BREAKS_AFTER = 8  # failures in a row: then it is put off, and one probe says whether it is back
MOST_ENDPOINTS = 500  # looked at in one go


@dataclass(frozen=True)
class Call:
    """One try, ready to be made without the database."""

    message_id: int
    endpoint_id: int
    number: int
    url: str
    body: bytes
    headers: dict


@command
def claim_webhooks(room):
    """Lease at most `room` due messages to the caller, count the try, and return their Calls.

    An endpoint gets AT_ONCE of all workers' calls at most and never more than half of what is free here, one
    that fails one, and one that is put off a single probe once its time has come.
    """
    now = timezone.now()
    # Locked, so that no two workers count the calls of one endpoint at once; whoever comes second looks again soon.
    due = WebhookEndpoint.objects.with_due(now).select_for_update(skip_locked=True)
    endpoints = list(due[:MOST_ENDPOINTS])
    random.shuffle(endpoints)  # whoever comes last may find no room
    calls = []
    for endpoint in endpoints:
        free = room - len(calls)
        share = min(_share(endpoint, now), max(1, free // 2), free)
        if share > 0:
            calls += [_call(endpoint, message, now) for message in _lease(endpoint, share, now)]
    return calls


def _share(endpoint, now):
    """Return how many calls the locked endpoint may be given now."""
    in_flight = endpoint.messages.in_flight(now).count()
    if endpoint.failures >= BREAKS_AFTER:
        return 0 if in_flight else 1
    return (1 if endpoint.failures >= DOUBTFUL_AFTER else AT_ONCE) - in_flight


def _lease(endpoint, share, now):
    """Take at most `share` due messages of the endpoint, the longest due first."""
    due = endpoint.messages.due(now)
    if endpoint.in_order:
        due = due.first_of_subject()
    due = due.select_related("event").select_for_update(skip_locked=True, of=("self",))
    taken = list(due.order_by("next_attempt_at", "pk")[:share])
    lost = [message.pk for message in taken if message.attempts >= WebhookMessage.MAX_ATTEMPTS]
    if lost:  # only a try that recorded nothing, not even its failure, leaves a message due this often
        WebhookMessage.objects.filter(pk__in=lost).update(
            dead_at=now, lease_until=None, last_error="Each try ended with its worker."
        )
    taken = [message for message in taken if message.pk not in lost]
    leased = WebhookMessage.objects.filter(pk__in=[message.pk for message in taken])
    leased.update(attempts=F("attempts") + 1, lease_until=now + LEASE)
    return taken


def _call(endpoint, message, now):
    body = body_of(message.event)
    headers = signed(endpoint, message.webhook_id, body, now=now)
    return Call(message.pk, endpoint.pk, message.attempts + 1, endpoint.url, body, headers)


def signed(endpoint, webhook_id, body, *, now):
    """Return the headers of a message by the Standard Webhooks: a signature for each secret that counts `now`."""
    moment = datetime.fromtimestamp(now.timestamp(), UTC)
    signatures = [Webhook(secret).sign(webhook_id, moment, body.decode()) for secret in endpoint.secrets_at(now)]
    return {
        "Content-Type": "application/json",
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }

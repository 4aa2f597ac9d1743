import json
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from oms.lib import http
from oms.lib.commands import command
from oms.lib.errors import DomainError, Invalid
from oms.outbox.bell import ring
from oms.outbox.publish import publish
from oms.partners.models import WebhookEndpoint, WebhookMessage
from oms.partners.models.webhook_endpoint import new_secret
from oms.subscribers import PUBLIC_EVENTS

MOST_ENDPOINTS = 20  # of one partner
OVERLAP = timedelta(hours=24)  # how long the secret that was rotated still signs
OFF = "Not sent: the endpoint was switched off."


class EndpointExists(DomainError):
    """The partner has an endpoint with this address."""


@command
def add_endpoint(partner, *, url, events, in_order=False):
    """Tell `partner` of `events` (names, or "*") at `url` from now on; returns the endpoint with its secret.

    With `in_order` an event waits until the one before it of the same subject is taken. Raises Invalid for an
    address that may not be called or an unknown event, EndpointExists for a second endpoint at the same address.
    """
    try:
        http.check_url(url)
    except http.HttpError as error:
        raise Invalid(str(error), field="url") from None
    fields = {"events": known_events(events), "in_order": in_order}
    if partner.endpoints.count() >= MOST_ENDPOINTS:
        raise Invalid(f"At most {MOST_ENDPOINTS} endpoints.", field="url")
    endpoint, created = WebhookEndpoint.objects.get_or_create(partner=partner, url=url, defaults=fields)
    if not created:
        raise EndpointExists("There is an endpoint with this address: change or delete it.", field="url")
    return endpoint


def known_events(names):
    """Return event `names` sorted and each once; raises Invalid for none or an unknown one."""
    unknown = sorted(set(names) - {"*", *PUBLIC_EVENTS})
    if unknown or not names:
        raise Invalid(f"Unknown event {', '.join(unknown) or '(none)'}.", field="events")
    return sorted(set(names))


@command
def change_endpoint(pk, *, events=None, in_order=None):
    """Have the endpoint told of other `events`, or in order or not, from now on; None leaves as it is."""
    endpoint = WebhookEndpoint.objects.select_for_update().get(pk=pk)
    if events is not None:
        endpoint.events = known_events(events)
    if in_order is not None:
        endpoint.in_order = in_order
    endpoint.save(update_fields=["events", "in_order"])
    return endpoint


@command
def rotate_secret(pk, *, actor=""):
    """Sign with a new secret and return the endpoint; for 24 hours messages are signed with the old one, too."""
    endpoint = WebhookEndpoint.objects.select_for_update().get(pk=pk)
    endpoint.previous_secret, endpoint.secret = endpoint.secret, new_secret()
    endpoint.previous_until = timezone.now() + OVERLAP
    endpoint.save(update_fields=["secret", "previous_secret", "previous_until"])
    publish("webhook.secret_rotated", endpoint.subject, actor=actor)
    return endpoint


@command
def switch_off(pk, *, reason, actor=""):
    """Send nothing to the endpoint any more, and publish `webhook.switched_off`; False when it was off.

    What waits is given up, what happens meanwhile is kept as missed: both can be replayed.
    """
    endpoint = WebhookEndpoint.objects.select_for_update().get(pk=pk)
    if not endpoint.is_active:
        return False
    now = timezone.now()
    endpoint.is_active, endpoint.off_at, endpoint.off_reason = False, now, reason[:300]
    endpoint.save(update_fields=["is_active", "off_at", "off_reason"])
    endpoint.messages.pending().update(dead_at=now, lease_until=None, last_error=OFF)
    publish("webhook.switched_off", endpoint.subject, actor=actor, endpoint=endpoint.pk)
    return True


@command
def switch_on(pk, *, replay_missed=False, actor=""):
    """Send to the endpoint again, on request what it missed, too; returns how many messages those are."""
    endpoint = WebhookEndpoint.objects.select_for_update().get(pk=pk)
    endpoint.is_active, endpoint.off_at, endpoint.off_reason = True, None, ""
    endpoint.failures, endpoint.failing_since, endpoint.put_off_until = 0, None, None
    endpoint.save(update_fields=["is_active", "off_at", "off_reason", "failures", "failing_since", "put_off_until"])
    publish("webhook.switched_on", endpoint.subject, actor=actor)
    return send_again(endpoint.messages.dead()) if replay_missed else 0


@command
def remove_endpoint(pk):
    """Forget an endpoint and its messages; of one that is gone nothing happens.

    It is locked first: whoever queues a message for it meanwhile waits, and learns that it is gone.
    """
    for endpoint in WebhookEndpoint.objects.select_for_update().filter(pk=pk).order_by("pk"):
        endpoint.delete()


def send_again(messages):
    """Have `messages` (a queryset of ended ones) sent as if for the first time; returns how many."""
    afresh = {"attempts": 0, "done_at": None, "dead_at": None, "lease_until": None, "last_error": ""}
    sent = messages.update(**afresh, next_attempt_at=timezone.now())
    ring_after_commit()
    return sent


def ring_after_commit():
    """Have a Celery worker look at once; one without a broker looks anyway."""
    if settings.REDIS_URL:
        transaction.on_commit(ring, robust=True)


@command
def queue_webhooks(event):
    """Queue `event` for each endpoint of its partner that wants it; one whose `data` names no partner for none.

    For an endpoint that is off the message is kept as missed.
    """
    partner = event.data.get("partner")
    if partner is None:
        return
    messages = [
        message_to(endpoint, event) for endpoint in WebhookEndpoint.objects.hearing(event.name, partner=partner)
    ]
    WebhookMessage.objects.bulk_create(messages)
    ring_after_commit()


def message_to(endpoint, event):
    """Return the unsaved WebhookMessage that tells `endpoint` of `event`."""
    missed = {} if endpoint.is_active else {"dead_at": timezone.now(), "last_error": OFF}
    return WebhookMessage(
        endpoint=endpoint, event=event, name=event.name, subject=event.subject, sequence=event.sequence, **missed
    )


def body_of(event):
    """Return what a partner is told of `event` as JSON bytes."""
    return json.dumps(told_of(event), separators=(",", ":")).encode()


def told_of(event):
    """Return what a partner is told of `event`: ids, numbers and codes; the rest is read by API.

    `sequence` counts the events of the subject, so that a receiver can put them in order.
    """
    data = {name: value for name, value in event.data.items() if name not in ("partner", "edi")}
    return {
        "type": event.name,
        "timestamp": event.at.isoformat(),
        "data": {"subject": event.subject, "sequence": event.sequence, **data},
    }

import json
from datetime import UTC, datetime

from standardwebhooks import Webhook

from oms.lib import http
from oms.lib.commands import command
from oms.lib.errors import DomainError, Invalid
from oms.outbox.models import Event
from oms.outbox.publish import publish_all
from oms.partners.models import WebhookEndpoint
from oms.subscribers import PUBLIC_EVENTS

MOST_ENDPOINTS = 20  # of one partner


class WebhookRefused(Exception):
    """The partner's server did not take the message; `retry` says whether to try again."""

    def __init__(self, message, *, retry):
        super().__init__(message)
        self.retry = retry


class EndpointExists(DomainError):
    """The partner has an endpoint with this address."""


@command
def add_endpoint(partner, *, url, events):
    """Tell `partner` of `events` (names, or "*") at `url` from now on; returns the endpoint with its secret.

    Raises Invalid for an address that may not be called or an unknown event, EndpointExists for a second
    endpoint at the same address.
    """
    try:
        http.check_url(url)
    except http.HttpError as error:
        raise Invalid(str(error), field="url") from None
    unknown = sorted(set(events) - {"*", *PUBLIC_EVENTS})
    if unknown or not events:
        raise Invalid(f"Unknown event {', '.join(unknown) or '(none)'}.", field="events")
    if partner.endpoints.count() >= MOST_ENDPOINTS:
        raise Invalid(f"At most {MOST_ENDPOINTS} endpoints.", field="url")
    fields = {"events": sorted(set(events))}
    endpoint, created = WebhookEndpoint.objects.get_or_create(partner=partner, url=url, defaults=fields)
    if not created:
        raise EndpointExists("There is an endpoint with this address: change or delete it.", field="url")
    return endpoint


def message_of(event):
    """Return what a partner is told of `event`, as JSON bytes: ids, numbers and codes; the rest is read by API."""
    body = {
        "type": event.name,
        "timestamp": event.at.isoformat(),
        "data": {"subject": event.subject, **{name: value for name, value in event.data.items() if name != "partner"}},
    }
    return json.dumps(body, separators=(",", ":")).encode()


def send_webhook(endpoint, event):
    """Send `event`, signed by the Standard Webhooks, to `endpoint`; one that is switched off is passed over.

    The webhook-id is the same however often it is tried. An answer of 410 Gone switches the endpoint off.
    Raises WebhookRefused or HttpError.
    """
    if not endpoint.is_active:
        return
    body, now = message_of(event), datetime.now(UTC)
    identity = f"event-{event.pk}"
    headers = {
        "Content-Type": "application/json",
        "webhook-id": identity,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(endpoint.secret).sign(identity, now, body.decode()),
    }
    answer = http.post(endpoint.url, body, headers=headers)
    if answer.status == 410:
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(is_active=False)
        raise WebhookRefused("410 Gone: the endpoint was switched off.", retry=False)
    if not answer.is_ok:
        raise WebhookRefused(f"HTTP {answer.status}", retry=True)


@command
def queue_webhooks(event):
    """Queue `event` for each endpoint of its partner that wants it; one whose `data` names no partner for none."""
    partner = event.data.get("partner")
    if partner is None:
        return
    endpoints = WebhookEndpoint.objects.hearing(event.name, partner=partner)
    publish_all(
        [
            Event(name="webhook.queued", subject=endpoint.subject, data={"endpoint": endpoint.pk, "event": event.pk})
            for endpoint in endpoints
        ]
    )

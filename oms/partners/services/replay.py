from django.utils import timezone

from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from oms.outbox.publish import publish
from oms.partners.models import WebhookEndpoint, WebhookMessage
from oms.partners.services.webhooks import message_to, ring_after_commit, send_again


@command
def redeliver(message, *, actor=""):
    """Send one message now, under the same id, from its first try on, whatever became of it.

    Raises InvalidTransition when a worker is just sending it, and where the endpoint is off.
    """
    endpoint = _active(message.endpoint_id)
    if not send_again(WebhookMessage.objects.filter(pk=message.pk).not_in_flight(timezone.now())):
        raise InvalidTransition("It is being sent just now: look at its tries in a few seconds.")
    publish("webhook.redelivered", endpoint.subject, actor=actor, event=message.event_id)


@command
def replay(pk, *, since, until, only_missed=True, actor=""):
    """Send now what endpoint `pk` was to be told from `since` (included) to `until`; returns how many messages.

    With `only_missed` only what it did not take: given up, waiting for its next try, or happened while it was
    off. Raises Invalid for a range that ends before it begins.
    """
    if since >= until:
        raise Invalid("The range ends before it begins.", field="until")
    endpoint = _active(pk)
    messages = endpoint.messages.filter(queued_at__gte=since, queued_at__lt=until).not_in_flight(timezone.now())
    sent = send_again(messages.filter(done_at=None) if only_missed else messages)
    publish("webhook.replayed", endpoint.subject, actor=actor, messages=sent)
    return sent


@command
def send_test(pk, *, actor=""):
    """Have endpoint `pk` sent a `webhook.test`, signed like any other; returns its WebhookMessage."""
    endpoint = _active(pk)
    event = publish("webhook.test", endpoint.subject, actor=actor, endpoint=endpoint.pk)
    message = message_to(endpoint, event)
    message.save()
    ring_after_commit()
    return message


def _active(pk):
    endpoint = WebhookEndpoint.objects.select_for_update().get(pk=pk)
    if not endpoint.is_active:
        raise InvalidTransition("The endpoint is switched off: switch it on first.")
    return endpoint

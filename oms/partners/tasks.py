from datetime import timedelta

from django.utils import timezone

from oms.outbox.consumers import sender, subscriber
from oms.outbox.models import Event
from oms.partners.models import IdempotentRequest, WebhookEndpoint
from oms.partners.services.webhooks import queue_webhooks, send_webhook

# Longer than the 24 hours that partners are promised.
IDEMPOTENCY_KEPT = timedelta(hours=48)


@subscriber
def fan_out(event):
    queue_webhooks(event)


@sender
def deliver_webhook(event):
    endpoint = WebhookEndpoint.objects.filter(pk=event.data["endpoint"]).first()
    if endpoint:
        send_webhook(endpoint, Event.objects.get(pk=event.data["event"]))


def purge_idempotent_requests():
    """Forget the answers that nobody may ask for again."""
    IdempotentRequest.objects.filter(created_at__lt=timezone.now() - IDEMPOTENCY_KEPT).delete()

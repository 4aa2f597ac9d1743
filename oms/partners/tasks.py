from datetime import timedelta

from django.utils import timezone

from oms.outbox.consumers import subscriber
from oms.papers.services.queue_message import queue_message
from oms.partners.models import CallError, IdempotentRequest, WebhookEndpoint, WebhookMessage, WebhookTry
from oms.partners.services.webhooks import queue_webhooks

# Longer than the 24 hours that partners are promised.
IDEMPOTENCY_KEPT = timedelta(hours=48)
LOG_KEPT = timedelta(days=30)
MOST_PURGED = 20_000  # messages in one run


@subscriber
def fan_out(event):
    queue_webhooks(event)


@subscriber
def mail_switched_off(event):
    endpoint = WebhookEndpoint.objects.select_related("partner").filter(pk=event.data["endpoint"]).first()
    if endpoint and event.actor == "system":  # who did it himself knows
        to, cause = endpoint.partner.email, f"event:{event.pk}"
        queue_message("webhook_switched_off", endpoint.subject, endpoint.pk, to=to, language="en", cause=cause)


def purge_idempotent_requests():
    """Forget the answers that nobody may ask for again."""
    IdempotentRequest.objects.filter(created_at__lt=timezone.now() - IDEMPOTENCY_KEPT).delete()


def purge_logs():
    """Forget tries, ended messages and refused calls of more than 30 days ago."""
    before = timezone.now() - LOG_KEPT
    WebhookTry.objects.filter(at__lt=before).delete()
    CallError.objects.filter(at__lt=before).delete()
    old = WebhookMessage.objects.ended().filter(queued_at__lt=before).order_by("queued_at")
    old = old.exclude(tries__at__gte=before)  # sent again since
    WebhookMessage.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:MOST_PURGED])).delete()

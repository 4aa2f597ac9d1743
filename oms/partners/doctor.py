from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from oms.lib.doctor import Violation, check
from oms.partners.models import WebhookMessage

# Longer than any call and any poll: what is due for this long has no worker.
OVERDUE = timedelta(minutes=15)


@check(14, "no webhook overdue")
def overdue():
    """Start a worker, or look in its log why it does not get on."""
    before = timezone.now() - OVERDUE
    reached = Q(endpoint__put_off_until=None) | Q(endpoint__put_off_until__lte=before)
    due = WebhookMessage.objects.due(before).first_of_subject().filter(reached, endpoint__failures=0)
    for message in due.select_related("endpoint").iterator():
        late = (timezone.now() - message.next_attempt_at).total_seconds() // 60
        yield _violation(message, f"due for {late:.0f} minutes, {message.attempts} tries")


@check(14, "no webhook waits for an endpoint that is off")
def waits_for_nobody():
    """Switch the endpoint on, or off again: what waits for it is given up then and can be replayed."""
    waiting = WebhookMessage.objects.pending().filter(endpoint__is_active=False)
    for message in waiting.select_related("endpoint").iterator():
        yield _violation(message, "waits, though the endpoint is switched off")


def _violation(message, text):
    return Violation(14, f"webhook message {message.pk}", f"{message} to {message.endpoint}: {text}")

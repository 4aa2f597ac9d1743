from datetime import timedelta

from django.utils import timezone

from oms.lib.doctor import Violation, check
from oms.outbox.models import Delivery

# Longer than any lease and any poll: what is due for this long has no worker.
OVERDUE = timedelta(minutes=15)


@check(14, "no event overdue")
def overdue():
    """Start a worker, or look in its log why it does not get on; the console's dead letters can be retried."""
    for delivery in Delivery.objects.due(timezone.now() - OVERDUE).iterator():
        late = timezone.now() - delivery.next_attempt_at
        yield _violation(delivery, f"due for {late.total_seconds() // 60:.0f} minutes, {delivery.attempts} attempts")


@check(14, "no event applied twice")
def applied_twice():
    """Compare the effects of the event named with its timeline, and undo the surplus one by its own action."""
    for delivery in Delivery.objects.filter(applied__gt=1).iterator():
        yield _violation(delivery, f"applied {delivery.applied} times")


def _violation(delivery, message):
    return Violation(14, f"delivery {delivery.pk}", f"event {delivery.event_id} to {delivery.consumer}: {message}")

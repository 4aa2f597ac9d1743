from django.utils import timezone

from oms.lib.commands import command
from oms.outbox.models import Delivery
from oms.outbox.publish import publish


@command
def retry(delivery, *, actor=""):
    """Have a dead delivery tried again, from its first attempt on; False when it is not dead (any more).

    Later events of its subject have been delivered meanwhile: its consumer sees it late.
    """
    dead = Delivery.objects.dead().filter(pk=delivery.pk)
    now = timezone.now()
    if not dead.update(dead_at=None, attempts=0, next_attempt_at=now, lease_until=None, queued_until=None):
        return False
    publish("delivery.retried", f"delivery:{delivery.pk}", actor=actor, event=delivery.event_id)
    return True

from datetime import timedelta

from django.db import models
from django.utils import timezone

FORGOTTEN = timedelta(days=1)


class HeartbeatQuerySet(models.QuerySet):
    def beat(self, worker):
        """Note that `worker` ("host:pid") is alive, and forget those silent for a day."""
        now = timezone.now()
        self.update_or_create(worker=worker, defaults={"seen_at": now})
        self.filter(seen_at__lt=now - FORGOTTEN).delete()

    def alive(self, now, *, within):
        """The workers seen in the last `within` (a timedelta)."""
        return self.filter(seen_at__gte=now - within)


class Heartbeat(models.Model):
    """When a worker, of either kind, was last seen alive."""

    worker = models.CharField(max_length=100, unique=True)
    seen_at = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self):
        return self.worker

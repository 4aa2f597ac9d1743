from django.db import models
from django.db.models import Q
from django.utils import timezone


class ScheduledRunQuerySet(models.QuerySet):
    def due(self, now):
        """Whose period has begun and that no worker runs."""
        free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
        return self.filter(free, next_run_at__lte=now)

    def claim(self, name, *, now, lease):
        """Take `name` for this period; False when another worker has it or ran it already."""
        return bool(self.due(now).filter(name=name).update(lease_until=now + lease))


class ScheduledRun(models.Model):
    """When a function of the schedule runs next. One row a function makes one run a period."""

    name = models.CharField(max_length=100, unique=True, help_text="dotted name of the function")
    next_run_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True, help_text="a worker runs it until then")
    finished_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=1000, blank=True)

    objects = ScheduledRunQuerySet.as_manager()

    def __str__(self):
        return self.name

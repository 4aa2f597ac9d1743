from django.db import models
from django.db.models import Q
from django.utils import timezone


class EventQuerySet(models.QuerySet):
    def timeline(self, subject):
        """All that happened to `subject` ("order:7"), newest first."""
        return self.filter(subject=subject).order_by("-pk")

    def after(self, at, pk):
        """Those that come after the event `pk` of the moment `at`, in the order of their moments."""
        return self.filter(at__gte=at).exclude(at=at, pk__lte=pk).order_by("at", "pk")


class Event(models.Model):
    """A fact that happened: the outbox, the audit trail and the timeline of everything in one table.

    `sequence` counts the events of an ordered subject; the caller takes it from the locked row of the
    subject. Events without one (stock of a SKU, for example) are delivered in any order.
    """

    name = models.CharField(max_length=50, help_text="past tense: order.placed")
    subject = models.CharField(max_length=50, help_text="whose lock was held: order:7")
    sequence = models.PositiveIntegerField(null=True, blank=True)
    data = models.JSONField(default=dict, blank=True, help_text="ids and codes, never personal data")
    actor = models.CharField(max_length=60, blank=True, help_text="user:3, partner:7 or system")
    at = models.DateTimeField(default=timezone.now)
    partner = models.BigIntegerField(null=True, blank=True, help_text="id of the partner who may read it")

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject", "id"], name="event_timeline"),
            models.Index(fields=["partner", "at", "id"], name="event_of_partner", condition=Q(partner__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "sequence"],
                condition=Q(sequence__isnull=False),
                name="event_sequence_once",
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.subject}"

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from oms.lib.prepared import Param, prepared_update

PENDING = Q(done_at__isnull=True, dead_at__isnull=True)


class DeliveryQuerySet(models.QuerySet):
    def pending(self):
        """Neither done nor dead."""
        return self.filter(PENDING)

    def dead(self):
        """Given up: a person looks at them and tries again from the console."""
        return self.filter(dead_at__isnull=False)

    def due(self, now):
        """What may be run now: its time has come, nobody runs it, and its predecessor is not pending.

        The predecessor is any earlier event of the same subject for the same consumer; a dead one
        does not block.
        """
        before = Delivery.objects.pending().filter(
            consumer=OuterRef("consumer"), subject=OuterRef("subject"), sequence__lt=OuterRef("sequence")
        )
        free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
        return self.pending().filter(free, ~Exists(before), next_attempt_at__lte=now)

    def unqueued(self, now):
        """Not handed to the broker, or so long ago that the message must be lost."""
        return self.filter(Q(queued_until__isnull=True) | Q(queued_until__lte=now))


class DeliveryManager(models.Manager.from_queryset(DeliveryQuerySet)):
    def claim(self, pk, *, now, lease):
        """Take due delivery `pk` until now + `lease` and count the attempt; False when it is not due."""
        return bool(_claim(pk=pk, now=now, lease_until=now + lease))


_claim = prepared_update(
    lambda: (
        Delivery.objects.due(Param("now", Delivery.lease_until.field)).filter(pk=Param("pk")),
        {"attempts": F("attempts") + 1, "lease_until": Param("lease_until", Delivery.lease_until.field)},
    )
)


class Delivery(models.Model):
    """That `consumer` must act on `event`: how often it tried, and when it did or was given up.

    `subject` and `sequence` repeat the event's, so that "may this one be run?" is one index.
    `attempts` is also the fence: who claimed it with an older number may record nothing any more.
    """

    MAX_ATTEMPTS = 8

    event = models.ForeignKey("outbox.Event", models.CASCADE, related_name="deliveries")
    consumer = models.CharField(max_length=100, help_text="dotted name of the function")
    subject = models.CharField(max_length=50)
    sequence = models.PositiveIntegerField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    applied = models.PositiveSmallIntegerField(default=0, help_text="how often it was recorded as done")
    next_attempt_at = models.DateTimeField(default=timezone.now)
    queued_until = models.DateTimeField(null=True, blank=True, help_text="waits in the broker until then")
    lease_until = models.DateTimeField(null=True, blank=True, help_text="a worker has it until then")
    done_at = models.DateTimeField(null=True, blank=True)
    dead_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=1000, blank=True)

    objects = DeliveryManager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["event", "consumer"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(dead_at__isnull=True), name="delivery_done_or_dead"
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at", "id"], condition=PENDING, name="delivery_due"),
            models.Index(fields=["consumer", "subject", "sequence"], condition=PENDING, name="delivery_predecessor"),
            models.Index(fields=["dead_at"], condition=Q(dead_at__isnull=False), name="delivery_dead"),
        ]

    def __str__(self):
        return f"{self.event_id} to {self.consumer}"

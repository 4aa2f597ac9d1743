from django.db import models
from django.db.models import Count, Exists, Min, OuterRef, Prefetch, Q
from django.utils import timezone

from oms.partners.models.webhook_try import WebhookTry

MOST_TRIES = 20  # shown of one message, the newest
PENDING = Q(done_at__isnull=True, dead_at__isnull=True)


class WebhookMessageQuerySet(models.QuerySet):
    def pending(self):
        """Neither taken by the receiver nor given up."""
        return self.filter(PENDING)

    def ended(self):
        """Those that ended: taken, or given up."""
        return self.exclude(PENDING)

    def dead(self):
        """Given up, or missed because the endpoint was off: they can be delivered again."""
        return self.filter(dead_at__isnull=False)

    def due(self, now):
        """Whose time has come and that nobody sends just now."""
        return self.pending().not_in_flight(now).filter(next_attempt_at__lte=now)

    def in_state(self, state):
        """Those in a state of STATES."""
        return self.filter(done_at__isnull=False) if state == "done" else getattr(self, state)()

    def with_tries(self):
        """Each with `newest_tries`, in one statement more."""
        newest = WebhookTry.objects.order_by("-pk")[:MOST_TRIES]
        return self.prefetch_related(Prefetch("tries", newest, to_attr="newest_tries"))

    def backlog(self):
        """Return how many wait and since when: {"waiting", "since" (None when none does)}."""
        return self.pending().aggregate(waiting=Count("pk"), since=Min("queued_at"))

    def in_flight(self, now):
        """Those being sent just now."""
        return self.filter(lease_until__gt=now)

    def not_in_flight(self, now):
        return self.filter(Q(lease_until=None) | Q(lease_until__lte=now))

    def first_of_subject(self):
        """Those before which no other of the same endpoint and subject is pending."""
        before = WebhookMessage.objects.pending().filter(
            endpoint=OuterRef("endpoint"), subject=OuterRef("subject"), pk__lt=OuterRef("pk")
        )
        return self.filter(~Exists(before))


class WebhookMessage(models.Model):
    """That an endpoint is to be told of an event: how often it was tried, and when it was taken or given up.

    `name`, `subject` and `sequence` repeat the event's. `attempts` is also the fence: who sends it under an
    older number records nothing any more. Rows of one subject are made in the order of its events.
    """

    MAX_ATTEMPTS = 8
    STATES = {"pending": "Waiting", "dead": "Given up", "done": "Delivered"}

    # Without an index of its own: each of those below begins with it.
    endpoint = models.ForeignKey("partners.WebhookEndpoint", models.CASCADE, related_name="messages", db_index=False)
    event = models.ForeignKey("outbox.Event", models.CASCADE, related_name="+")
    name = models.CharField(max_length=50)
    subject = models.CharField(max_length=50)
    sequence = models.PositiveIntegerField(null=True, blank=True)
    queued_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True, help_text="it is being sent until then")
    done_at = models.DateTimeField(null=True, blank=True)
    dead_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    objects = WebhookMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="webhook_once"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(dead_at__isnull=True), name="webhook_done_or_dead"
            ),
        ]
        indexes = [
            models.Index(fields=["endpoint", "next_attempt_at", "id"], condition=PENDING, name="webhook_due"),
            models.Index(fields=["endpoint", "subject", "id"], condition=PENDING, name="webhook_before"),
            models.Index(fields=["endpoint"], condition=Q(lease_until__isnull=False), name="webhook_in_flight"),
            models.Index(fields=["endpoint", "queued_at"], name="webhook_by_time"),
            models.Index(fields=["endpoint", "dead_at"], condition=Q(dead_at__isnull=False), name="webhook_dead"),
            models.Index(fields=["endpoint", "-id"], name="webhook_newest"),
            models.Index(fields=["queued_at"], name="webhook_age"),
        ]

    def __str__(self):
        return f"{self.name} {self.subject}"

    @property
    def state(self):
        """A key of STATES."""
        return "done" if self.done_at else "dead" if self.dead_at else "pending"

    @property
    def webhook_id(self):
        """The id that the receiver sees: the same however often the event is sent."""
        return f"event-{self.event_id}"

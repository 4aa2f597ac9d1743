from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from oms.lib.errors import InvalidTransition
from orders.models.channel_document import ChannelOrder
from orders.models.connection import Connection
from orders.models.refund import Refund

WAITS = Q(status="pending")


class ChannelMessageQuerySet(models.QuerySet):
    def pending(self):
        return self.filter(WAITS)

    def refused(self):
        """Those that the platform will not take as they are: a person mends the cause and sends them again."""
        return self.filter(status=ChannelMessage.Status.REFUSED)

    def due(self, now):
        """Whose time has come; those of one order one after the other."""
        before = ChannelMessage.objects.pending().filter(record=OuterRef("record"), pk__lt=OuterRef("pk"))
        return self.pending().filter(~Exists(before), next_attempt_at__lte=now)

    def shipments(self):
        """Of parcels that are gone, told or not."""
        return self.filter(kind=ChannelMessage.Kind.SHIPMENT).exclude(status=ChannelMessage.Status.TAKEN_BACK)

    def told_shipments(self):
        """Shipments of one order that stand at the platform, also those that are still to be taken back there."""
        waiting = self.pending().filter(kind=ChannelMessage.Kind.RETRACTION).values_list("data", flat=True)
        is_made = Q(pk__in=[data["of"] for data in waiting]) & ~Q(external_id="")
        return self.filter(Q(status=ChannelMessage.Status.DONE) | is_made, kind=ChannelMessage.Kind.SHIPMENT)


class ChannelMessage(models.Model):
    """What a platform is to be told of one of its orders, and what came of it; once a `key`.

    `data` holds ids, codes and numbers of pieces. What a cancellation or a change says is looked up when it is sent.
    """

    class Kind(models.TextChoices):
        SHIPMENT = "shipment"
        RETRACTION = "retraction", "has not left"
        CANCELLATION = "cancellation"
        REFUND = "refund"
        CHANGE = "change"

    class Status(models.TextChoices):
        PENDING = "pending", "waits"
        DONE = "done", "told"
        REFUSED = "refused"
        TAKEN_BACK = "taken_back", "taken back"

    NEXT = {
        Status.PENDING: {Status.DONE, Status.REFUSED, Status.TAKEN_BACK},
        Status.DONE: {Status.TAKEN_BACK},
        Status.REFUSED: {Status.PENDING, Status.DONE, Status.TAKEN_BACK},
        Status.TAKEN_BACK: set(),
    }

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="messages", db_index=False)
    record = models.ForeignKey(ChannelOrder, models.CASCADE, related_name="messages", verbose_name="order there")
    kind = models.CharField(max_length=12, choices=Kind)
    key = models.CharField(max_length=60, help_text="what caused it: the same cause is told once")
    data = models.JSONField(default=dict, blank=True)
    refund = models.ForeignKey(Refund, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING, editable=False)
    queued_at = models.DateTimeField(default=timezone.now)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    external_id = models.CharField("their id", max_length=100, blank=True, help_text="of what it made there")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ChannelMessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message to a channel"
        verbose_name_plural = "messages to channels"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["record", "key"], name="channel_message_once"),
            models.CheckConstraint(condition=WAITS | Q(ended_at__isnull=False), name="channel_message_ended"),
            models.CheckConstraint(
                condition=Q(refund__isnull=False) | ~Q(kind="refund"), name="channel_message_names_its_refund"
            ),
        ]
        indexes = [
            models.Index(fields=["connection", "next_attempt_at", "id"], name="channel_message_due", condition=WAITS),
            models.Index(fields=["connection", "-id"], name="channel_message_newest"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} of {self.record}"

    @property
    def mark(self):
        """Return what stands in a text there, so that what it made is known again."""
        return f"[oms {self.pk}]"

    def move_to(self, status, *, error=""):
        """Set what came of it under the order's or the connection's lock; raises InvalidTransition."""
        if status not in self.NEXT[self.status]:
            raise InvalidTransition(f"This message is {self.get_status_display()} already.")
        self.status, self.error = status, error[:300]
        self.ended_at = None if status == self.Status.PENDING else timezone.now()
        self.save(update_fields=["status", "error", "external_id", "ended_at"])

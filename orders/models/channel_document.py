import hashlib

from django.db import models
from django.db.models import Q
from django.utils import timezone

from oms.lib.errors import InvalidTransition
from orders.models.connection import Connection, SkuAlias
from orders.models.order import Order


class ChannelOrder(models.Model):
    """What is known of an order of a connection, placed or not; its lock makes the documents of one order queue.

    `said` is what the channel said last: {"lines": {line's id: pieces}, other field: hash}. What differs from it here
    was changed here, and the channel does not change it back.
    """

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="orders")
    external_id = models.CharField(max_length=100)
    order = models.OneToOneField(Order, models.PROTECT, null=True, blank=True, related_name="channel_order")
    seen_at = models.DateTimeField(null=True, blank=True, help_text="as new as what was applied last is")
    cancelled_at = models.DateTimeField(null=True, blank=True, help_text="when the channel cancelled it")
    said = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "external_id"], name="channel_order_once"),
        ]

    def __str__(self):
        return self.external_id


def why_empty(emptied_at):
    """Say when a text was emptied, and why; "" for one that was not."""
    if emptied_at is None:
        return ""
    return f"its text was emptied on {emptied_at:%Y-%m-%d}, as texts are that are settled and old (RAW_KEPT_DAYS)."


class ChannelDocumentQuerySet(models.QuerySet):
    def lock(self, pk):
        """Return document `pk` locked until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def refused(self):
        """Those that somebody must mend and replay, the oldest first."""
        return self.filter(status=ChannelDocument.Status.REFUSED).order_by("pk")

    def waiting(self):
        """Those that wait for their order, or for the rest of it."""
        return self.filter(status=ChannelDocument.Status.WAITING)

    def unmapped(self):
        return self.filter(status=ChannelDocument.Status.UNMAPPED)

    def replayable(self):
        again = [status for status, after in ChannelDocument.NEXT.items() if "pending" in after]
        return self.unemptied().filter(status__in=again)

    def unemptied(self):
        """Those whose body is there."""
        return self.filter(emptied_at=None, whole__emptied_at=None)


class ChannelDocument(models.Model):
    """A document of a channel as it came, stored before anything else, and what became of it.

    A body that holds several documents is one row each, of which only the first, `whole`, has the body. Long after
    all of them are settled it is emptied, and `emptied_at` says when.
    """

    class Status(models.TextChoices):
        PENDING = "pending", "to be worked"
        DONE = "done"
        IGNORED = "ignored"
        WAITING = "waiting", "waiting for its order"
        UNMAPPED = "unmapped", "waiting for a SKU"
        REFUSED = "refused"

    NEXT = {
        Status.PENDING: {Status.DONE, Status.IGNORED, Status.WAITING, Status.UNMAPPED, Status.REFUSED},
        Status.WAITING: {Status.PENDING, Status.DONE},
        Status.IGNORED: {Status.PENDING},
        Status.UNMAPPED: {Status.PENDING},
        Status.REFUSED: {Status.PENDING},
        Status.DONE: set(),
    }

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="documents", db_index=False)
    delivery_id = models.CharField(max_length=200, help_text="the platform's id of this message, or its hash")
    part = models.PositiveIntegerField(default=0, help_text="which document of the body")
    whole = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="parts")
    topic = models.CharField(max_length=100, blank=True, help_text="as the platform calls it")
    kind = models.CharField(max_length=12, blank=True, help_text="order, cancellation, refund …")
    external_id = models.CharField(max_length=100, blank=True, help_text="the order's id at the channel")
    body = models.BinaryField(blank=True)
    emptied_at = models.DateTimeField("emptied", null=True, blank=True, help_text="when its body was forgotten")
    received_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=8, choices=Status, default=Status.PENDING, editable=False)
    reason = models.CharField(max_length=500, blank=True)
    field = models.CharField(max_length=100, blank=True, help_text="which field to mend")
    waits_for = models.ManyToManyField(SkuAlias, blank=True, related_name="documents")
    order = models.ForeignKey(Order, models.PROTECT, null=True, blank=True, related_name="channel_documents")
    attempts = models.PositiveSmallIntegerField(default=0)
    worked_at = models.DateTimeField(null=True, blank=True)

    objects = ChannelDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document of a channel"
        verbose_name_plural = "documents of channels"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "delivery_id", "part"], name="channel_document_once"),
            models.CheckConstraint(
                condition=Q(status="pending") | Q(worked_at__isnull=False), name="channel_document_worked"
            ),
            models.CheckConstraint(
                condition=Q(emptied_at=None) | Q(status__in=["done", "ignored"]), name="channel_document_emptied_late"
            ),
        ]
        indexes = [
            models.Index(fields=["connection", "external_id"], name="channel_document_by_order"),
            models.Index(fields=["connection", "-id"], name="channel_document_newest"),
            models.Index(
                fields=["status", "id"],
                name="channel_document_open",
                condition=Q(status__in=["pending", "waiting", "unmapped", "refused"]),
            ),
            models.Index(
                fields=["received_at"],
                name="channel_document_to_empty",
                condition=Q(emptied_at=None, whole=None, status__in=["done", "ignored"]),
            ),
        ]

    def __str__(self):
        return f"{self.kind or 'document'} {self.external_id or self.delivery_id}"

    @property
    def subject(self):
        """Return whose documents are worked one after the other: one order of one connection."""
        digest = hashlib.sha256(self.external_id.encode()).hexdigest()[:24]
        return f"channel:{self.connection_id}:{digest}"

    @property
    def why_empty(self):
        """Say when its body was emptied, and why; "" while it is there."""
        return why_empty((self.whole or self).emptied_at)

    @property
    def raw(self):
        """Return the bytes as they came; raises InvalidTransition when they were emptied."""
        if self.why_empty:
            raise InvalidTransition(f"There is nothing left to read: {self.why_empty}")
        return bytes((self.whole or self).body)

    def move_to(self, status, *, reason="", field="", order=None):
        """Set what became of a locked document; raises InvalidTransition when NEXT does not allow it."""
        if status not in self.NEXT[self.status]:
            raise InvalidTransition(f"This document is {self.get_status_display()} already.")
        self.status, self.reason, self.field = status, reason[:500], (field or "")[:100]
        self.order = order or self.order
        self.worked_at = None if status == self.Status.PENDING else timezone.now()
        self.save(update_fields=["status", "reason", "field", "order", "worked_at", "attempts"])

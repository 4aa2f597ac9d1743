from secrets import token_urlsafe

from django.conf import settings
from django.db import models
from django.utils import timezone

from oms.lib.errors import InvalidTransition
from orders.models.channel import Channel


def unguessable_path(upload, name):
    """Return where an uploaded file is kept: its ending tells how it is packed, the rest nothing."""
    ending = next((ending for ending in (".gz", ".xz", ".xlsx") if name.lower().endswith(ending)), ".csv")
    return f"uploads/{token_urlsafe(24)}{ending}"


class OrderUploadQuerySet(models.QuerySet):
    def lock(self, pk):
        """Return upload `pk` locked until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def forgotten(self, before):
        """Those that were checked before a moment and never started."""
        return self.filter(status=OrderUpload.Status.CHECKED, created_at__lt=before)

    def ended(self):
        return self.exclude(status__in=[OrderUpload.Status.CHECKED, OrderUpload.Status.QUEUED])


class OrderUpload(models.Model):
    """A CSV of orders that somebody put into the console: checked at once, imported when he says so.

    `report` holds the figures of the last run, of checking or importing; `refused` the first rows that were
    not taken. The file goes when it is imported or forgotten: it is full of names.
    """

    class Status(models.TextChoices):
        CHECKED = "checked", "waiting for you"
        QUEUED = "queued", "being imported"
        DONE = "done", "imported"
        FAILED = "failed"
        DISCARDED = "discarded"

    NEXT = {
        Status.CHECKED: {Status.QUEUED, Status.DISCARDED},
        Status.QUEUED: {Status.DONE, Status.FAILED},
        Status.DONE: set(),
        Status.FAILED: set(),
        Status.DISCARDED: set(),
    }

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="uploads")
    file = models.FileField(upload_to=unguessable_path, max_length=200, blank=True)
    name = models.CharField(max_length=200, help_text="as the person's computer calls it")
    is_live = models.BooleanField("live", default=False, help_text="placed here, not history")
    status = models.CharField(max_length=9, choices=Status, default=Status.CHECKED, editable=False)
    report = models.JSONField(default=dict, help_text="see orders/imports/report.py")
    refused = models.JSONField(default=list, help_text="[{row, order, field, reason}], the first of them")
    error = models.CharField(max_length=300, blank=True, help_text="why it failed as a whole")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = OrderUploadQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["created_at"], name="order_upload_waiting", condition=models.Q(status="checked"))
        ]

    def __str__(self):
        return self.name

    @property
    def subject(self):
        return f"upload:{self.pk}"

    def move_to(self, status):
        """Set `status` on a locked upload; raises InvalidTransition when NEXT does not allow it."""
        if status not in self.NEXT[self.status]:
            raise InvalidTransition(f"This file is {self.get_status_display()} already.")
        self.status = status
        if status in (self.Status.DONE, self.Status.FAILED):
            self.done_at = timezone.now()
        self.save(update_fields=["status", "done_at", "report", "refused", "error"])

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from inventory.models.location import Location
from oms.lib.errors import InvalidTransition


class TableUploadQuerySet(models.QuerySet):
    def lock(self, pk):
        """Return upload `pk` locked until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def forgotten(self, before):
        """Those that were checked before a moment and never taken."""
        return self.filter(status=TableUpload.Status.CHECKED, created_at__lt=before)


class TableUpload(models.Model):
    """A CSV of SKUs, or of a dated count, put into the console: checked at once, taken when somebody says so.

    `rows` is [[line, outcome, its code, in what or why not]] with the outcome refused, created, changed or
    unchanged: what taking it would do, then what it did. The table itself goes when it is taken.
    """

    class Kind(models.TextChoices):
        SKUS = "skus", "SKUs"
        STOCK = "stock", "counted stock"

    class Status(models.TextChoices):
        CHECKED = "checked", "waiting for you"
        DONE = "done", "taken"

    kind = models.CharField(max_length=5, choices=Kind)
    location = models.ForeignKey(
        Location, models.PROTECT, null=True, related_name="+", help_text="where stock was counted"
    )
    counted_on = models.DateField(null=True, help_text="the stock is what was there when this day began")
    name = models.CharField(max_length=200, help_text="as the person's computer calls it")
    content = models.BinaryField(default=bytes)
    status = models.CharField(max_length=7, choices=Status, default=Status.CHECKED)
    rows = models.JSONField(default=list)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    objects = TableUploadQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="skus") | Q(location__isnull=False, counted_on__isnull=False),
                name="table_upload_of_stock_is_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="table_upload_waiting", condition=Q(status="checked")),
        ]

    def __str__(self):
        return self.name

    def finish(self):
        """Mark a locked upload as taken; raises InvalidTransition when it was before."""
        if self.status != self.Status.CHECKED:
            raise InvalidTransition(f"{self} was taken already.")
        self.status, self.done_at = self.Status.DONE, timezone.now()
        self.save(update_fields=["status", "done_at"])

    def drop_table(self):
        """Forget the table; what became of its rows stays."""
        self.content = b""
        self.save(update_fields=["content"])

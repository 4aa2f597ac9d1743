from collections import Counter

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from inventory.models.location import Bin, Location
from inventory.models.sku import Sku
from inventory.models.stock import BinStock


class PickFaceQuerySet(models.QuerySet):
    def with_held(self):
        """Annotate `held`: pieces that lie in the face now."""
        rows = BinStock.objects.filter(sku=OuterRef("sku"), bin=OuterRef("bin")).order_by()
        rows = rows.values("sku").annotate(n=models.Sum("quantity")).values("n")
        return self.annotate(held=Coalesce(Subquery(rows, output_field=IntegerField()), 0))

    def to_refill(self):
        """Those below their minimum for which nobody is sent yet."""
        sent = RefillTask.objects.open().values("face")
        return self.with_held().filter(held__lt=F("minimum"), bin__is_active=True).exclude(pk__in=sent)


class PickFace(models.Model):
    """That pickers take a SKU from this bin; below `minimum` it is refilled from a bulk bin, up to `maximum`."""

    sku = models.ForeignKey(Sku, models.CASCADE, related_name="pick_faces", verbose_name="SKU")
    bin = models.ForeignKey(Bin, models.PROTECT, related_name="pick_faces")
    minimum = models.PositiveIntegerField(help_text="pieces below which it is refilled")
    maximum = models.PositiveIntegerField(help_text="pieces that fit")

    objects = PickFaceQuerySet.as_manager()

    class Meta:
        ordering = ["bin__location", "bin__sort_key", "sku__code"]
        constraints = [
            models.UniqueConstraint(fields=["sku", "bin"], name="pick_face_once_per_sku"),
            models.CheckConstraint(
                condition=Q(minimum__gt=0, maximum__gt=F("minimum")), name="pick_face_maximum_above_minimum"
            ),
        ]

    def __str__(self):
        return f"{self.sku} in {self.bin}"

    def clean(self):
        """Only goods have a face, and only on a shelf; more must fit than what it is refilled at."""
        if self.sku_id and not self.sku.is_stocked:
            raise ValidationError({"sku": f"{self.sku} lies on no shelf: it is a {self.sku.get_kind_display()} SKU."})
        if self.bin_id and self.bin.kind != Bin.Kind.SHELF:
            raise ValidationError({"bin": f"Pick faces are shelves; {self.bin} is {self.bin.get_kind_display()}."})
        if self.minimum is not None and self.maximum is not None and not 0 < self.minimum < self.maximum:
            raise ValidationError({"maximum": "More pieces must fit than the minimum, which is at least 1."})


class RefillTaskQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status=RefillTask.Status.OPEN)

    def lock(self, pk):
        """Return task `pk`, locked until the transaction ends; before any lock of stock."""
        return self.select_for_update(of=("self",)).select_related("face__sku", "face__bin", "source").get(pk=pk)

    def leaving(self, sku_ids):
        """Return Counter {(sku id, bin id): pieces} that open tasks are to carry out of bulk bins."""
        rows = self.open().filter(face__sku__in=sku_ids).order_by().values_list("face__sku_id", "source_id")
        return Counter({(sku_id, bin_id): pieces for sku_id, bin_id, pieces in rows.annotate(n=Sum("quantity"))})


class RefillTask(models.Model):
    """That somebody carries pieces from a bulk bin to a pick face; one at a time for each face."""

    class Status(models.TextChoices):
        OPEN = "open"
        DONE = "done"
        CANCELLED = "cancelled"

    location = models.ForeignKey(Location, models.PROTECT, related_name="refills", db_index=False)
    face = models.ForeignKey(PickFace, models.CASCADE, related_name="tasks")
    source = models.ForeignKey(Bin, models.PROTECT, related_name="+", help_text="bulk bin to take them from")
    quantity = models.PositiveIntegerField(help_text="pieces to carry")
    moved = models.PositiveIntegerField(default=0, help_text="pieces carried")
    status = models.CharField(max_length=9, choices=Status, default=Status.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=40, blank=True)

    objects = RefillTaskQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["face"], condition=Q(status="open"), name="refill_task_one_open_per_face"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="refill_task_not_empty"),
            models.CheckConstraint(condition=Q(moved__lte=F("quantity")), name="refill_task_no_more_than_asked"),
        ]
        indexes = [models.Index(fields=["location", "id"], name="refill_task_open", condition=Q(status="open"))]

    def __str__(self):
        return f"{self.quantity} × {self.face.sku} from {self.source} to {self.face.bin}"

    @property
    def is_open(self):
        return self.status == self.Status.OPEN

    def end(self, status, *, moved, actor):
        """Close a locked task."""
        self.status, self.moved, self.done_at, self.done_by = status, moved, timezone.now(), actor
        self.save(update_fields=["status", "moved", "done_at", "done_by"])

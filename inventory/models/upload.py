from django.db import models
from django.db.models import Q

from inventory.models.location import Location
from oms.lib.checked_upload import CheckedUpload


class TableUpload(CheckedUpload):
    """A CSV of SKUs, of a dated count, or of bins on a floor plan, put into the console."""

    class Kind(models.TextChoices):
        SKUS = "skus", "SKUs"
        STOCK = "stock", "counted stock"
        PLAN = "plan", "floor plan"

    kind = models.CharField(max_length=5, choices=Kind)
    location = models.ForeignKey(
        Location,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="where stock was counted, or whose floor plan it is",
    )
    counted_on = models.DateField(null=True, help_text="the stock is what was there when this day began")

    class Meta(CheckedUpload.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="skus")
                | Q(kind="plan", location__isnull=False)
                | Q(location__isnull=False, counted_on__isnull=False),
                name="table_upload_of_stock_is_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="table_upload_waiting", condition=Q(status="checked")),
        ]

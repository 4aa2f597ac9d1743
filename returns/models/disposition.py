from django.db import models
from django.db.models import Q
from django.utils import timezone

from returns.models.rma import ReturnLine


class Disposition(models.Model):
    """What became of pieces that came back. Never changed: a later decision is a later row.

    `source` is the outcome the pieces had before ("" when they had none).
    """

    class Outcome(models.TextChoices):
        RESTOCK = "restock", "Back to stock"
        QUARANTINE = "quarantine"
        SCRAP = "scrap"

    class Grade(models.IntegerChoices):
        NEW = 1, "1 as new"
        OPENED = 2, "2 opened"
        USED = 3, "3 used"
        BROKEN = 4, "4 broken"

    line = models.ForeignKey(ReturnLine, models.PROTECT, related_name="dispositions")
    quantity = models.PositiveIntegerField(help_text="pieces")
    outcome = models.CharField(max_length=10, choices=Outcome)
    source = models.CharField(max_length=10, blank=True)
    grade = models.PositiveSmallIntegerField(choices=Grade, null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    actor = models.CharField(max_length=40, default="system")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="disposition_not_empty")]

    def __str__(self):
        return f"{self.quantity} × {self.line.line.sku_code}: {self.outcome}"

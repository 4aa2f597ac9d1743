from django.db import models
from django.db.models import Q
from django.utils import timezone

from inventory.models import Bin, Location


class PutBackQuerySet(models.QuerySet):
    def open(self):
        return self.filter(done_at=None)


class PutBack(models.Model):
    """Pieces that were picked for nothing and lie in STAGE: somebody carries them back to a bin."""

    location = models.ForeignKey(Location, models.PROTECT, related_name="put_backs", db_index=False)
    fulfilment_line = models.ForeignKey("fulfilment.FulfilmentLine", models.PROTECT, related_name="put_backs")
    sku = models.ForeignKey("inventory.Sku", models.PROTECT, related_name="+")
    bin = models.ForeignKey(Bin, models.PROTECT, related_name="+", help_text="where they came from")
    quantity = models.PositiveIntegerField(help_text="pieces")
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=40, blank=True)

    objects = PutBackQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="put_back_not_empty")]
        indexes = [models.Index(fields=["location", "id"], name="put_back_open", condition=Q(done_at=None))]

    def __str__(self):
        return f"{self.quantity} × {self.sku} to {self.bin}"

    def done(self, bin_, actor):
        """Record that the pieces lie in `bin_` again; the stock is the caller's."""
        self.bin, self.done_at, self.done_by = bin_, timezone.now(), actor
        self.save(update_fields=["bin", "done_at", "done_by"])

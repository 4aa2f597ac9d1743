from django.db import models
from django.utils import timezone

from inventory.models import Bin, Location


class RefusedScanQuerySet(models.QuerySet):
    def found_packing(self):
        """Pieces in a tote that do not belong there: picked wrong, and noticed by the packer."""
        return self.filter(kind=RefusedScan.Kind.PACKED)


class RefusedScan(models.Model):
    """Something that was scanned where it does not belong, and was refused; rows are only ever added."""

    class Kind(models.TextChoices):
        BIN = "bin", "another bin"
        ITEM = "item", "another item"
        TOTE = "tote", "another tote"
        PACKED = "packed", "wrong in the tote"

    location = models.ForeignKey(Location, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=6, choices=Kind)
    fulfilment_order = models.ForeignKey("fulfilment.FulfilmentOrder", models.CASCADE, related_name="+")
    sku = models.ForeignKey("inventory.Sku", models.PROTECT, related_name="+", help_text="asked for; packing: found")
    bin = models.ForeignKey(Bin, models.PROTECT, null=True, blank=True, related_name="+", help_text="of the pick")
    code = models.CharField("scanned", max_length=48)
    scanned_by = models.CharField(max_length=40)
    picked_by = models.CharField(max_length=40, blank=True, help_text="who picked it, when the packer found it")
    at = models.DateTimeField(default=timezone.now)

    objects = RefusedScanQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["location", "at"], name="refused_scan_by_day")]

    def __str__(self):
        return f"{self.code} for {self.sku}"

    @property
    def by(self):
        """Whose mistake it was, as services call people; empty when nobody can tell."""
        return self.picked_by if self.kind == self.Kind.PACKED else self.scanned_by

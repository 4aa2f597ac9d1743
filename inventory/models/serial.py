from django.db import models
from django.db.models import Q
from django.utils import timezone

from inventory.models.ledger import StockEntry
from inventory.models.location import Bin, Location
from inventory.models.sku import Sku


class Serial(models.Model):
    """One piece with a number of its own. Written only by `inventory.services.serials`.

    `is_assumed`: nobody scanned it when it last moved; the oldest in the bin was taken to be the one.
    """

    class State(models.TextChoices):
        IN_STOCK = "in_stock", "in stock"
        IN_TRANSIT = "in_transit", "between two locations"
        SHIPPED = "shipped"
        RETURNED = "returned", "sent back to the supplier"
        SCRAPPED = "scrapped"

    sku = models.ForeignKey(Sku, models.PROTECT, related_name="serials")
    code = models.CharField(max_length=40, help_text="upper case; GS1 AI 21")
    state = models.CharField(max_length=10, choices=State, default=State.IN_STOCK, editable=False)
    location = models.ForeignKey(Location, models.PROTECT, related_name="+", null=True, blank=True)
    bin = models.ForeignKey(Bin, models.PROTECT, related_name="serials", null=True, blank=True)
    subject = models.CharField(max_length=40, blank=True, help_text="for what it last moved: order:5, transfer:2 …")
    is_assumed = models.BooleanField(default=False)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["sku", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sku", "code"], name="serial_code_once_per_sku"),
            models.CheckConstraint(
                condition=Q(state="in_stock", bin__isnull=False, location__isnull=False)
                | (~Q(state="in_stock") & Q(bin__isnull=True, location__isnull=True)),
                name="serial_in_stock_lies_in_a_bin",
            ),
        ]
        indexes = [models.Index(fields=["code"], name="serial_by_code")]

    def __str__(self):
        return self.code

    @property
    def whereabouts(self):
        """Where it is, after "it": "lies in A-1", "is shipped"."""
        return f"lies in {self.bin}" if self.bin_id else f"is {self.get_state_display().lower()}"


class SerialEntry(models.Model):
    """That a ledger entry was about this serial too: its way from the supplier to the customer."""

    serial = models.ForeignKey(Serial, models.PROTECT, related_name="entries")
    entry = models.ForeignKey(StockEntry, models.PROTECT, related_name="serials")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["serial", "entry"], name="serial_once_per_entry")]

    def __str__(self):
        return f"{self.serial}: {self.entry}"

from django.db import models
from django.db.models import Q
from django.utils import timezone

from inventory.models.location import Bin, Location
from inventory.models.lot import Lot
from inventory.models.purchase import PurchaseOrder
from inventory.models.sku import Sku
from inventory.models.supplier import Supplier
from oms.lib.money import MoneyField

FIRST_NUMBER = 10_000


class SupplierReturn(models.Model):
    """Goods that went back to their supplier, and why. Written once, when they leave the book."""

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="returns")
    location = models.ForeignKey(Location, models.PROTECT, related_name="+")
    order = models.ForeignKey(PurchaseOrder, models.PROTECT, null=True, blank=True, related_name="returns")
    reason = models.CharField(max_length=200)
    key = models.CharField(  # noqa: DJ001 (NULL, for a unique key that most rows lack)
        max_length=80, null=True, editable=False, help_text="idempotency key"
    )
    actor = models.CharField(max_length=40, default="system")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="supplier_return_once_per_key"),
            models.CheckConstraint(condition=~Q(reason=""), name="supplier_return_has_reason"),
        ]

    def __str__(self):
        return self.number

    @property
    def number(self) -> str:
        """What people call it, and what stands on its slip."""
        return f"SR{FIRST_NUMBER + self.pk}" if self.pk else "new"

    @property
    def subject(self):
        return f"supplier-return:{self.pk}"


class SupplierReturnLine(models.Model):
    """So many pieces of a SKU out of a bin that went back; one ledger entry, keyed `entry_key`."""

    supplier_return = models.ForeignKey(SupplierReturn, models.PROTECT, related_name="lines")
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="+")
    bin = models.ForeignKey(Bin, models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, blank=True, related_name="+")
    supplier_code = models.CharField(max_length=40, blank=True)
    quantity = models.PositiveIntegerField(help_text="pieces")
    cost = MoneyField(help_text="of one piece, what we ask back, in our currency")

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="supplier_return_line_not_empty")]

    def __str__(self):
        return f"{self.quantity} × {self.sku}"

    @property
    def entry_key(self):
        """The key of its ledger entry."""
        return f"supplier-return-line:{self.pk}"

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from inventory.models.location import Location
from inventory.models.purchase import PurchaseLine, PurchaseOrder
from inventory.models.sku import Sku
from inventory.models.supplier import Supplier
from oms.lib.money import MoneyField


class Receipt(models.Model):
    """A delivery that came to a dock, against a purchase order or blind: one truck, one delivery note."""

    order = models.ForeignKey(PurchaseOrder, models.PROTECT, null=True, blank=True, related_name="receipts")
    supplier = models.ForeignKey(Supplier, models.PROTECT, null=True, blank=True, related_name="receipts")
    location = models.ForeignKey(Location, models.PROTECT, related_name="receipts")
    delivery_note = models.CharField(max_length=60, blank=True, help_text="the number on the supplier's paper")
    freight = MoneyField(default=Decimal(0), help_text="what carrying it here cost, in our currency")
    duty = MoneyField(default=Decimal(0), help_text="customs, in our currency")
    costed_at = models.DateTimeField(null=True, blank=True, help_text="when freight and duty went into unit costs")
    received_by = models.CharField(max_length=40, default="system")
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(freight__gte=0, duty__gte=0), name="receipt_costs_not_negative"),
        ]
        indexes = [
            models.Index(fields=["location", "-id"], name="receipt_by_location"),
            models.Index(fields=["delivery_note"], name="receipt_by_note", condition=~Q(delivery_note="")),
        ]

    def __str__(self):
        return f"Receipt {self.pk}"

    @property
    def subject(self):
        """What its ledger entries are about: the purchase order, or the receipt itself when it is blind."""
        return f"purchase:{self.order_id}" if self.order_id else f"receipt:{self.pk}"


class ReceiptLine(models.Model):
    """So many good and damaged pieces of a SKU that one count at the dock found. Never changed.

    Each of its two numbers has one ledger entry, keyed `good_key` and `damaged_key`.
    """

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="lines")
    purchase_line = models.ForeignKey(PurchaseLine, models.PROTECT, null=True, blank=True, related_name="receipt_lines")
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="receipt_lines")
    good = models.PositiveIntegerField(default=0, help_text="pieces")
    damaged = models.PositiveIntegerField(default=0, help_text="pieces, put in quarantine")
    over = models.PositiveIntegerField(default=0, help_text="of these, pieces nobody ordered")
    cost = MoneyField(default=Decimal(0), help_text="of one piece in our currency, without freight and duty")
    landed_cost = MoneyField(null=True, blank=True, help_text="of one piece in our currency, with freight and duty")
    key = models.CharField(  # noqa: DJ001 (NULL, for a unique key that most rows lack)
        max_length=80, null=True, help_text="idempotency key of the scanner"
    )
    actor = models.CharField(max_length=40, default="system")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="receipt_line_once_per_key"),
            models.CheckConstraint(condition=Q(good__gt=0) | Q(damaged__gt=0), name="receipt_line_not_empty"),
            models.CheckConstraint(condition=Q(over__lte=F("good") + F("damaged")), name="receipt_line_over_bounded"),
        ]

    def __str__(self):
        return f"{self.pieces} × {self.sku} of {self.receipt}"

    @property
    def pieces(self):
        """Pieces that came, good or damaged."""
        return self.good + self.damaged

    @property
    def good_key(self):
        """The key of the ledger entry of its good pieces."""
        return f"receipt-line:{self.pk}:good"

    @property
    def damaged_key(self):
        """The key of the ledger entry of its damaged pieces."""
        return f"receipt-line:{self.pk}:damaged"

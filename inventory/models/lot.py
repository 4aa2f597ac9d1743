from django.db import models
from django.db.models import Q
from django.utils import timezone

from inventory.models.sku import Sku


class LotQuerySet(models.QuerySet):
    def withheld(self, today):
        """Lots of which nothing may be picked on the day `today`: expired or blocked."""
        return self.filter(Q(expires_on__lt=today) | Q(blocked_at__isnull=False))

    def in_stock(self):
        """Lots of which a piece lies in some bin."""
        return self.filter(held__quantity__gt=0).distinct()

    def expiring(self, by):
        """Lots that are expired on the day after `by`, or were before."""
        return self.filter(expires_on__lte=by)


class Lot(models.Model):
    """Pieces of a SKU that were made together: one expiry, one recall.

    It may be sold on its last day. A blocked lot (a recall) is not picked until it is unblocked.
    """

    sku = models.ForeignKey(Sku, models.PROTECT, related_name="lots", verbose_name="SKU")
    code = models.CharField(max_length=40, help_text="batch or lot number, upper case; GS1 AI 10")
    expires_on = models.DateField(null=True, blank=True, help_text="the last day on which it may be sold")
    received_at = models.DateTimeField(default=timezone.now)
    supplier = models.ForeignKey(
        "inventory.Supplier", models.PROTECT, null=True, blank=True, related_name="lots", help_text="who sent it first"
    )
    reference = models.CharField(max_length=60, blank=True, help_text="the delivery note it came with")
    blocked_at = models.DateTimeField(null=True, blank=True)
    block_reason = models.CharField(max_length=200, blank=True)

    objects = LotQuerySet.as_manager()

    class Meta:
        ordering = ["expires_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sku", "code"], name="lot_code_once_per_sku"),
            models.CheckConstraint(
                condition=Q(blocked_at__isnull=True) | ~Q(block_reason=""), name="lot_block_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["expires_on"], name="lot_by_expiry", condition=Q(expires_on__isnull=False)),
            models.Index(fields=["code"], name="lot_by_code"),
        ]
        permissions = [("block_lot", "Can block lots and let them go again")]

    def __str__(self):
        return self.code

    def is_expired(self, today):
        return self.expires_on is not None and self.expires_on < today

    def is_withheld(self, today):
        return self.blocked_at is not None or self.is_expired(today)

    def why_withheld(self, today):
        """Say why nothing of it may leave on the day `today`; "" when it may."""
        if self.blocked_at:
            return f"Lot {self} of {self.sku} is blocked: {self.block_reason}"
        if self.is_expired(today):
            return f"Lot {self} of {self.sku} expired on {self.expires_on:%d.%m.%Y}"
        return ""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from inventory.models import Location
from oms.lib.money import MoneyField
from orders.models import Channel


class ReturnPolicy(models.Model):
    """How a channel takes goods back: until when, where to, and what it keeps for it."""

    channel = models.OneToOneField(Channel, models.CASCADE, related_name="return_policy")
    window_days = models.PositiveIntegerField(default=30, help_text="after delivery, or shipping where that is unknown")
    fee = MoneyField(default=Decimal(0), help_text="kept from the refund, once a return, with tax")
    is_free_when_faulty = models.BooleanField(default=True, help_text="no fee for what is damaged, wrong or late")
    is_approved_at_once = models.BooleanField(default=False, help_text="no person needs to approve")
    refunds_shipping = models.BooleanField(default=False, help_text="when the whole order comes back")
    expires_after_days = models.PositiveIntegerField(default=30, help_text="approved, but nothing came")
    location = models.ForeignKey(
        Location, models.PROTECT, null=True, blank=True, help_text="where goods go; empty: where they came from"
    )

    class Meta:
        verbose_name_plural = "return policies"
        ordering = ["channel"]
        constraints = [models.CheckConstraint(condition=Q(fee__gte=0), name="return_fee_not_negative")]

    def __str__(self):
        return f"returns of {self.channel}"

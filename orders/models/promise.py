from django.db import models
from django.utils import timezone

from orders.models.order import Order


class PromiseEvent(models.Model):
    """That the date promised to the customer moved, and why."""

    class Cause(models.TextChoices):
        PLACED = "placed", "first promise"
        BACKORDER = "backorder", "pieces are missing"
        GATHERED = "gathered", "it comes in one parcel"
        RESTOCKED = "restocked", "missing pieces arrived"
        CHANGED = "changed", "the order was changed"
        SHIPPED = "shipped", "shipped"
        RESOURCED = "resourced", "sourced anew with other orders"
        ORDERED = "ordered", "missing pieces were ordered"
        SOONER = "sooner", "supply comes earlier"
        SUPPLY = "supply", "supply is late or short"

    order = models.ForeignKey(Order, models.CASCADE, related_name="promises")
    old = models.DateTimeField(null=True)
    new = models.DateTimeField(null=True)
    cause = models.CharField(max_length=9, choices=Cause)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.order} promised for {self.new}"

    @property
    def is_later(self):
        """Whether the customer waits longer than he was told before: a later day, or none that we can name."""
        return self.new is None or (self.old is not None and self.new > self.old)

from django.db import models
from django.utils import timezone

from orders.models.order import Order


class SourcingDecision(models.Model):
    """Why pieces of an order come from where they come from: the plans compared, at most 4 KB."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="decisions")
    plans = models.JSONField(
        help_text="{plans: the ten best, each with its terms; excluded: {location: reason}; counts}"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"sourcing of {self.order}"

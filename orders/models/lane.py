from django.db import models
from django.db.models import Q

from inventory.models import Location
from oms.lib.money import MoneyField
from orders.models.order import Order


class Lane(models.Model):
    """What it costs and how long it takes to send a parcel from a location to a zone by a method."""

    location = models.ForeignKey(Location, models.CASCADE, related_name="lanes")
    zone = models.CharField(max_length=10, help_text="a country (DE), a region (US-CA), or * for anywhere")
    method = models.CharField(max_length=20, choices=Order.Method, default=Order.Method.STANDARD)
    base = MoneyField(default=0, help_text="per parcel, in the sellers' home currency")
    per_kg = MoneyField(default=0)
    transit_days = models.PositiveSmallIntegerField(default=2, help_text="working days")

    class Meta:
        ordering = ["location", "method", "zone"]
        constraints = [
            models.UniqueConstraint(fields=["location", "zone", "method"], name="lane_once"),
            models.CheckConstraint(condition=Q(base__gte=0, per_kg__gte=0), name="lane_cost_not_negative"),
        ]

    def __str__(self):
        return f"{self.location} to {self.zone} by {self.method}"

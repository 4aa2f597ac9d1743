from django.db import models
from django.db.models import F, Q

from inventory.models.location import Location
from oms.lib.money import MoneyField


class TransferRoute(models.Model):
    """What it costs and how long it takes to bring goods from one location of ours to another."""

    source = models.ForeignKey(Location, models.CASCADE, related_name="routes_out", verbose_name="from")
    target = models.ForeignKey(Location, models.CASCADE, related_name="routes_in", verbose_name="to")
    base = MoneyField(default=0, help_text="each time goods of an order go along, in the home currency")
    per_kg = MoneyField(default=0)
    transit_days = models.PositiveSmallIntegerField(default=1, help_text="working days")

    class Meta:
        ordering = ["source", "target"]
        constraints = [
            models.UniqueConstraint(fields=["source", "target"], name="route_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="route_not_to_itself"),
            models.CheckConstraint(condition=Q(base__gte=0, per_kg__gte=0), name="route_cost_not_negative"),
        ]

    def __str__(self):
        return f"{self.source} to {self.target}"

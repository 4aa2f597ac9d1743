from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from oms.lib.money import MoneyField


class SourcingStrategy(models.Model):
    """How orders are sourced: what counts beside money, and which locations serve what. Channels use one."""

    name = models.CharField(max_length=60)
    description = models.CharField(max_length=200, blank=True, help_text="what it is for")
    split_penalty = MoneyField(
        default=1000,
        help_text="what one more parcel counts beside its cost; high: the fewest parcels, then the cheapest",
    )
    late_penalty = MoneyField(
        default=0,
        help_text="what each day counts that a parcel arrives later than promised, or than the quickest could",
    )
    scarcity_penalty = MoneyField(
        default=0, help_text="what each piece counts that leaves a store without any of its SKU"
    )
    gathers = models.BooleanField(
        "gathers parcels",
        default=False,
        help_text="pieces of several locations are brought to one and leave together, where that costs less and "
        "comes in time; needs routes, which stand on the page of the location they begin at",
    )

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "sourcing strategies"
        constraints = [
            models.UniqueConstraint(Upper("name"), name="strategy_name_once"),
            models.CheckConstraint(
                condition=Q(split_penalty__gte=0, late_penalty__gte=0, scarcity_penalty__gte=0),
                name="strategy_penalties_not_negative",
                violation_error_message="Penalties are 0 or more.",
            ),
        ]

    def __str__(self):
        return self.name

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from inventory.models.location import Location
from inventory.models.sku import Sku
from oms.lib.money import MoneyField


class AbcClass(models.TextChoices):
    """How much of the yearly demand's worth a SKU brings: A the first 80 %, B the next 15 %, C the rest."""

    A = "A"
    B = "B"
    C = "C"


class ReorderPolicy(models.Model):
    """How goods are bought again: for one SKU, a class, a location, or all. The narrowest one holds.

    A row for a SKU comes before one for a class, that before one for all; of each, the one that names
    the location first.
    """

    class Method(models.TextChoices):
        AUTO = "auto", "by forecast, each alone"
        POOLED = "pooled", "by forecast, all together"
        MIN_MAX = "min_max", "fixed minimum and maximum"

    sku = models.ForeignKey(
        Sku, models.CASCADE, null=True, blank=True, related_name="policies", verbose_name="SKU", help_text="empty: all"
    )
    location = models.ForeignKey(
        Location, models.CASCADE, null=True, blank=True, related_name="policies", help_text="empty: everywhere"
    )
    abc_class = models.CharField("class", max_length=1, choices=AbcClass, blank=True, help_text="empty: all")
    method = models.CharField(
        max_length=7,
        choices=Method,
        default=Method.AUTO,
        help_text="all together: the service level is their mean, which takes less money in stock",
    )
    minimum = models.PositiveIntegerField(null=True, blank=True, help_text="pieces at which it is bought again")
    maximum = models.PositiveIntegerField(null=True, blank=True, help_text="pieces that it is filled up to")
    service_percent = models.DecimalField(
        "service level",
        max_digits=4,
        decimal_places=1,
        default=95,
        validators=[MinValueValidator(Decimal(50)), MaxValueValidator(Decimal("99.9"))],
        help_text="percent of waits for a delivery that shall pass without a shortage",
    )
    review_days = models.PositiveSmallIntegerField(
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text="days from one look of the buyer to the next",
    )
    order_cost = MoneyField(default=Decimal(5), help_text="what ordering and receiving one line costs us")
    holding_percent = models.PositiveSmallIntegerField(
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
        help_text="of a piece's cost: what keeping it for a year costs us",
    )
    budget = MoneyField(null=True, blank=True, help_text="most that may be bought under it in 30 days, at home")
    pooled_worth = models.FloatField(
        null=True,
        editable=False,
        help_text="all together: the chance of being needed from which a piece that costs 1 is kept",
    )
    pooled_dispersion = models.FloatField(
        null=True, editable=False, help_text="all together: variance over mean of the demand of a usual one"
    )
    is_automatic = models.BooleanField(
        "orders by itself", default=False, help_text="within its budget, and below the supplier's limit"
    )

    class Meta:
        verbose_name_plural = "reorder policies"
        ordering = ["sku__code", "abc_class", "location__code"]
        constraints = [
            models.UniqueConstraint(
                Coalesce(F("sku"), Value(0)), Coalesce(F("location"), Value(0)), "abc_class", name="policy_once"
            ),
            models.CheckConstraint(
                condition=Q(sku__isnull=True) | Q(abc_class=""),
                name="policy_of_sku_or_class",
                violation_error_message="Name a SKU or a class, not both.",
            ),
            models.CheckConstraint(
                condition=~Q(method="min_max")
                | Q(minimum__isnull=False, maximum__isnull=False, maximum__gt=F("minimum")),
                name="policy_maximum_over_minimum",
                violation_error_message="A fixed minimum needs a maximum above it.",
            ),
            models.CheckConstraint(condition=Q(order_cost__gte=0), name="policy_order_cost_not_negative"),
            models.CheckConstraint(
                condition=Q(budget__isnull=True) | Q(budget__gte=0), name="policy_budget_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(service_percent__gte=50, service_percent__lt=100), name="policy_service_bounded"
            ),
        ]

    def __str__(self):
        whose = self.sku or (f"class {self.abc_class}" if self.abc_class else "all goods")
        return f"{whose} at {self.location or 'every location'}"

    @property
    def is_pooled(self):
        return self.method == self.Method.POOLED

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from inventory.models import Location
from orders.models.channel import Channel
from orders.models.order import Order
from orders.models.strategy import SourcingStrategy


class SourcingRule(models.Model):
    """A sentence of a strategy: such locations do, or do not, serve orders of which all of this is true.

    The first of a strategy's rules that fits a location and an order decides; where none does, it serves.
    """

    class Verdict(models.TextChoices):
        NO = "no", "does not serve"
        YES = "yes", "serves"

    strategy = models.ForeignKey(SourcingStrategy, models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField(default=10, help_text="the lowest is asked first")
    location = models.ForeignKey(
        Location, models.PROTECT, null=True, blank=True, related_name="+", help_text="empty: those of the kind, or all"
    )
    kind = models.CharField(max_length=10, choices=Location.Kind, blank=True)
    verdict = models.CharField(max_length=3, choices=Verdict, default=Verdict.NO)
    method = models.CharField(max_length=10, choices=Order.Method, blank=True)
    zone = models.CharField(
        max_length=10,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2}(-[A-Z0-9]{1,6})?\Z", "A country (DE) or a region (US-CA).")],
        help_text="a country (DE) or a region (US-CA)",
    )
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, blank=True, related_name="+")
    is_hazmat = models.BooleanField("hazardous goods", default=False)
    is_too_late = models.BooleanField("after cut-off", default=False, help_text="too late to be begun there today")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(location=None) | Q(kind=""),
                name="rule_of_location_or_kind",
                violation_error_message="Name one location or a kind, not both.",
            ),
            models.CheckConstraint(
                condition=~Q(
                    location=None, kind="", method="", zone="", channel=None, is_hazmat=False, is_too_late=False
                ),
                name="rule_says_something",
                violation_error_message="Say which locations, or which orders.",
            ),
        ]

    def __str__(self):
        places = self.location or self.get_kind_display() or "Any location"
        return f"{places} {self.get_verdict_display()} {self.words}"

    @property
    def words(self):
        """What it is about, for people: "hazardous goods by express to CH"."""
        parts = [
            "hazardous goods" if self.is_hazmat else "orders",
            f"of {self.channel}" if self.channel else "",
            f"by {self.method}" if self.method else "",
            f"to {self.zone}" if self.zone else "",
            "after cut-off" if self.is_too_late else "",
        ]
        return " ".join(part for part in parts if part)

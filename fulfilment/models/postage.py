from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone

from fulfilment.models.carrier import Carrier
from fulfilment.models.parcel import Parcel
from oms.lib.money import MoneyField
from orders.models import Channel


class ShippingRule(models.Model):
    """Which carriers and services the parcels of a channel go with, insured from what value on, duties paid by whom.

    Without one, the cheapest in time, not insured, by the carrier's own terms.
    """

    class Incoterm(models.TextChoices):
        DAP = "DAP", "DAP: the recipient pays duties and taxes"
        DDP = "DDP", "DDP: we pay duties and taxes"

    channel = models.OneToOneField(Channel, models.CASCADE, related_name="shipping_rule")
    preferred = models.ManyToManyField(Carrier, blank=True, related_name="+", help_text="taken first where in time")
    most_extra = MoneyField(
        null=True, blank=True, help_text="so much more than the cheapest a preferred carrier may cost; empty: any"
    )
    insure_above = MoneyField(
        null=True,
        blank=True,
        help_text="parcels whose goods are worth more, in the channel's currency, are insured for that; empty: none",
    )
    incoterm = models.CharField(
        max_length=3,
        choices=Incoterm,
        blank=True,
        help_text="of parcels that are declared at a border; an order on which duty was paid goes DDP; empty: not said",
    )

    class Meta:
        ordering = ["channel"]
        constraints = [
            models.CheckConstraint(
                condition=Q(most_extra__isnull=True) | Q(most_extra__gte=0), name="shipping_rule_extra_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(insure_above__isnull=True) | Q(insure_above__gte=0),
                name="shipping_rule_insured_not_negative",
            ),
        ]

    def __str__(self):
        return f"How parcels of {self.channel} go"


class ExcludedService(models.Model):
    """A service that a channel's parcels never go with unless a person says so."""

    rule = models.ForeignKey(ShippingRule, models.CASCADE, related_name="excluded")
    carrier = models.ForeignKey(Carrier, models.CASCADE, related_name="+")
    service = models.CharField(max_length=40, help_text="its code on the rate card")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["rule", "carrier", "service"], name="excluded_service_once")]

    def __str__(self):
        return f"{self.carrier} {self.service}"


class Postage(models.Model):
    """What a parcel costs to send, and why so: the services that were offered, the best first, and the one taken.

    `options` are at most MOST of {carrier, carrier_name, service, name, amount, arrives, terms: [[name, amount]]}, in
    the order of preference, days as ISO 8601 (None: not said), amounts as text in `currency`.
    """

    MOST = 10

    parcel = models.OneToOneField(Parcel, models.CASCADE, related_name="postage")
    amount = MoneyField()
    currency = models.CharField(max_length=3)
    chosen = models.PositiveSmallIntegerField(default=0, help_text="which of the options is taken; 0: the first")
    options = models.JSONField()
    reason = models.CharField(max_length=200)
    is_late = models.BooleanField(default=False, help_text="no service was offered that keeps the promise")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="postage_not_negative")]

    def __str__(self):
        return f"{self.taken['carrier_name']} {self.taken['name']}, {self.amount} {self.currency}"

    @property
    def taken(self):
        return _dated(self.options[self.chosen])

    @property
    def others(self):
        """The options that are not taken, as (number, option)."""
        return [(number, _dated(option)) for number, option in enumerate(self.options) if number != self.chosen]

    @property
    def runner_up(self):
        """The option that would have been taken next, or None."""
        return _dated(self.options[1]) if len(self.options) > 1 else None

    @property
    def is_by_hand(self):
        return self.chosen > 0


def _dated(option):
    """Return an option with the day on which it arrives as a date."""
    return option | {"arrives": date.fromisoformat(option["arrives"]) if option["arrives"] else None}

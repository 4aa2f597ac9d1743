from django.db import models
from django.db.models import Q

from oms.lib.world import check_currency


class ExchangeRateQuerySet(models.QuerySet):
    def on(self, day, *, currency, home):
        """Return the rate of the last day up to `day` for which there is one, or None."""
        rates = self.filter(currency=currency, home_currency=home, valid_on__lte=day)
        return rates.order_by("-valid_on").values_list("rate", flat=True).first()


class ExchangeRate(models.Model):
    """How much of a seller's home currency one unit of another was, by a day's official fixing."""

    currency = models.CharField(max_length=3, validators=[check_currency], help_text="ISO 4217")
    home_currency = models.CharField(max_length=3, validators=[check_currency], help_text="ISO 4217")
    valid_on = models.DateField()
    rate = models.DecimalField(max_digits=16, decimal_places=8)

    objects = ExchangeRateQuerySet.as_manager()

    class Meta:
        ordering = ["currency", "home_currency", "-valid_on"]
        constraints = [
            models.UniqueConstraint(fields=["currency", "home_currency", "valid_on"], name="exchange_rate_once"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="exchange_rate_is_positive"),
        ]

    def __str__(self):
        return f"{self.rate} {self.home_currency} for 1 {self.currency} on {self.valid_on}"

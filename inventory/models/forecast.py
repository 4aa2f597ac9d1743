from django.db import models
from django.db.models import Q

from inventory.models.location import Location
from inventory.models.policy import AbcClass
from inventory.models.sku import Sku


class Forecast(models.Model):
    """What a location is expected to sell of a SKU, week by week from `week` on, and later what it sold in it.

    One a week: each night of the week writes the same row. A pure reading of the past: nothing hangs on it.
    """

    class Kind(models.TextChoices):
        NEW = "new", "new: too little history"
        SMOOTH = "smooth", "steady"
        SEASONAL = "seasonal"
        INTERMITTENT = "intermittent", "now and then"

    class Method(models.TextChoices):
        ENSEMBLE = "ensemble", "its own history"
        ANALOGUE = "analogue", "the history of its analogue"

    sku = models.ForeignKey(Sku, models.CASCADE, related_name="forecasts", verbose_name="SKU", db_index=False)
    location = models.ForeignKey(Location, models.CASCADE, related_name="+")
    week = models.DateField(help_text="Monday of the first week that it is about")
    made_at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=Kind)
    method = models.CharField(max_length=20, choices=Method, default=Method.ENSEMBLE)
    abc_class = models.CharField("class", max_length=1, choices=AbcClass, default=AbcClass.C)
    service_percent = models.FloatField(null=True, help_text="service level its policy asks for")
    mean = models.JSONField(help_text="pieces in each week to come")
    expected = models.FloatField(default=0, help_text="pieces in its first week")
    variance = models.FloatField(help_text="of a week's pieces, squared")
    step = models.FloatField(default=0, help_text="mean squared change from week to week: what RMSSE is measured by")
    actual = models.FloatField(null=True, help_text="pieces that were ordered in the week, returns taken off")
    days_out = models.PositiveSmallIntegerField(null=True, help_text="days of the week without a piece to sell")

    class Meta:
        ordering = ["-week", "sku", "location"]
        constraints = [
            models.UniqueConstraint(fields=["sku", "location", "week"], name="forecast_once_a_week"),
            models.CheckConstraint(condition=Q(variance__gte=0), name="forecast_variance_not_negative"),
        ]
        indexes = [models.Index(fields=["week", "abc_class"], name="forecast_by_week")]

    def __str__(self):
        return f"{self.sku} at {self.location} from {self.week}"

    @property
    def weekly(self):
        """Pieces a week, over the weeks it is about."""
        return sum(self.mean) / len(self.mean) if self.mean else 0.0

    def within(self, days):
        """Return the pieces expected within so many days from its first; beyond its horizon as its mean week."""
        weeks = days / 7
        whole = min(int(weeks), len(self.mean))
        rest = weeks - whole
        following = self.mean[whole] if whole < len(self.mean) else self.weekly
        return sum(self.mean[:whole]) + rest * following

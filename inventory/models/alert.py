from django.db import models
from django.db.models import Q

from inventory.models.location import Bin, Location
from inventory.models.sku import Sku


class StockAlertQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at__isnull=True)

    def low(self):
        """Open ones of stock that runs out."""
        return self.open().filter(kind=StockAlert.Kind.LOW)

    def drifting(self):
        """Open ones of pieces that keep missing."""
        return self.open().filter(kind=StockAlert.Kind.DRIFT)


class StockAlert(models.Model):
    """That stock of a SKU at a location wants a person: it runs out, or pieces of it keep missing.

    LOW: no more than its reorder point is available and nothing is on its way. DRIFT: what counts, short picks and
    corrections could not explain adds up to a loss. Raised, kept up to date and closed by the schedule; a drift also
    by the person who has looked into it, and only what is missed after that counts again.
    """

    class Kind(models.TextChoices):
        LOW = "low", "low stock"
        DRIFT = "drift", "keeps missing"

    kind = models.CharField(max_length=5, choices=Kind)
    sku = models.ForeignKey(Sku, models.CASCADE, related_name="alerts", verbose_name="SKU")
    location = models.ForeignKey(Location, models.CASCADE, related_name="+")
    bin = models.ForeignKey(
        Bin, models.CASCADE, null=True, blank=True, related_name="+", help_text="where most of a loss was found"
    )
    pieces = models.IntegerField(help_text="available; of a drift: found less lost")
    limit = models.IntegerField(help_text="the reorder point; of a drift: what is tolerated")
    times = models.PositiveIntegerField(default=0, help_text="days on which some were missing")
    raised_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=200, blank=True, help_text="what was found")

    objects = StockAlertQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "sku", "location"], condition=Q(closed_at__isnull=True), name="stock_alert_open_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by="") | (Q(closed_at__isnull=False) & ~Q(closed_by="")),
                name="stock_alert_closed_by_someone",
            ),
        ]
        indexes = [models.Index(fields=["kind", "closed_at", "-id"], name="stock_alert_by_kind")]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.sku} at {self.location}"

    @property
    def key(self):
        return self.kind, self.sku_id, self.location_id

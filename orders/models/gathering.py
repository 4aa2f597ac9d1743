from django.db import models
from django.db.models import Q
from django.utils import timezone

from inventory.models import Location, Transfer
from oms.lib.money import MoneyField
from orders.models.order import Order


class GatheringQuerySet(models.QuerySet):
    def open(self):
        return self.filter(ended_at=None)

    def places_of(self, orders):
        """Return {order id: location id} of those of `orders` that are being gathered."""
        return dict(self.open().filter(order__in=orders).values_list("order_id", "location_id"))


class Gathering(models.Model):
    """That an order's pieces of several locations are brought to one, to leave in one parcel; once an order."""

    order = models.OneToOneField(Order, models.CASCADE, related_name="gathering")
    location = models.ForeignKey(Location, models.PROTECT, related_name="+", help_text="where it leaves from")
    saves = MoneyField(help_text="what the parcels apart would cost more")
    transfers = models.ManyToManyField(Transfer, related_name="+", help_text="what brings the pieces")
    begun_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    is_complete = models.BooleanField(default=False, help_text="all came together; else it goes in parts")

    objects = GatheringQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_complete=False) | Q(ended_at__isnull=False), name="gathering_complete_at_its_end"
            )
        ]

    def __str__(self):
        return f"{self.order} at {self.location}"

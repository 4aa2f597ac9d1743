from django.db import models

from inventory.models import Location
from orders.models.order import Order


class DaySlot(models.Model):
    """An order that a location with a daily capacity is to begin on a day of its own clock.

    Only such locations have them. It counts as long as the order has pieces there: nobody gives a slot back.
    """

    location = models.ForeignKey(Location, models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    order = models.ForeignKey(Order, models.CASCADE, related_name="slots")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["location", "day", "order"], name="slot_once_per_order")]

    def __str__(self):
        return f"{self.order} at {self.location} on {self.day}"

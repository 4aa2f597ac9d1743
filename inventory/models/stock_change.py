from django.db import models
from django.utils import timezone

from inventory.models.sku import Sku


class StockChange(models.Model):
    """That what can be promised of a SKU changed: written with the change, taken away by whoever tells others of it.

    Rows are only added: one row a SKU that is updated would have buyers at different places wait for each other. The
    level of the change names the SKU: to have the database look again would cost each buyer time and lock the SKU.
    """

    sku = models.ForeignKey(Sku, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.sku} at {self.at}"

from django.db import models

from inventory.models.location import Location
from inventory.models.policy import AbcClass
from inventory.models.sku import Sku


class CountClass(models.Model):
    """How often a SKU's bins are counted at a location, by what it ships there: A most of it. Written nightly.

    A SKU without a row there shipped nothing of late: C.
    """

    sku = models.ForeignKey(Sku, models.CASCADE, related_name="+")
    location = models.ForeignKey(Location, models.CASCADE, related_name="+", db_index=False)
    letter = models.CharField(max_length=1, choices=AbcClass)
    pieces = models.IntegerField(help_text="shipped in the last 90 days")

    class Meta:
        verbose_name = "count class"
        verbose_name_plural = "count classes"
        ordering = ["location", "letter", "sku"]
        constraints = [models.UniqueConstraint(fields=["location", "sku"], name="count_class_once")]

    def __str__(self):
        return f"{self.sku} at {self.location}: {self.letter}"

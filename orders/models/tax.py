from django.db import models
from django.db.models import Q


class TaxRate(models.Model):
    """The tax on a class of goods at a destination, from one day to another (both inclusive)."""

    country = models.CharField(max_length=2, help_text="ISO 3166")
    region = models.CharField(max_length=10, blank=True, help_text="state or province code; empty: all")
    tax_class = models.CharField(max_length=20, default="standard")
    rate = models.DecimalField(max_digits=7, decimal_places=5, help_text="a fraction: 0.19")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["country", "region", "tax_class", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["country", "region", "tax_class", "valid_from"], name="tax_rate_once"),
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lt=1), name="tax_rate_is_fraction"),
        ]

    def __str__(self):
        return f"{self.country} {self.region} {self.tax_class}: {self.rate}"

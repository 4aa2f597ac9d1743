from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from oms.lib.world import check_country


class TaxRate(models.Model):
    """The tax on a class of goods at a destination, from one day to another (both inclusive)."""

    country = models.CharField(max_length=2, validators=[check_country], help_text="ISO 3166")
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
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="tax_rate_ends_after_it_begins"
            ),
        ]

    def __str__(self):
        return f"{self.country} {self.region} {self.tax_class}: {self.rate}"

    def clean(self):
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": "It ends before it begins."})

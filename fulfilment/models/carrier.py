from urllib.parse import quote

from django.db import models
from django.db.models.functions import Upper


class CarrierQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def default(self):
        """Return the first active carrier, made on first use: parcels that we bring ourselves."""
        found = self.active().order_by("pk").first()
        return found or self.get_or_create(code="manual", defaults={"name": "Own delivery"})[0]


class Carrier(models.Model):
    """Who brings parcels, and which plug-in of `CARRIERS` speaks with them."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    plugin = models.CharField(max_length=20, default="manual", help_text="which of CARRIERS makes its labels")
    tracking_url = models.CharField(
        max_length=200, blank=True, help_text="the page for a parcel, with {number} in it", verbose_name="tracking URL"
    )
    checks_addresses_in = models.CharField(
        max_length=200,
        blank=True,
        verbose_name="checks addresses in",
        help_text="countries, as in US, CA, in which it is asked about the address of each new order",
    )
    is_active = models.BooleanField(default=True)

    objects = CarrierQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(Upper("code"), name="carrier_code_once")]

    def __str__(self):
        return self.name

    def tracking_link(self, number):
        """Return the carrier's page for parcel `number`, or "" where it has none."""
        return self.tracking_url.replace("{number}", quote(number, safe=""))

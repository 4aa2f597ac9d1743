from django.db import models
from django.utils import timezone

from fulfilment.models.carrier import Carrier
from inventory.models import Location


class Manifest(models.Model):
    """That a carrier took parcels out of a location: from then on nothing of them is unshipped."""

    location = models.ForeignKey(Location, models.PROTECT, related_name="manifests")
    carrier = models.ForeignKey(Carrier, models.PROTECT, null=True, blank=True, related_name="manifests")
    handed_over_at = models.DateTimeField(default=timezone.now)
    handed_over_by = models.CharField(max_length=40)

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"M{self.pk}"

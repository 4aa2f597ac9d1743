from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from fulfilment.models.carrier import Carrier
from inventory.models import Location


class ManifestQuerySet(models.QuerySet):
    def open(self):
        """Those that parcels are still scanned into."""
        return self.filter(handed_over_at__isnull=True)

    def closed(self):
        return self.filter(handed_over_at__isnull=False)


class Manifest(models.Model):
    """What a carrier takes out of a location: scanned into while it is open; closed, nothing of it is unshipped.

    There is one open at a time for a carrier at a location, so a parcel cannot stand on two.
    """

    location = models.ForeignKey(Location, models.PROTECT, related_name="manifests")
    carrier = models.ForeignKey(Carrier, models.PROTECT, null=True, blank=True, related_name="manifests")
    opened_at = models.DateTimeField(default=timezone.now)
    handed_over_at = models.DateTimeField(null=True, blank=True, help_text="when it was closed")
    handed_over_by = models.CharField(max_length=40, blank=True)

    objects = ManifestQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                F("location"),
                Coalesce(F("carrier"), Value(0)),
                condition=Q(handed_over_at__isnull=True),
                name="manifest_one_open",
            ),
            models.CheckConstraint(
                condition=Q(handed_over_at__isnull=True) | ~Q(handed_over_by=""), name="manifest_closed_by_someone"
            ),
        ]

    def __str__(self):
        return f"M{self.pk}"

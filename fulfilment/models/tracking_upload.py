from django.db import models
from django.db.models import Q

from inventory.models import Location
from oms.lib.checked_upload import CheckedUpload


class TrackingUpload(CheckedUpload):
    """A CSV of what a partner without an API has sent from one location: work, carrier, tracking number."""

    location = models.ForeignKey(Location, models.PROTECT, related_name="+", help_text="where it left from")

    class Meta(CheckedUpload.Meta):
        indexes = [
            models.Index(fields=["created_at"], name="tracking_upload_waiting", condition=Q(status="checked")),
        ]

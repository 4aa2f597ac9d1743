from django.db import models
from django.utils import timezone

from fulfilment.models.parcel import Parcel


class TrackingEvent(models.Model):
    """What a carrier (or a person at the desk) says of a parcel's way."""

    class Code(models.TextChoices):
        IN_TRANSIT = "in_transit", "on its way"
        OUT_FOR_DELIVERY = "out_for_delivery", "out for delivery"
        DELIVERED = "delivered"
        EXCEPTION = "exception", "trouble on the way"
        RETURNED = "returned", "on its way back"

    parcel = models.ForeignKey(Parcel, models.CASCADE, related_name="tracking_events")
    code = models.CharField(max_length=16, choices=Code)
    text = models.CharField(max_length=200, blank=True, help_text="in the carrier's words")
    place = models.CharField(max_length=100, blank=True)
    signed_by = models.CharField(max_length=100, blank=True, help_text="who took it")
    photo_url = models.URLField("photo", max_length=300, blank=True, help_text="the carrier's picture of where it lies")
    at = models.DateTimeField(default=timezone.now)
    actor = models.CharField(max_length=40, default="system")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["parcel", "code", "at"], name="tracking_event_once"),
        ]

    def __str__(self):
        return f"{self.parcel} {self.get_code_display()}"

from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from fulfilment.models.carrier import Carrier
from fulfilment.models.label import own_reference
from inventory.models import Location
from oms.lib.errors import InvalidTransition
from oms.lib.money import MoneyField


class CarrierCollectionQuerySet(models.QuerySet):
    def live(self):
        """Those for which a driver comes, or may come."""
        return self.filter(status__in=CarrierCollection.LIVE)

    def open(self):
        """Those of which the carrier's last word is still awaited."""
        return self.filter(status__in=CarrierCollection.OPEN)

    def told_at(self, location, day):
        """Those from `day` on that people at `location` are told of: not what was cancelled."""
        rows = self.filter(location=location, day__gte=day).exclude(status=CarrierCollection.Status.CANCELLED)
        return rows.select_related("carrier", "location").order_by("starts_at", "pk")


class CarrierCollection(models.Model):
    """A carrier's driver comes to a location for parcels: asked for over the network, or noted by who arranged it.

    The row is there before the carrier is asked, and holds the carrier's id of it before anything is booked: whoever
    asks again, after a crash or a time-out, asks for the same one.
    """

    class Status(models.TextChoices):
        ASKED = "asked", "asked for"
        BOOKED = "booked"
        REFUSED = "refused"
        CANCELLING = "cancelling", "being cancelled"
        CANCELLED = "cancelled"

    NEXT = {
        Status.ASKED: {Status.BOOKED, Status.REFUSED, Status.CANCELLING, Status.CANCELLED},
        Status.BOOKED: {Status.CANCELLING, Status.CANCELLED},
        Status.CANCELLING: {Status.CANCELLED, Status.BOOKED},  # booked: its carrier does not cancel it
        Status.REFUSED: set(),
        Status.CANCELLED: set(),
    }
    LIVE = (Status.ASKED, Status.BOOKED, Status.CANCELLING)
    OPEN = (Status.ASKED, Status.CANCELLING)

    location = models.ForeignKey(Location, models.PROTECT, related_name="carrier_collections")
    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="collections")
    day = models.DateField(help_text="by the location's clock")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    parcels = models.PositiveIntegerField(default=0)
    weight_g = models.PositiveIntegerField(default=0)
    instructions = models.CharField(max_length=150, blank=True, help_text="for the driver")
    is_noted = models.BooleanField(default=False, help_text="somebody arranged it: nobody is asked over the network")
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED, editable=False)
    reference = models.CharField(max_length=40, unique=True, default=own_reference, editable=False)
    external_id = models.CharField(max_length=60, blank=True, help_text="the carrier's id of it")
    confirmation = models.CharField(max_length=60, blank=True, help_text="the carrier's number")
    service = models.CharField(max_length=60, blank=True)
    amount = MoneyField(null=True, blank=True, help_text="what the carrier charges")
    currency = models.CharField(max_length=3, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="since it has its status")
    asked_at = models.DateTimeField(null=True, blank=True, help_text="when it was last to be booked")
    booked_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    created_by = models.CharField(max_length=40)
    created_at = models.DateTimeField(default=timezone.now)

    objects = CarrierCollectionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "carrier pickup"
        constraints = [
            models.UniqueConstraint(
                fields=["location", "carrier", "day"],
                name="collection_live_once",
                condition=Q(status__in=["asked", "booked", "cancelling"]),
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="collection_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(status="booked") | Q(is_noted=True) | ~Q(external_id=""), name="collection_booked_has_id"
            ),
            models.CheckConstraint(
                condition=~Q(status="booked") | Q(booked_at__isnull=False), name="collection_booked_has_moment"
            ),
        ]

    def __str__(self):
        return f"pickup {self.pk} by {self.carrier}"

    @property
    def state(self):
        """Its status in the middle of a sentence."""
        return self.get_status_display().lower()

    @property
    def is_live(self):
        return self.status in self.LIVE

    @property
    def is_open(self):
        return self.status in self.OPEN

    @property
    def window(self):
        """From when until when, by the location's clock."""
        zone = ZoneInfo(self.location.tz)
        return f"{self.starts_at.astimezone(zone):%H:%M}–{self.ends_at.astimezone(zone):%H:%M}"

    @property
    def weight_kg(self):
        return self.weight_g / 1000

    def move_to(self, status):
        """Set `status` on a locked row; raises InvalidTransition when NEXT does not allow it."""
        if status not in self.NEXT[self.status]:
            raise InvalidTransition(
                f"The {self} is {self.state} and cannot become {self.Status(status).label.lower()}."
            )
        self.status, self.attempts = status, 0
        if status == self.Status.BOOKED:
            self.booked_at = self.booked_at or timezone.now()
        self.save(update_fields=["status", "attempts", "booked_at"])

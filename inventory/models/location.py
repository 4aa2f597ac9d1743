import re

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from oms.lib.money import MoneyField
from oms.lib.world import zones


class LocationQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def staffed(self):
        """Those where our own people work: not a 3PL's, a supplier's, or the digital shelf."""
        return self.filter(kind__in=Location.STAFFED)


class Location(models.Model):
    """A place that orders ship from: a warehouse, a store, a 3PL, a drop-ship supplier, the digital shelf."""

    class Kind(models.TextChoices):
        WAREHOUSE = "warehouse"
        STORE = "store"
        THIRD_PARTY = "3pl", "3PL"
        SUPPLIER = "supplier"
        DIGITAL = "digital"

    STAFFED = (Kind.WAREHOUSE, Kind.STORE)

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.WAREHOUSE)
    tracks_stock = models.BooleanField(default=True, help_text="no: whatever is asked is taken to be there")
    partner = models.ForeignKey(
        "partners.Partner",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="locations",
        help_text="the 3PL or supplier who runs it and sees its work in the API",
    )
    address = models.JSONField(
        default=dict, blank=True, help_text="name, line1, line2, city, region, postcode, country"
    )
    tz = models.CharField("time zone", max_length=40, choices=zones, default="UTC")
    cutoff = models.TimeField("cut-off", null=True, blank=True, help_text="orders after it leave the next day")
    handling_days = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(60)], help_text="working days before an order leaves; 0: the same day"
    )
    answer_hours = models.PositiveSmallIntegerField(
        default=24, help_text="a supplier that has not taken a request on by then is asked again, and CS is told"
    )
    handling_cost = models.DecimalField(
        max_digits=8, decimal_places=2, default=0, validators=[MinValueValidator(0)], help_text="per shipment"
    )
    daily_capacity = models.PositiveIntegerField(
        null=True, blank=True, help_text="orders it can begin a day, pickups too; sourcing gives it no more. Empty: any"
    )
    allows_pickup = models.BooleanField(default=False)
    counts_a_day = models.PositiveSmallIntegerField(
        default=20, help_text="bins whose cycle count is opened a day at most; 0: none"
    )
    recount_pieces = models.PositiveIntegerField(
        null=True, blank=True, help_text="a difference of more pieces is counted again by somebody else"
    )
    recount_percent = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="a difference of more percent of the book is counted again by somebody else"
    )
    drift_pieces = models.PositiveIntegerField(
        null=True,
        blank=True,
        default=3,
        help_text="when more pieces of a SKU than these are missing within 90 days, a lead is told; empty: never",
    )
    approve_count_over = MoneyField(
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="a count whose differences are worth more waits for a lead's approval",
    )
    is_active = models.BooleanField(default=True)

    objects = LocationQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(Upper("code"), name="location_code_once"),
            models.CheckConstraint(condition=Q(handling_cost__gte=0), name="location_handling_cost_not_negative"),
            models.CheckConstraint(
                condition=Q(approve_count_over=None) | Q(approve_count_over__gte=0),
                name="location_approve_count_over_not_negative",
            ),
        ]

    def __str__(self):
        return self.code


class LocationHoliday(models.Model):
    """A day on which nobody works at a location, beside the weekends: nothing leaves it and nothing is put away."""

    location = models.ForeignKey(Location, models.CASCADE, related_name="holidays")
    day = models.DateField()
    name = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["location", "day"], name="holiday_once_per_location")]

    def __str__(self):
        return f"{self.day} {self.name}".strip()


class Bin(models.Model):
    """One storage place in a location; DOCK, STAGE and QUARANTINE exist in each."""

    class Kind(models.TextChoices):
        SHELF = "shelf"
        BULK = "bulk", "bulk: refills pick faces"
        DOCK = "dock"
        STAGE = "stage"
        QUARANTINE = "quarantine"

    class Side(models.TextChoices):
        LEFT = "left"
        RIGHT = "right"

    location = models.ForeignKey(Location, models.PROTECT, related_name="bins")
    code = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SHELF)
    zone = models.CharField(max_length=10, blank=True)
    aisle = models.CharField(max_length=10, blank=True, help_text="as the floor plan calls it")
    side = models.CharField(max_length=5, choices=Side, blank=True, help_text="of the aisle, as one looks at the plan")
    position_cm = models.PositiveIntegerField(
        null=True, blank=True, help_text="how far down the floor plan; none: not on it"
    )
    level = models.PositiveSmallIntegerField(default=0, help_text="0 is the floor")
    sort_key = models.CharField(max_length=60, editable=False, help_text="natural order of the code")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["location", "sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["location", "code"], name="bin_once_per_location"),
            models.UniqueConstraint(
                fields=["location", "aisle", "position_cm", "side", "level"],
                condition=Q(position_cm__isnull=False, is_active=True),
                name="bin_own_place",
            ),
            models.CheckConstraint(condition=Q(position_cm=None) | ~Q(aisle=""), name="bin_place_in_an_aisle"),
        ]

    def __str__(self):
        return self.code

    def save(self, *args, **kwargs):
        self.sort_key, self.aisle = natural_key(self.code), self.aisle.upper()
        super().save(*args, **kwargs)


def natural_key(code):
    """Return a text that sorts as people count: A-2 before A-10, by zero-padding each number."""
    return re.sub(r"\d+", lambda digits: digits.group().zfill(6), code.upper())[:60]

import uuid

from django.db import models
from django.db.models.functions import Upper

from inventory.models.location import Location

MOST_CM = 100_000  # a kilometre


class FloorPlan(models.Model):
    """How a location is walked: parallel aisles, each from the first cross-aisle to the last, seen from above.

    x goes to the right and y down, in centimetres from a corner of one's choice. A bin is on the plan when its
    `aisle` is one of the plan's and its `position_cm` is a y between the first cross-aisle and the last.
    """

    location = models.OneToOneField(Location, models.CASCADE, related_name="floor_plan")
    start_aisle = models.ForeignKey(
        "Aisle", models.SET_NULL, null=True, blank=True, related_name="+", help_text="none: the first"
    )
    start_cross = models.ForeignKey(
        "CrossAisle", models.SET_NULL, null=True, blank=True, related_name="+", help_text="none: the first"
    )
    end_aisle = models.ForeignKey(
        "Aisle", models.SET_NULL, null=True, blank=True, related_name="+", help_text="none: where walks begin"
    )
    end_cross = models.ForeignKey(
        "CrossAisle", models.SET_NULL, null=True, blank=True, related_name="+", help_text="none: where walks begin"
    )
    heavy_from_g = models.PositiveIntegerField(
        default=5000, help_text="pieces of a line that weigh so much are picked before what is fragile in their tote"
    )
    detour_percent = models.PositiveSmallIntegerField(
        default=10, help_text="by how much a walk may be longer for that; 0: not at all"
    )
    revision = models.UUIDField(default=uuid.uuid4, editable=False, help_text="another one after each change")

    def __str__(self):
        return f"floor of {self.location}"


class Aisle(models.Model):
    """A straight aisle at `x_cm` with bins on both sides."""

    class Way(models.TextChoices):
        BOTH = "both", "both ways"
        DOWN = "down", "down only"
        UP = "up", "up only"

    plan = models.ForeignKey(FloorPlan, models.CASCADE, related_name="aisles")
    code = models.CharField(max_length=10, help_text="in capitals, as bins have it")
    x_cm = models.PositiveIntegerField()
    way = models.CharField(max_length=4, choices=Way, default=Way.BOTH)

    class Meta:
        ordering = ["plan", "x_cm"]
        constraints = [
            models.UniqueConstraint("plan", Upper("code"), name="aisle_once_per_plan"),
            models.UniqueConstraint(fields=["plan", "x_cm"], name="aisle_own_place"),
        ]

    def __str__(self):
        return self.code


class CrossAisle(models.Model):
    """Where one walks from aisle to aisle, at `y_cm`."""

    plan = models.ForeignKey(FloorPlan, models.CASCADE, related_name="cross_aisles")
    y_cm = models.PositiveIntegerField()

    class Meta:
        ordering = ["plan", "y_cm"]
        constraints = [models.UniqueConstraint(fields=["plan", "y_cm"], name="cross_aisle_own_place")]

    def __str__(self):
        return f"{self.y_cm / 100:g} m"

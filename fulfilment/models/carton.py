from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Upper

from fulfilment.models.parcel import Parcel
from inventory.models import Location
from oms.lib.money import MoneyField


class CartonTypeQuerySet(models.QuerySet):
    def at(self, location):
        """Those that lie at the benches of a location: its own, and those that lie everywhere; smallest first."""
        here = self.filter(Q(locations=location) | Q(locations__isnull=True), is_active=True)
        length = Cast("outer_length_mm", models.BigIntegerField())  # the volume is more than 32 bits hold
        volume = length * F("outer_width_mm") * F("outer_height_mm")
        return here.distinct().order_by(volume, "pk")


class CartonType(models.Model):
    """A carton or mailer that parcels are packed in: its room, what carriers measure, what it weighs and costs."""

    class Kind(models.TextChoices):
        BOX = "box", "carton"
        MAILER = "mailer"

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.BOX)
    inner_length_mm = models.PositiveIntegerField("inner length, mm")
    inner_width_mm = models.PositiveIntegerField("inner width, mm")
    inner_height_mm = models.PositiveIntegerField(
        "inner height, mm", help_text="of a mailer: how thick it may become, taken off its length and width"
    )
    outer_length_mm = models.PositiveIntegerField("outer length, mm")
    outer_width_mm = models.PositiveIntegerField("outer width, mm")
    outer_height_mm = models.PositiveIntegerField("outer height, mm")
    weight_g = models.PositiveIntegerField("own weight, g", default=0)
    max_weight_g = models.PositiveIntegerField(
        "most weight, g", default=0, help_text="with the carton; 0: whatever fits"
    )
    price = MoneyField(default=0, help_text="what one costs us, in the seller's currency")
    locations = models.ManyToManyField(Location, blank=True, related_name="+", help_text="where it lies; none: all")
    is_active = models.BooleanField(default=True)

    objects = CartonTypeQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(Upper("code"), name="carton_code_once"),
            models.CheckConstraint(
                condition=Q(
                    inner_length_mm__gt=0,
                    inner_width_mm__gt=0,
                    inner_height_mm__gt=0,
                    outer_length_mm__gte=F("inner_length_mm"),
                    outer_width_mm__gte=F("inner_width_mm"),
                    outer_height_mm__gte=F("inner_height_mm"),
                    outer_length_mm__lte=10_000,
                    outer_width_mm__lte=10_000,
                    outer_height_mm__lte=10_000,
                ),
                name="carton_holds_less_than_it_takes",
                violation_error_message="Inner sides are above 0, no longer than the outer ones; those at most 10 m.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="mailer")
                | Q(inner_length_mm__gt=F("inner_height_mm"), inner_width_mm__gt=F("inner_height_mm")),
                name="mailer_thinner_than_wide",
                violation_error_message="A mailer is thinner than it is long and wide.",
            ),
            models.CheckConstraint(
                condition=Q(max_weight_g=0) | Q(max_weight_g__gt=F("weight_g")),
                name="carton_bears_its_weight",
                violation_error_message="It holds more than it weighs itself (0: whatever fits).",
            ),
            models.CheckConstraint(condition=Q(price__gte=0), name="carton_price_positive"),
        ]

    def __str__(self):
        return self.code

    @property
    def inner(self):
        """Its room: length, width, height in mm."""
        return (self.inner_length_mm, self.inner_width_mm, self.inner_height_mm)

    @property
    def outer(self):
        """What carriers measure: length, width, height in mm."""
        return (self.outer_length_mm, self.outer_width_mm, self.outer_height_mm)


class ParcelCarton(models.Model):
    """The carton of a parcel beside the one that was proposed, so that bad proposals and bad packing can be told apart.

    While the parcel is open, `carton` is what the packer chose (None: as proposed). Once it is closed it is what the
    parcel is in (None: something else, measured by hand), and the sides are what it gave the parcel.
    """

    parcel = models.OneToOneField(Parcel, models.CASCADE, related_name="packed_in")
    carton = models.ForeignKey(CartonType, models.PROTECT, null=True, blank=True, related_name="parcels")
    proposed = models.ForeignKey(CartonType, models.PROTECT, null=True, blank=True, related_name="proposed_for")
    length_mm = models.PositiveIntegerField(null=True, blank=True)
    width_mm = models.PositiveIntegerField(null=True, blank=True)
    height_mm = models.PositiveIntegerField(null=True, blank=True)
    layout = models.JSONField(
        default=list, blank=True, help_text="of the proposal: SKU id, corner, sides as each piece lies, mm"
    )
    expected_weight_g = models.PositiveIntegerField(null=True, blank=True, help_text="goods and carton")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(length_mm__isnull=True) | Q(carton__isnull=False), name="parcel_carton_gives_its_sides"
            )
        ]

    def __str__(self):
        return f"{self.parcel} in {self.carton or 'its own'}"

    @property
    def sides(self):
        """The sides that the carton gave the parcel, in mm, or (None, None, None)."""
        return (self.length_mm, self.width_mm, self.height_mm)

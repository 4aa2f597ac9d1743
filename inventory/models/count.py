from django.db import models
from django.db.models import F, Q, Sum

from inventory.models.location import Bin, Location
from inventory.models.sku import Sku
from oms.lib.money import ZERO, MoneyField


class CountSessionQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status=CountSession.Status.OPEN)


class CountSession(models.Model):
    """What was counted at a location, or in one bin of it, at one moment; posting it corrects the book.

    Who counts does not see what the book says. The moment may lie before movements that are booked
    already: the ledger tells what was there then.
    """

    class Status(models.TextChoices):
        OPEN = "open"
        POSTED = "posted"
        CANCELLED = "cancelled"

    class Origin(models.TextChoices):
        CONSOLE = "console"
        IMPORT = "import"

    location = models.ForeignKey(Location, models.PROTECT, related_name="counts")
    bin = models.ForeignKey(
        Bin, models.PROTECT, null=True, blank=True, related_name="+", help_text="all that is counted lies there"
    )
    counted_at = models.DateTimeField(help_text="what was there at this moment")
    status = models.CharField(max_length=9, choices=Status, default=Status.OPEN)
    origin = models.CharField(max_length=7, choices=Origin, default=Origin.CONSOLE)
    opened_by = models.CharField(max_length=40, default="system")
    opened_at = models.DateTimeField(auto_now_add=True)
    posted_by = models.CharField(max_length=40, blank=True)
    posted_at = models.DateTimeField(null=True, blank=True)

    objects = CountSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "count"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["location", "counted_at"],
                condition=Q(origin="import"),
                name="count_import_once_per_moment",
            ),
        ]

    def __str__(self):
        return f"Count {self.pk} of {self.bin or self.location}"

    @property
    def subject(self):
        return f"count:{self.pk}"

    @property
    def is_open(self):
        return self.status == self.Status.OPEN


class CountLineQuerySet(models.QuerySet):
    def different(self):
        """Lines where the book was wrong, or that could not be posted."""
        return self.filter(~Q(difference=0) | ~Q(problem=""))

    def value(self):
        """What the differences are worth at cost: what was found less what was lost."""
        return self.aggregate(n=Sum(F("difference") * F("sku__unit_cost"), output_field=MoneyField()))["n"] or ZERO


class CountLine(models.Model):
    """That so many pieces of a SKU were counted in a bin, or in the whole location where no bin is named."""

    session = models.ForeignKey(CountSession, models.CASCADE, related_name="lines")
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="+")
    bin = models.ForeignKey(Bin, models.PROTECT, null=True, blank=True, related_name="+")
    counted = models.PositiveIntegerField(help_text="pieces")
    expected = models.IntegerField(null=True, blank=True, help_text="pieces the book says were there")
    difference = models.IntegerField(null=True, blank=True, help_text="pieces posted")
    problem = models.CharField(max_length=200, blank=True, help_text="why it could not be posted")

    objects = CountLineQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "sku", "bin"], condition=Q(bin__isnull=False), name="count_line_once_per_bin"
            ),
            models.UniqueConstraint(
                fields=["session", "sku"], condition=Q(bin__isnull=True), name="count_line_once_per_location"
            ),
        ]

    def __str__(self):
        return f"{self.counted} × {self.sku} in {self.bin or 'all bins'}"

from django.db import models
from django.db.models import F, Q, Sum

from inventory.models.location import Bin, Location
from inventory.models.sku import Sku
from oms.lib.money import ZERO, MoneyField


class CountSessionQuerySet(models.QuerySet):
    def open(self):
        """Those somebody has to count, or to count again."""
        return self.filter(status__in=[CountSession.Status.OPEN, CountSession.Status.RECOUNT])

    def to_approve(self):
        return self.filter(status=CountSession.Status.TO_APPROVE)


class CountSession(models.Model):
    """What was counted at a location, or in one bin of it; posting it corrects the book.

    Who counts does not see what the book says, and picking goes on meanwhile: each line says what was there
    when it was entered, unless the whole count is of one moment, `counted_at`. The ledger tells what should
    have been there then. A difference over the location's tolerance is counted again by another person; one
    that is worth more than its limit is approved first.
    """

    class Status(models.TextChoices):
        OPEN = "open"
        RECOUNT = "recount"
        TO_APPROVE = "to_approve", "to approve"
        POSTED = "posted"
        CANCELLED = "cancelled"

    class Origin(models.TextChoices):
        CONSOLE = "console"
        IMPORT = "import"
        CYCLE = "cycle"
        SHORT = "short", "short pick"
        TILL = "till", "sold beyond the book"
        PARTNER = "partner", "partner's snapshot"

    location = models.ForeignKey(Location, models.PROTECT, related_name="counts")
    bin = models.ForeignKey(
        Bin, models.PROTECT, null=True, blank=True, related_name="+", help_text="all that is counted lies there"
    )
    counted_at = models.DateTimeField(
        null=True, blank=True, help_text="what was there at this moment; empty: each line when it was counted"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    origin = models.CharField(max_length=7, choices=Origin, default=Origin.CONSOLE)
    opened_by = models.CharField(max_length=40, default="system")
    opened_at = models.DateTimeField(auto_now_add=True)
    submitted_by = models.CharField(max_length=40, blank=True, help_text="who asked for the approval")
    approved_by = models.CharField(max_length=40, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    posted_by = models.CharField(max_length=40, blank=True)
    posted_at = models.DateTimeField(null=True, blank=True)

    objects = CountSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "count"
        ordering = ["-pk"]
        permissions = [("approve_count", "Can approve counts with large differences")]
        indexes = [
            models.Index(fields=["bin", "posted_at"], name="count_by_bin", condition=Q(bin__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("submitted_by")), name="count_approved_by_another"
            ),
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
    def began_at(self):
        """The moment of the whole count, or when somebody began to count."""
        return self.counted_at or self.opened_at

    @property
    def is_open(self):
        """Whether somebody still counts."""
        return self.status in (self.Status.OPEN, self.Status.RECOUNT)

    @property
    def is_recount(self):
        return self.status == self.Status.RECOUNT

    @property
    def waits_for_approval(self):
        return self.status == self.Status.TO_APPROVE


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
    counted_by = models.CharField(max_length=40, default="system")
    entered_at = models.DateTimeField(
        null=True, blank=True, help_text="what was there at this moment; empty: at that of the count"
    )
    is_doubtful = models.BooleanField(default=False, help_text="over the tolerance: somebody else counts it again")
    first_counted = models.PositiveIntegerField(null=True, blank=True, help_text="pieces, before it was counted again")
    recounted_by = models.CharField(max_length=40, blank=True)
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
            models.CheckConstraint(
                condition=Q(recounted_by="") | ~Q(recounted_by=F("counted_by")), name="count_line_recounted_by_another"
            ),
        ]

    def __str__(self):
        return f"{self.counted} × {self.sku} in {self.bin or 'all bins'}"

    @property
    def waits_for_recount(self):
        return self.is_doubtful and not self.recounted_by

    @property
    def counted_at(self):
        """The moment at which so many were there."""
        return self.entered_at or self.session.counted_at

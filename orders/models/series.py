from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from orders.models.channel import Seller

DIGITS = 6


class NumberSeriesQuerySet(models.QuerySet):
    def take(self, seller, kind):
        """Return (series, number, moment) of the next number of `seller`; the row stays locked until the end.

        Call it last, for everybody who numbers waits here: the number is used up only by a commit, so
        there is no gap, and the moment is read behind the lock, so dates never run backwards.
        """
        series = self._lock(seller, kind)
        number = series.next_number
        self.filter(pk=series.pk).update(next_number=F("next_number") + 1)
        return series, number, timezone.now()

    def _lock(self, seller, kind):
        current = self.select_for_update(of=("self",)).filter(seller=seller, kind=kind, is_current=True)
        series = current.first()
        if series is None:
            self.get_or_create(
                seller=seller, kind=kind, is_current=True, defaults={"prefix": first_prefix(seller, kind)}
            )
            series = current.first()
        return series


def first_prefix(seller, kind):
    """Return the prefix a seller's series has until finance chooses another: NOVA-, and NOVA-C for credit notes."""
    return f"{seller.code.upper()}-{'C' if kind == NumberSeries.Kind.CREDIT_NOTE else ''}"


class NumberSeries(models.Model):
    """Gapless numbers of a seller's invoices or credit notes; one series of a kind is current."""

    class Kind(models.TextChoices):
        INVOICE = "invoice"
        CREDIT_NOTE = "credit_note", "credit note"

    seller = models.ForeignKey(Seller, models.PROTECT, related_name="series")
    kind = models.CharField(max_length=11, choices=Kind)
    prefix = models.CharField(max_length=20)
    first_number = models.PositiveIntegerField(default=1, help_text="where it began")
    next_number = models.PositiveIntegerField(default=1)
    is_current = models.BooleanField(default=True)

    objects = NumberSeriesQuerySet.as_manager()

    class Meta:
        ordering = ["seller", "kind", "prefix"]
        verbose_name_plural = "number series"
        constraints = [
            models.UniqueConstraint(fields=["seller", "prefix"], name="series_prefix_once"),
            models.UniqueConstraint(
                fields=["seller", "kind"], name="series_current_once", condition=Q(is_current=True)
            ),
            models.CheckConstraint(
                condition=Q(first_number__gt=0, next_number__gte=F("first_number")), name="series_runs_forward"
            ),
        ]

    def __str__(self):
        return f"{self.prefix}{self.next_number:0{DIGITS}}"

    def code(self, number):
        """Return `number` as it is printed: NOVA-000012."""
        return f"{self.prefix}{number:0{DIGITS}}"

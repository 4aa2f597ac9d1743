from django.db import models
from django.db.models import Q
from django.utils import timezone

from inventory.models.location import Bin, Location
from inventory.models.lot import Lot
from inventory.models.sku import Sku
from oms.lib.money import MoneyField

# Reasons of corrections that say what the book got wrong, but not where the pieces went.
UNEXPLAINED = ["recount", "lost", "found", "pos_overrun", "other"]


class StockEntryQuerySet(models.QuerySet):
    def unexplained(self):
        """Corrections of what is on hand that nobody can explain: counts, short picks, sales beyond the book."""
        return self.filter(bucket=StockEntry.Bucket.ON_HAND, reason__in=UNEXPLAINED)

    def recorded_by(self, moment):
        """What was in the book at `moment`, whatever moment it is about."""
        return self.filter(Q(recorded_at__isnull=True, at__lte=moment) | Q(recorded_at__lte=moment))


class StockEntry(models.Model):
    """One change of one bucket of a stock level, with the balance after it. Never changed, never deleted.

    Entries of ON_HAND name the bin they happened in; a move between bins is two of them that add up
    to nothing.
    """

    class Bucket(models.TextChoices):
        ON_HAND = "on_hand", "on hand"
        RESERVED = "reserved", "reserved"
        UNAVAILABLE = "unavailable", "unavailable"

    # The database does not look after these two: the level does, which names both, and to lock two rows more that
    # everybody locks took a quarter of the time of reserving. Doctor's check 1 finds an entry without its level.
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="entries", db_index=False, db_constraint=False)
    location = models.ForeignKey(Location, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    bin = models.ForeignKey(Bin, models.PROTECT, related_name="+", null=True, db_index=False)
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", null=True, blank=True, db_index=False)
    bucket = models.CharField(max_length=11, choices=Bucket)
    delta = models.IntegerField(help_text="pieces")
    balance_after = models.IntegerField(help_text="pieces in the level's bucket")
    reason = models.CharField(max_length=20, help_text="reserve, release, receive, move, ship, adjust code …")
    subject = models.CharField(max_length=40, blank=True, help_text="order:5, count:2 …")
    key = models.CharField(  # noqa: DJ001 (NULL, for a unique key that most rows lack)
        max_length=80, null=True, help_text="idempotency key: a second entry is refused"
    )
    actor = models.CharField(max_length=40, default="system")
    at = models.DateTimeField(default=timezone.now)
    recorded_at = models.DateTimeField(
        null=True, blank=True, help_text="when it was written, where it holds since another moment: a count's"
    )
    unit_cost = MoneyField(
        null=True, blank=True, help_text="what one piece cost on average then; entries of what is on hand have it"
    )

    objects = StockEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "stock entries"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="stock_entry_once_per_key"),
            models.CheckConstraint(condition=Q(balance_after__gte=0), name="stock_entry_balance_not_negative"),
        ]
        indexes = [
            models.Index(fields=["sku", "location", "id"], name="stock_entry_by_level"),
            models.Index(
                fields=["location", "at"], name="stock_entry_shipped", condition=Q(reason__in=["ship", "unship"])
            ),
            models.Index(fields=["at"], name="stock_entry_unexplained", condition=Q(reason__in=UNEXPLAINED)),
            models.Index(fields=["lot", "id"], name="stock_entry_by_lot", condition=Q(lot__isnull=False)),
            models.Index(fields=["subject"], name="stock_entry_by_subject", condition=~Q(subject="")),
        ]

    def __str__(self):
        return f"{self.delta:+} {self.bucket} of {self.sku} at {self.location}"

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from fulfilment.models.carrier import Carrier
from fulfilment.models.parcel import Parcel
from orders.models import Channel, Order, Refund


class WatchRule(models.Model):
    """After how long a parcel on the road becomes a case, for a channel, a carrier, both, or (neither) all.

    Days are working days of the place it left from; empty: that is not watched. The rule that says most of a
    parcel counts: channel and carrier, then channel, then carrier. Where there is none, its defaults count.
    """

    channel = models.ForeignKey(Channel, models.CASCADE, null=True, blank=True, related_name="watch_rules")
    carrier = models.ForeignKey(Carrier, models.CASCADE, null=True, blank=True, related_name="watch_rules")
    unseen_days = models.PositiveSmallIntegerField(
        null=True, blank=True, default=2, help_text="after the hand-over without any scan of the carrier"
    )
    silent_days = models.PositiveSmallIntegerField(
        null=True, blank=True, default=3, help_text="on the road since the last scan"
    )
    late_days = models.PositiveSmallIntegerField(
        null=True, blank=True, default=0, help_text="after the evening on which it was to arrive"
    )
    tells_customer = models.BooleanField(
        default=True, help_text="once for each kind of trouble; what the carrier has not seen is only shown to us"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                Coalesce(F("channel"), Value(0)), Coalesce(F("carrier"), Value(0)), name="watch_rule_once"
            )
        ]

    def __str__(self):
        whose = [str(who) for who in (self.channel, self.carrier) if who]
        return f"Parcels of {' with '.join(whose)}" if whose else "All other parcels"


class ParcelCaseQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at__isnull=True)


class ParcelCase(models.Model):
    """That a parcel wants a person: the carrier is silent, late or in trouble with it, or it arrived damaged.

    Opened, and closed again when news come, by what the carrier says and by the schedule; settled by a person with a
    note, or given up as lost. What a person closed is not opened again for the same thing, `since` the same moment.
    That goods are damaged a person says, of a parcel that has left: such a case is closed at once.
    """

    class Kind(models.TextChoices):
        RETURNING = "returning", "on its way back"
        EXCEPTION = "exception", "trouble on the way"
        UNSEEN = "unseen", "never seen by the carrier"
        LATE = "late", "should have arrived"
        SILENT = "silent", "no scan for days"
        DAMAGED = "damaged", "arrived damaged"

    class Outcome(models.TextChoices):
        NEWS = "news", "news came"
        SETTLED = "settled"
        LOST = "lost"
        DAMAGED = "damaged"

    BY_PEOPLE = (Outcome.SETTLED, Outcome.LOST, Outcome.DAMAGED)
    MADE_GOOD = (Outcome.LOST, Outcome.DAMAGED)  # the customer gets the goods again or his money, the carrier is asked

    parcel = models.ForeignKey(Parcel, models.CASCADE, related_name="cases")
    kind = models.CharField(max_length=9, choices=Kind)
    since = models.DateTimeField(help_text="the hand-over, the scan, or the evening that it is about")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=7, choices=Outcome, blank=True)
    note = models.CharField(max_length=200, blank=True, help_text="what was found, or agreed")
    replacement = models.OneToOneField(
        Order,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        help_text="sends goods that were lost or damaged",
    )
    refund = models.OneToOneField(
        Refund,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parcel_case",
        help_text="pays for goods that were lost or damaged",
    )

    objects = ParcelCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["parcel", "kind", "since"], name="parcel_case_once"),
            models.UniqueConstraint(
                fields=["parcel"], condition=Q(closed_at__isnull=True), name="parcel_case_one_open"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by="", outcome="")
                | (Q(closed_at__isnull=False) & ~Q(closed_by="") & ~Q(outcome="")),
                name="parcel_case_closed_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(replacement__isnull=True, refund__isnull=True)
                | Q(outcome__in=["lost", "damaged"], replacement__isnull=True)
                | Q(outcome__in=["lost", "damaged"], refund__isnull=True),
                name="parcel_case_is_made_good_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="damaged", outcome="damaged") | (~Q(kind="damaged") & ~Q(outcome="damaged")),
                name="parcel_case_damage_is_closed_at_once",
            ),
        ]
        indexes = [models.Index(fields=["since"], name="parcel_case_open", condition=Q(closed_at__isnull=True))]

    def __str__(self):
        return f"{self.parcel}: {self.get_kind_display()}"

    @property
    def is_by_people(self):
        return self.outcome in self.BY_PEOPLE

    def close(self, outcome, *, by, note=""):
        """Close an open case under its order's lock."""
        self.closed_at, self.closed_by, self.outcome, self.note = timezone.now(), by, outcome, note
        self.save(update_fields=["closed_at", "closed_by", "outcome", "note"])

    def reopen(self):
        """Open a case again that news had closed: they were none."""
        self.closed_at, self.closed_by, self.outcome, self.note = None, "", "", ""
        self.save(update_fields=["closed_at", "closed_by", "outcome", "note"])

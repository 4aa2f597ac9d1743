from datetime import timedelta
from secrets import token_hex

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from fulfilment.models.carrier import Carrier
from fulfilment.models.parcel import Parcel
from oms.lib.errors import InvalidTransition
from oms.lib.money import MoneyField

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)


def own_reference():
    """Return what a carrier knows a label by before it gave it an id: never the same again, also after a restore."""
    return f"oms-{token_hex(12)}"


class LabelQuerySet(models.QuerySet):
    def live(self):
        """Those that a parcel holds, or waits for."""
        return self.filter(status__in=Label.LIVE)

    def open(self):
        """Those of which the carrier's last word is still awaited."""
        return self.filter(status__in=Label.OPEN)

    def sold(self, manifest):
        """Those that parcels on `manifest` go with."""
        return self.filter(parcel__manifest=manifest, status=Label.Status.BOUGHT)

    def due(self, now):
        """Those that the carrier is to be asked about, the longest waiting first."""
        return self.open().filter(ask_after__lte=now).order_by("ask_after", "pk")


class Label(models.Model):
    """A label that a carrier is asked for over the network.

    The row is there before the carrier is asked, and holds the carrier's id of the shipment before anything is bought:
    whoever asks again, after a crash or a time-out, asks for the same one.
    """

    class Status(models.TextChoices):
        PENDING = "pending", "asked for"
        BOUGHT = "bought"
        REFUSED = "refused"
        VOIDING = "voiding", "being given back"
        VOIDED = "voided", "given back"
        KEPT = "kept", "not taken back"

    NEXT = {
        Status.PENDING: {Status.BOUGHT, Status.REFUSED, Status.VOIDING},
        Status.BOUGHT: {Status.VOIDING},
        Status.VOIDING: {Status.VOIDED, Status.KEPT},
        Status.REFUSED: set(),
        Status.VOIDED: set(),
        Status.KEPT: set(),
    }
    LIVE = (Status.PENDING, Status.BOUGHT)
    OPEN = (Status.PENDING, Status.VOIDING)

    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="labels")
    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="labels")
    service = models.CharField(max_length=40, blank=True)
    account = models.CharField(max_length=60, blank=True, help_text="which of the carrier's accounts sold it")
    form = models.CharField(max_length=3, default="pdf", help_text="the file that is asked for: pdf or zpl")
    status = models.CharField(max_length=8, choices=Status, default=Status.PENDING, editable=False)
    reference = models.CharField(max_length=40, unique=True, default=own_reference, editable=False)
    external_id = models.CharField(max_length=60, blank=True, help_text="the carrier's id of the shipment")
    tracking_number = models.CharField(max_length=60, blank=True)
    amount = MoneyField(null=True, blank=True, help_text="what the carrier charged")
    currency = models.CharField(max_length=3, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="since it has its status")
    asked_at = models.DateTimeField(null=True, blank=True, help_text="when it was last to be bought")
    ask_after = models.DateTimeField(default=timezone.now, help_text="when the schedule asks next")
    wait_until = models.DateTimeField(null=True, blank=True, help_text="the carrier wants no question before")
    error = models.CharField(max_length=300, blank=True)
    created_by = models.CharField(max_length=40)
    created_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = LabelQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["parcel"], name="label_live_once", condition=Q(status__in=["pending", "bought"])
            ),
            models.CheckConstraint(
                condition=~Q(status="bought") | ~Q(tracking_number=""), name="label_bought_has_number"
            ),
        ]
        indexes = [models.Index(fields=["ask_after"], name="label_due", condition=Q(status__in=["pending", "voiding"]))]

    def __str__(self):
        return f"Label {self.pk} of {self.parcel_id and f'P{self.parcel_id}'}"

    @property
    def state(self):
        """Its status in the middle of a sentence."""
        return self.get_status_display().lower()

    def move_to(self, status):
        """Set `status` on a locked label; raises InvalidTransition when NEXT does not allow it."""
        if status not in self.NEXT[self.status]:
            raise InvalidTransition(f"{self} is {self.state} and cannot become {self.Status(status).label.lower()}.")
        now = timezone.now()
        self.status, self.attempts, self.ask_after = status, 0, now
        self.settled_at = None if status in self.OPEN else now
        self.save(update_fields=["status", "attempts", "ask_after", "settled_at"])

    def note_question(self, now):
        """Count one more question to the carrier; the schedule leaves it alone for longer each time."""
        wait = min(FIRST_WAIT * 2 ** min(self.attempts, 10), LONGEST_WAIT)
        self.attempts, self.ask_after = F("attempts") + 1, now + wait
        self.save(update_fields=["attempts", "ask_after"])
        self.refresh_from_db(fields=["attempts"])

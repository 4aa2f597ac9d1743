from datetime import timedelta

from django.core import signing
from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone

from inventory.models import Location

SALT = "oms.station"
SILENT_AFTER = timedelta(seconds=30)
WEIGHT_LASTS = timedelta(seconds=10)


class StationQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True, location__is_active=True)

    def by_key(self, key):
        """Return the active Station whose print agent has `key`, or None: unknown, withdrawn, altered."""
        try:
            pk, number = signing.loads(key, salt=SALT)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        return self.active().select_related("location").filter(pk=pk, key_number=number).first()


class Station(models.Model):
    """A bench with printers of its own, and perhaps a scale; its print agent fetches what is to be printed.

    The key of the agent is the station's id and `key_number`, signed: none is stored, a new one ends the old.
    """

    class LabelPrinter(models.TextChoices):
        NONE = "", "none"
        PDF = "pdf", "prints PDF"
        ZPL = "zpl", "speaks ZPL"

    code = models.CharField(max_length=20, help_text="stands on its barcode")
    name = models.CharField(max_length=60, blank=True)
    location = models.ForeignKey(Location, models.PROTECT, related_name="stations")
    label_printer = models.CharField(max_length=3, choices=LabelPrinter, blank=True, default="")
    has_paper_printer = models.BooleanField(default=False, help_text="for slips, pick lists and cards, A4 or A5")
    has_scale = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    key_number = models.PositiveIntegerField(default=1, editable=False)
    seen_at = models.DateTimeField(null=True, blank=True, editable=False)
    weight_g = models.PositiveIntegerField(null=True, blank=True, editable=False)
    weighed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = StationQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(Upper("code"), name="station_code_once")]

    def __str__(self):
        return self.code

    @property
    def key(self):
        """What its print agent shows to be let in."""
        return signing.dumps([self.pk, self.key_number], salt=SALT)

    @property
    def is_online(self):
        """Whether its agent has asked for work just now."""
        return self.seen_at is not None and self.seen_at > timezone.now() - SILENT_AFTER

    @property
    def fresh_weight_g(self):
        """What lies on the scale, in grams; None when there is nothing, or nobody has told for a while."""
        is_fresh = self.weighed_at is not None and self.weighed_at > timezone.now() - WEIGHT_LASTS
        return (self.weight_g or None) if self.has_scale and is_fresh else None

    def prints(self, kind):
        """Whether a PrintJob of `kind` can be printed here."""
        return bool(self.label_printer) if kind == "label" else self.has_paper_printer

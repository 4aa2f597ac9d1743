from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from orders.models.channel_document import ChannelDocument
from orders.models.connection import Connection
from orders.models.order import Order

MOST_NUMBER = 999_999_999  # nine digits: ISA13
PLAIN = RegexValidator(r"^[A-Za-z0-9 .&/_-]*$", "Letters, digits, blanks and . & / _ - only: it stands in an envelope.")


class EdiPartner(models.Model):
    """How files are exchanged with the trading partner of a connection: who is who in them, and where they lie.

    The control numbers of what we send him are without a gap; `next_number` is taken under this row's lock.
    """

    class Syntax(models.TextChoices):
        X12_4010 = "004010", "X12 004010"
        X12_5010 = "005010", "X12 005010"
        D96A = "D96A", "EDIFACT D.96A"
        D01B = "D01B", "EDIFACT D.01B"

    connection = models.OneToOneField(Connection, models.PROTECT, related_name="edi")
    syntax = models.CharField("we send him", max_length=6, choices=Syntax, default=Syntax.X12_4010)
    our_qualifier = models.CharField(max_length=4, default="ZZ", validators=[PLAIN], help_text="ISA05 or UNB 0007")
    our_id = models.CharField("our id", max_length=35, validators=[PLAIN], help_text="in the envelope: ISA06 or UNB")
    their_qualifier = models.CharField(max_length=4, default="ZZ", validators=[PLAIN], help_text="ISA07 or UNB 0007")
    their_id = models.CharField(max_length=35, validators=[PLAIN], help_text="in the envelope: ISA08 or UNB")
    vendor_number = models.CharField(
        max_length=30, blank=True, validators=[PLAIN], help_text="what he calls us: REF*IA, N104 or NAD+SU"
    )
    inbox = models.CharField(max_length=100, help_text="folder below EDI_ROOT where his files come in: acme/in")
    outbox = models.CharField(max_length=100, help_text="folder below EDI_ROOT that he fetches from: acme/out")
    is_test = models.BooleanField("test", default=True, help_text="ISA15 of what we send: T, and P without the tick")
    first_number = models.PositiveIntegerField(default=1, help_text="of the first interchange that we send him")
    next_number = models.PositiveIntegerField(default=1, editable=False)
    looked_at = models.DateTimeField(null=True, blank=True, editable=False)
    error = models.CharField("last error", max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = "trading partner"
        constraints = [
            models.UniqueConstraint(fields=["inbox"], name="edi_inbox_once"),
            models.CheckConstraint(
                condition=Q(first_number__gt=0, next_number__gte=F("first_number"), next_number__lte=MOST_NUMBER + 1),
                name="edi_numbers_run_forward",
            ),
        ]

    def __str__(self):
        return self.their_id

    @property
    def is_x12(self):
        return self.syntax in (self.Syntax.X12_4010, self.Syntax.X12_5010)


class EdiInterchangeQuerySet(models.QuerySet):
    def refused(self):
        """Those that nobody has seen to, the oldest first."""
        return self.filter(status=EdiInterchange.Status.REFUSED).order_by("pk")


class EdiInterchange(models.Model):
    """An interchange of a file that a partner left in his inbox; one that cannot be told has no number."""

    class Status(models.TextChoices):
        TAKEN = "taken"
        REFUSED = "refused"
        SETTLED = "settled", "refused, seen to"

    partner = models.ForeignKey(EdiPartner, models.PROTECT, related_name="received")
    number = models.CharField("control number", max_length=20, blank=True)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, help_text="of the file")
    status = models.CharField(max_length=7, choices=Status)
    reason = models.CharField(max_length=500, blank=True)
    transactions = models.PositiveIntegerField(default=0)
    document = models.ForeignKey(
        ChannelDocument, models.PROTECT, null=True, blank=True, related_name="+", help_text="its first in the inbox"
    )
    received_at = models.DateTimeField(default=timezone.now)
    moved_at = models.DateTimeField(null=True, blank=True, help_text="when the file left the inbox")

    objects = EdiInterchangeQuerySet.as_manager()

    class Meta:
        verbose_name = "received file"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "number"], name="edi_taken_once", condition=Q(status="taken") & ~Q(number="")
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "sha256"], name="edi_received_by_file"),
            models.Index(fields=["id"], name="edi_refused", condition=Q(status="refused")),
        ]

    def __str__(self):
        return self.number or self.file_name


class EdiDocument(models.Model):
    """A file that we send a partner: an interchange of one document, written once, with a number without a gap.

    `key` says what it is about ("855:order:7"): asked for again, it is the same row, and the same file.
    """

    class Kind(models.TextChoices):
        ACKNOWLEDGEMENT = "997", "997 acknowledgement"
        ANSWER = "855", "855 order answered"
        SHIPMENT = "856", "856 shipment"
        INVOICE = "810", "810 invoice"
        DESADV = "DESADV", "DESADV shipment"

    partner = models.ForeignKey(EdiPartner, models.PROTECT, related_name="sent")
    number = models.PositiveIntegerField("control number")
    kind = models.CharField(max_length=6, choices=Kind)
    key = models.CharField(max_length=60, editable=False)
    order = models.ForeignKey(Order, models.PROTECT, null=True, blank=True, related_name="edi_documents")
    file_name = models.CharField(max_length=60)
    body = models.TextField()
    emptied_at = models.DateTimeField("emptied", null=True, blank=True, help_text="when its text was forgotten")
    is_test = models.BooleanField()
    created_at = models.DateTimeField(default=timezone.now)
    written_at = models.DateTimeField(null=True, blank=True, help_text="when the file was last put into the outbox")
    times_written = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "sent file"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["partner", "number"], name="edi_number_once"),
            models.UniqueConstraint(fields=["partner", "key"], name="edi_document_once"),
            models.CheckConstraint(
                condition=Q(emptied_at=None) | Q(written_at__isnull=False), name="edi_emptied_when_written"
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="edi_to_empty", condition=Q(emptied_at=None))]

    def __str__(self):
        return f"{self.kind} {self.number}"

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from oms.lib.money import MoneyField
from orders.models.channel import Seller
from orders.models.immutable import Immutable, ImmutableQuerySet
from orders.models.line import OrderCharge, OrderLine
from orders.models.order import Order
from orders.models.series import NumberSeries


class BillQuerySet(ImmutableQuerySet):
    def without_rate(self):
        """Those whose tax could not be stated in the seller's home currency: no exchange rate was known."""
        return self.filter(home_rate=None).exclude(home_currency="")

    def seal(self, pk, sha256):
        """Record the hash of the first PDF of bill `pk`; True when it is that, or was that already."""
        models.QuerySet.update(self.filter(pk=pk, sha256=""), sha256=sha256)
        return self.filter(pk=pk, sha256=sha256).exists()


class Bill(Immutable):
    """What an invoice and a credit note have in common: numbered, dated, never changed.

    Imported ones keep the number they had (`code`) and belong to no series. The parties are as they
    were then. `home_rate` is how much of the seller's home currency one unit of `currency` is.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="%(class)ss")
    seller = models.ForeignKey(Seller, models.PROTECT, related_name="+")
    series = models.ForeignKey(NumberSeries, models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    number = models.PositiveIntegerField(null=True, blank=True)
    code = models.CharField("number", max_length=40, db_index=True)
    issued_at = models.DateTimeField(default=timezone.now)
    issued_on = models.DateField(help_text="in the seller's time zone")
    locale = models.CharField(max_length=5, default="en")
    currency = models.CharField(max_length=3, help_text="ISO 4217")
    net = MoneyField()
    tax = MoneyField()
    gross = MoneyField()
    tax_note = models.CharField(
        max_length=20, blank=True, help_text="why no tax is due: reverse_charge, export, abroad"
    )
    home_currency = models.CharField(max_length=3, blank=True, help_text="where the tax is stated in it too")
    home_rate = models.DecimalField(max_digits=16, decimal_places=8, null=True, blank=True)
    home_tax = MoneyField(null=True, blank=True)
    seller_as_was = models.JSONField(help_text="legal_name, address, vat_id, iban, bic, register, email, phone")
    buyer = models.JSONField(help_text="name, company, line1, line2, city, region, postcode, country, vat_id")
    ship_to = models.JSONField(default=dict, blank=True, help_text="the delivery address, as buyer")
    sha256 = models.CharField(max_length=64, blank=True, help_text="of the PDF, once it is made")

    objects = BillQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="%(class)s_number_once"),
            models.CheckConstraint(
                condition=Q(series=None, number=None) | Q(series__isnull=False, number__isnull=False),
                name="%(class)s_numbered_by_series",
            ),
            models.CheckConstraint(condition=Q(gross=F("net") + F("tax")), name="%(class)s_gross_is_net_and_tax"),
        ]
        indexes = [models.Index(fields=["issued_on"], name="%(class)s_by_day")]

    def __str__(self):
        return self.code


class BilledLine(Immutable):
    """A position of a bill: pieces of an order line, or a charge. `net` is after `discount`.

    `unit_net` and `discount` are without tax, for the reader; only net + tax = gross is reckoned with.
    """

    position = models.PositiveSmallIntegerField()
    line = models.ForeignKey(OrderLine, models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    charge = models.ForeignKey(OrderCharge, models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    sku_code = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField(help_text="pieces; 0 for an amount without pieces")
    unit_net = MoneyField(default=Decimal(0))
    discount = MoneyField(default=Decimal(0))
    tax_rate = models.DecimalField(max_digits=7, decimal_places=5, default=Decimal(0))
    net = MoneyField()
    tax = MoneyField()
    gross = MoneyField()

    class Meta:
        abstract = True
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(condition=Q(gross=F("net") + F("tax")), name="%(class)s_gross_is_net_and_tax"),
        ]

    def __str__(self):
        return f"{self.position}. {self.name}"


class Invoice(Bill):
    """What the customer owes for what was shipped; an order shipped in parts has several."""

    supply_on = models.DateField(help_text="when the goods left, in the seller's time zone")
    paid = MoneyField(default=Decimal(0), help_text="covered by payments when it was issued")

    class Meta(Bill.Meta):
        constraints = [
            *Bill.Meta.constraints,
            models.CheckConstraint(condition=Q(paid__gte=0, paid__lte=F("gross")), name="invoice_paid_within_gross"),
        ]

    @property
    def due(self):
        """What the customer had still to pay when it was issued."""
        return self.gross - self.paid


class InvoiceLine(BilledLine):
    """A position of an invoice: shipped pieces of an order line, or a charge."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines")

    class Meta(BilledLine.Meta):
        constraints = [
            *BilledLine.Meta.constraints,
            models.UniqueConstraint(fields=["invoice", "position"], name="invoice_position_once"),
            models.CheckConstraint(
                condition=Q(line=None, charge__isnull=False) | Q(line__isnull=False, charge=None),
                name="invoice_line_or_charge",
            ),
        ]


class CreditNote(Bill):
    """What takes an invoice back, or a part of it. Its amounts are positive; the document says credit."""

    class Cause(models.TextChoices):
        RETURN = "return"
        UNSHIPPED = "unshipped", "not handed over after all"
        PRICE = "price", "price reduced"

    cause = models.CharField(max_length=9, choices=Cause, default=Cause.PRICE)
    reason = models.CharField(max_length=200)

    class Meta(Bill.Meta):
        pass

    @property
    def invoices(self):
        """The invoices it takes back, the oldest first: one at least."""
        return Invoice.objects.filter(lines__credits__credit_note=self).distinct().order_by("pk")


class CreditNoteLine(BilledLine):
    """What of an invoice's position is taken back."""

    credit_note = models.ForeignKey(CreditNote, models.PROTECT, related_name="lines")
    invoice_line = models.ForeignKey(InvoiceLine, models.PROTECT, related_name="credits")

    class Meta(BilledLine.Meta):
        constraints = [
            *BilledLine.Meta.constraints,
            models.UniqueConstraint(fields=["credit_note", "position"], name="credit_note_position_once"),
        ]

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.db.models.functions import Upper
from django.urls import reverse

from inventory.models import Location
from oms.lib.money import MoneyField
from oms.lib.world import check_country, check_currency, check_locale, zones
from oms.partners.models import Partner
from orders.models.strategy import SourcingStrategy


def gateways():
    """Return the choices of who takes payments."""
    return [(alias, alias) for alias in settings.GATEWAYS]


class LogoFile(FieldFile):
    """Files have no address of their own: a logo is shown to everybody by a page."""

    @property
    def url(self):
        return reverse("brand_logo", args=[self.instance.pk]) if self.instance.pk else ""


class LogoField(models.FileField):
    attr_class = LogoFile


class Seller(models.Model):
    """The legal person who sells: the name on the invoice."""

    code = models.CharField(max_length=20)
    legal_name = models.CharField(max_length=200)
    address = models.JSONField(default=dict, help_text="line1, line2, city, region, postcode, country")
    country = models.CharField(max_length=2, validators=[check_country], help_text="ISO 3166")
    vat_id = models.CharField("VAT id", max_length=20, blank=True)
    home_currency = models.CharField(
        max_length=3, default="EUR", validators=[check_currency], help_text="ISO 4217: VAT is stated in it too"
    )
    tz = models.CharField("time zone", max_length=40, choices=zones, default="UTC")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    iban = models.CharField("IBAN", max_length=34, blank=True)
    bic = models.CharField("BIC", max_length=11, blank=True)
    register = models.CharField(max_length=200, blank=True, help_text="court and number, for the footer")

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(Upper("code"), name="seller_code_once")]

    def __str__(self):
        return self.legal_name


class Channel(models.Model):
    """Where orders come from, and the rules they live by."""

    class Kind(models.TextChoices):
        WEB = "web", "web shop"
        PHONE = "phone"
        MARKETPLACE = "marketplace"
        STORE = "store", "point of sale"
        B2B = "b2b", "B2B"
        IMPORT = "import"

    class Gate(models.TextChoices):
        NONE = "none", "ship before payment"
        AUTHORISED = "authorised", "when payment is authorised"
        CAPTURED = "captured", "when payment is captured"

    class Shortage(models.TextChoices):
        BACKORDER = "backorder"
        REFUSE = "refuse", "refuse the order"

    class Missing(models.TextChoices):
        SPLIT = "split", "send what is there now"
        WAIT = "wait", "wait for all"
        CANCEL = "cancel", "cancel the missing pieces"

    class Capture(models.TextChoices):
        PLACING = "placing", "when the order is confirmed"
        SHIPPING = "shipping", "when goods ship"
        MANUAL = "manual", "by hand"

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.WEB)
    seller = models.ForeignKey(Seller, models.PROTECT, related_name="channels")
    partner = models.ForeignKey(
        Partner,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="channels",
        help_text="whose keys may write orders",
    )
    currency = models.CharField(max_length=3, default="EUR", validators=[check_currency], help_text="ISO 4217")
    locale = models.CharField(
        max_length=5,
        default="en",
        validators=[check_locale],
        help_text="language of its e-mails unless the order says otherwise",
    )
    prices_include_tax = models.BooleanField(default=True)
    brand_name = models.CharField(max_length=100)
    brand_color = models.CharField(max_length=7, default="#1f4b99")
    brand_logo = LogoField(upload_to="brands/", blank=True)
    support_email = models.EmailField(blank=True)
    support_phone = models.CharField(max_length=40, blank=True)
    gateway = models.CharField(
        max_length=20, choices=gateways, default="manual", help_text="which of GATEWAYS takes its payments"
    )
    payment_gate = models.CharField(max_length=10, choices=Gate, default=Gate.NONE)
    capture_at = models.CharField(max_length=8, choices=Capture, default=Capture.SHIPPING)
    refund_limit = MoneyField(
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="a refund above it needs a second person; empty: none does",
    )
    on_shortage = models.CharField(max_length=9, choices=Shortage, default=Shortage.BACKORDER)
    shortage_hours = models.PositiveSmallIntegerField(
        default=0,
        validators=[MaxValueValidator(14 * 24)],
        help_text="so long a customer may choose what becomes of his order when pieces are missing, and what is "
        "there is kept back; 0: he is not asked, and what is there is sent",
    )
    shortage_default = models.CharField(
        max_length=6, choices=Missing, default=Missing.SPLIT, help_text="where he did not choose in time"
    )
    strategy = models.ForeignKey(
        SourcingStrategy,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="channels",
        help_text="where its orders ship from; none: the fewest parcels, then the cheapest, from any location",
    )
    buffer = models.PositiveIntegerField(
        default=0, help_text="pieces of each SKU at each location that this channel does not sell"
    )
    unpaid_hours = models.PositiveIntegerField(default=72, help_text="an unpaid order is cancelled after so long")
    close_after_days = models.PositiveIntegerField(default=14, help_text="after shipping, without tracking")
    is_muted = models.BooleanField(default=False, help_text="its customers get no e-mail")
    is_paused = models.BooleanField(
        default=False, help_text="takes no orders: what its shops send is kept, and worked once it goes on"
    )
    locations = models.ManyToManyField(Location, blank=True, help_text="may ship its orders; none chosen: all")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(Upper("code"), name="channel_code_once"),
            models.CheckConstraint(
                condition=Q(refund_limit=None) | Q(refund_limit__gte=0), name="channel_refund_limit_not_negative"
            ),
        ]

    def __str__(self):
        return self.name

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.fields.files import ImageFieldFile
from django.db.models.functions import Upper
from django.urls import reverse

from oms.lib.among import among
from oms.lib.money import MoneyField
from oms.lib.prepared import Params, prepared
from oms.lib.world import check_country

MOST_PICTURE_BYTES = 2_000_000
MOST_DAYS = 250  # that making a piece takes


def check_picture(file):
    """Raise ValidationError for a picture that would be slow to load on a hand-held."""
    if file.size > MOST_PICTURE_BYTES:
        raise ValidationError("A picture has at most 2 MB.")


class PictureFile(ImageFieldFile):
    """Files have no address of their own: a picture is shown to staff by a page."""

    @property
    def url(self):
        return self.instance.picture_url


class PictureField(models.ImageField):
    attr_class = PictureFile


class SkuQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def tracked(self):
        """Those whose pieces are told apart, by lot or by serial number."""
        return self.exclude(tracking=Sku.Tracking.NONE)


class SkuManager(models.Manager.from_queryset(SkuQuerySet)):
    def by_codes(self, codes):
        """Return {upper code: Sku} of `codes`; codes are one whatever their case."""
        return {sku.upper_code: sku for sku in _by_codes(codes={code.upper() for code in codes})}

    def scanned(self, code):
        """Return the SKU whose barcode or code is `code`, or None; each is looked up by its own index."""
        upper = code.strip().upper()
        return self.filter(barcodes__code=upper).first() or self.by_codes([upper]).get(upper)


_by_codes = prepared(
    lambda: Sku.objects.annotate(upper_code=Upper("code")).filter(among("upper_code", Params("codes"))).order_by()
)


class Sku(models.Model):
    """The smallest thing that is sold: a good, a download, a service, or a kit of other SKUs."""

    class Kind(models.TextChoices):
        PHYSICAL = "physical"
        DIGITAL = "digital"
        SERVICE = "service"
        KIT = "kit"

    class Tracking(models.TextChoices):
        NONE = "none", "by number of pieces"
        LOT = "lot", "by lot"
        SERIAL = "serial", "by serial number"

    class Rotation(models.TextChoices):
        ANY = "any", "any way"
        UPRIGHT = "upright", "this side up"
        NOT_ON_END = "not_on_end", "not on its ends"

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PHYSICAL)
    tax_class = models.CharField(max_length=20, default="standard", help_text="standard, reduced, zero …")
    image = PictureField(upload_to="skus/", blank=True, validators=[check_picture])
    weight_g = models.PositiveIntegerField(default=0)
    length_mm = models.PositiveIntegerField(default=0)
    width_mm = models.PositiveIntegerField(default=0)
    height_mm = models.PositiveIntegerField(default=0)
    rotation = models.CharField(
        max_length=10, choices=Rotation, default=Rotation.ANY, help_text="how a piece may lie in a carton"
    )
    ships_alone = models.BooleanField(default=False, help_text="each piece in a parcel of its own")
    no_mix_group = models.CharField(
        max_length=20, blank=True, help_text="goods of two different groups never share a carton"
    )
    is_fragile = models.BooleanField(default=False)
    is_hazmat = models.BooleanField("hazardous", default=False)
    hs_code = models.CharField("HS code", max_length=12, blank=True)
    origin = models.CharField(
        max_length=2, blank=True, validators=[check_country], help_text="country of origin, ISO 3166"
    )
    tracking = models.CharField(
        max_length=6, choices=Tracking, default=Tracking.NONE, help_text="how its pieces are told apart"
    )
    unit_cost = MoneyField(
        default=0, validators=[MinValueValidator(0)], help_text="what one piece costs us, in the seller's currency"
    )
    attributes = models.JSONField(default=dict, blank=True, help_text="size, colour …")
    is_active = models.BooleanField(default=True, help_text="can be ordered")
    released_on = models.DateField(
        null=True, blank=True, help_text="orders before this day are pre-orders: nothing of them leaves earlier"
    )
    analogue = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="launches",
        help_text="sold like this one: its history is what is forecast from, until six weeks of our own are known",
    )
    analogue_scale = models.DecimalField(
        max_digits=6,
        decimal_places=2,
        default=1,
        validators=[MinValueValidator(Decimal("0.01"))],
        help_text="pieces sold for each piece of the analogue, as you expect",
    )
    made_at = models.ForeignKey(
        "inventory.Location",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="made to order there: sold without stock, and never bought again by itself",
    )
    made_in_days = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
        help_text="working days from an order until its pieces are made",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SkuManager()

    class Meta:
        verbose_name = "SKU"
        verbose_name_plural = "SKUs"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(Upper("code"), name="sku_code_once"),
            models.CheckConstraint(
                condition=Q(analogue__isnull=True) | ~Q(analogue=F("id")),
                name="sku_not_like_itself",
            ),
            models.CheckConstraint(condition=Q(analogue_scale__gt=0), name="sku_analogue_scale_positive"),
            models.CheckConstraint(condition=Q(unit_cost__gte=0), name="sku_unit_cost_not_negative"),
            models.CheckConstraint(
                condition=Q(made_at=None, made_in_days=None)
                | Q(made_at__isnull=False, made_in_days__isnull=False, kind="physical")
                & Q(made_in_days__gte=1, made_in_days__lte=MOST_DAYS),
                name="sku_made_somewhere_in_days",
                violation_error_message="Goods that are made to order have a place and days; others have neither.",
            ),
        ]

    def __str__(self):
        return self.code

    def clean(self):
        """Refuse another way of tracking while pieces would have no lot or number, and analogues without stock."""
        known = Sku.objects.filter(pk=self.pk).exclude(tracking=self.tracking) if self.pk else Sku.objects.none()
        if known.filter(levels__on_hand__gt=0).exists():
            raise ValidationError({"tracking": "Pieces are in stock: sell or write them off first, then change this."})
        if self.tracking != self.Tracking.NONE and not self.is_stocked:
            raise ValidationError({"tracking": "Only goods that lie on a shelf have lots or serial numbers."})
        if self.pk and self.analogue_id == self.pk:  # forms skip constraints that name the key
            raise ValidationError({"analogue": "A SKU is not its own analogue."})
        if self.analogue and not (self.is_stocked and self.analogue.is_stocked):
            raise ValidationError({"analogue": "Only goods that lie on a shelf are forecast, one from another."})
        if self.made_at and not self.made_at.tracks_stock:
            raise ValidationError({"made_at": "What is made is booked in: choose a location that counts its stock."})

    @property
    def picture_url(self):
        """Where its picture is shown to staff, or ""."""
        return reverse("stock:picture", args=[self.pk]) if self.pk and self.image else ""

    def is_preorder(self, today):
        """Whether it is ordered before its release."""
        return self.released_on is not None and today < self.released_on

    @property
    def is_made_to_order(self):
        return self.made_at_id is not None

    @property
    def is_kit(self):
        return self.kind == self.Kind.KIT

    @property
    def is_stocked(self):
        """Whether pieces of it lie on a shelf."""
        return self.kind == self.Kind.PHYSICAL


class SkuBarcode(models.Model):
    """A code that a scanner reads for a SKU; a case's code stands for several pieces."""

    sku = models.ForeignKey(Sku, models.CASCADE, related_name="barcodes")
    code = models.CharField(max_length=48, unique=True, help_text="GTIN or any other code, upper case")
    pieces = models.PositiveIntegerField(default=1, help_text="pieces per scan")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pieces__gt=0), name="barcode_has_pieces")]

    def __str__(self):
        return self.code

    def clean(self):
        self.code = self.code.strip().upper()


class KitComponent(models.Model):
    """That one kit holds `quantity` pieces of a component."""

    kit = models.ForeignKey(Sku, models.CASCADE, related_name="components")
    component = models.ForeignKey(Sku, models.PROTECT, related_name="in_kits")
    quantity = models.PositiveIntegerField(help_text="pieces in one kit")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kit", "component"], name="component_once_per_kit"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="component_not_empty"),
            models.CheckConstraint(condition=~Q(kit=F("component")), name="kit_not_in_itself"),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.component} in {self.kit}"

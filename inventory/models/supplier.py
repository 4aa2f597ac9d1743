from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from inventory.models.location import Location
from inventory.models.sku import Sku
from oms.lib.money import MoneyField
from oms.lib.world import check_currency


class SupplierQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)


class Supplier(models.Model):
    """A company that we buy from: what it is called, where its orders go and how it delivers."""

    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        GERMAN = "de", "German"

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    email = models.EmailField("e-mail", blank=True, help_text="where purchase orders are sent")
    phone = models.CharField(max_length=40, blank=True)
    address = models.JSONField(default=dict, blank=True, help_text="line1, line2, city, region, postcode, country")
    account_number = models.CharField(max_length=40, blank=True, help_text="the number we have as its customer")
    language = models.CharField(max_length=2, choices=Language, default=Language.ENGLISH)
    currency = models.CharField(
        max_length=3, default="EUR", validators=[check_currency], help_text="ISO 4217: what its prices are in"
    )
    partner = models.ForeignKey(
        "partners.Partner",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="suppliers",
        help_text="whose API keys see its purchase orders",
    )
    location = models.OneToOneField(
        Location,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supplier",
        verbose_name="drop-ship location",
        help_text="where orders are sent that it ships to customers itself",
    )
    lead_days = models.PositiveSmallIntegerField(
        "lead time", default=14, help_text="days from sending an order to the goods, where nothing was learned yet"
    )
    lead_days_late = models.PositiveSmallIntegerField(
        "late lead time", default=21, help_text="days within which nine of ten deliveries come"
    )
    approval_over = MoneyField(
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="a purchase order worth more is approved by somebody else than its author",
    )
    free_freight_from = MoneyField(
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="it pays the freight of orders from this amount on",
    )
    over_delivery_percent = models.PositiveSmallIntegerField(
        "over-delivery", default=10, help_text="percent more than ordered that the dock takes without asking"
    )
    is_active = models.BooleanField(default=True)

    objects = SupplierQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(Upper("code"), name="supplier_code_once"),
            models.CheckConstraint(condition=Q(lead_days_late__gte=F("lead_days")), name="supplier_late_is_not_early"),
            models.CheckConstraint(condition=Q(over_delivery_percent__lte=100), name="supplier_over_delivery_bounded"),
            models.CheckConstraint(
                condition=Q(approval_over=None) | Q(approval_over__gte=0), name="supplier_approval_over_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(free_freight_from=None) | Q(free_freight_from__gte=0),
                name="supplier_free_freight_from_not_negative",
            ),
        ]

    def __str__(self):
        return self.code


class SupplierSkuQuerySet(models.QuerySet):
    def preferred_first(self):
        """Those that can be ordered: of each SKU the preferred supplier's before the others'."""
        return self.filter(supplier__is_active=True).order_by("sku_id", "-is_preferred", "pk")

    def with_prices(self):
        """With what `cost_of` and the lead times read."""
        return self.select_related("supplier", "sku").prefetch_related("prices")


class SupplierSku(models.Model):
    """That a supplier sells a SKU: what it calls it, in which lots, and how long that takes."""

    supplier = models.ForeignKey(Supplier, models.CASCADE, related_name="skus")
    sku = models.ForeignKey(Sku, models.CASCADE, related_name="suppliers", verbose_name="SKU")
    code = models.CharField("supplier's code", max_length=40, help_text="what the supplier calls it")
    moq = models.PositiveIntegerField(
        "minimum", default=1, validators=[MinValueValidator(1)], help_text="fewest pieces it sells at once"
    )
    pack_size = models.PositiveIntegerField(
        default=1, validators=[MinValueValidator(1)], help_text="pieces in a pack: it sells whole packs only"
    )
    lead_days_p50 = models.PositiveSmallIntegerField(
        "usual days", null=True, blank=True, editable=False, help_text="half of the deliveries came within these days"
    )
    lead_days_p90 = models.PositiveSmallIntegerField(
        "late days", null=True, blank=True, editable=False, help_text="nine of ten deliveries came within these days"
    )
    is_preferred = models.BooleanField(default=False, help_text="the one we order from unless somebody says otherwise")

    objects = SupplierSkuQuerySet.as_manager()

    class Meta:
        verbose_name = "supplier's SKU"
        ordering = ["supplier", "sku"]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "sku"], name="supplier_sku_once"),
            models.UniqueConstraint(fields=["sku"], condition=Q(is_preferred=True), name="supplier_sku_one_preferred"),
            models.CheckConstraint(condition=Q(moq__gt=0), name="supplier_sku_minimum"),
            models.CheckConstraint(condition=Q(pack_size__gt=0), name="supplier_sku_pack_not_empty"),
            models.CheckConstraint(
                condition=Q(lead_days_p90__gte=F("lead_days_p50")), name="supplier_sku_late_is_not_early"
            ),
        ]

    def __str__(self):
        return f"{self.sku} from {self.supplier}"

    @property
    def lead_days(self):
        """Days within which half of the deliveries come: as learned from receipts, else the supplier's."""
        return self.supplier.lead_days if self.lead_days_p50 is None else self.lead_days_p50

    @property
    def lead_days_late(self):
        """Days within which nine of ten deliveries come (p90): what a customer may be promised by."""
        return self.supplier.lead_days_late if self.lead_days_p90 is None else self.lead_days_p90

    def cost_of(self, pieces):
        """Return what one of `pieces` costs, in the supplier's currency; None where it has no price at all.

        Below the first step the first step's price holds.
        """
        steps = sorted(self.prices.all(), key=lambda step: step.min_quantity)
        reached = [step.cost for step in steps if step.min_quantity <= pieces]
        return reached[-1] if reached else steps[0].cost if steps else None

    def orderable(self, pieces):
        """Return the fewest pieces of at least `pieces` that it sells: the minimum, in whole packs."""
        wanted = max(pieces, self.moq)
        return -(-wanted // self.pack_size) * self.pack_size


class SupplierPrice(models.Model):
    """What one piece costs, in the supplier's currency, where at least `min_quantity` are ordered."""

    supplier_sku = models.ForeignKey(SupplierSku, models.CASCADE, related_name="prices")
    min_quantity = models.PositiveIntegerField("from", default=1, validators=[MinValueValidator(1)])
    cost = MoneyField(validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(10) ** 9)])

    class Meta:
        ordering = ["supplier_sku", "min_quantity"]
        constraints = [
            models.UniqueConstraint(fields=["supplier_sku", "min_quantity"], name="supplier_price_once_per_step"),
            models.CheckConstraint(condition=Q(min_quantity__gt=0), name="supplier_price_from_one"),
            models.CheckConstraint(condition=Q(cost__gte=0), name="supplier_price_not_negative"),
        ]

    def __str__(self):
        return f"{self.cost} from {self.min_quantity}"

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from inventory.models import Sku
from oms.lib.money import MoneyField
from oms.lib.prepared import Param, prepared
from orders.models.order import Order


class OrderLineQuerySet(models.QuerySet):
    def priced(self):
        """Lines that carry a price: all but the parts of kits."""
        return self.filter(parent=None)

    def leaves(self):
        """Lines that are counted, allocated and shipped: all but kits."""
        return self.exclude(kind=Sku.Kind.KIT)


class OrderLineManager(models.Manager.from_queryset(OrderLineQuerySet)):
    def lock_of(self, order):
        """Return the lines of `order`, locked, in pk order."""
        return _locked(order=order.pk)


_locked = prepared(
    lambda: OrderLine.objects.filter(order=Param("order")).order_by("pk").select_for_update(of=("self",))
)


class OrderLine(models.Model):
    """So many of a SKU at a price, for which net + tax = gross.

    Where the order's prices include tax, gross = quantity × unit price − discount exactly; else net is.
    A kit's line holds price and tax; its parts' lines are allocated, shipped and counted, and the kit's
    counters follow theirs. A part's `price_share` is what it is worth when it is returned without the rest:
    spread by what the parts cost us, or by their pieces where a cost is unknown; they add up to the kit's gross.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="parts")
    per_kit = models.PositiveIntegerField(default=0, help_text="pieces of this part in one kit")
    price_share = MoneyField(
        default=Decimal(0), help_text="of a kit's part: what of the kit's gross falls on all its pieces"
    )
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="+")
    sku_code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Sku.Kind, default=Sku.Kind.PHYSICAL)
    external_id = models.CharField(max_length=60, blank=True, help_text="the line's id at the channel")
    quantity = models.PositiveIntegerField(help_text="pieces")
    unit_price = MoneyField(default=Decimal(0), help_text="as the channel states it, with or without tax")
    discount = MoneyField(default=Decimal(0), help_text="off the whole line, its share of order discounts included")
    order_discount = MoneyField(default=Decimal(0), help_text="what of `discount` is its share of order discounts")
    tax_class = models.CharField(max_length=20, default="standard")
    tax_rate = models.DecimalField(max_digits=7, decimal_places=5, default=Decimal(0))
    net = MoneyField(default=Decimal(0))
    tax = MoneyField(default=Decimal(0))
    gross = MoneyField(default=Decimal(0))
    personalisation = models.CharField(max_length=500, blank=True)

    cancelled = models.PositiveIntegerField(default=0, help_text="pieces")
    on_floor = models.PositiveIntegerField(default=0, help_text="pieces a warehouse works on")
    shipped = models.PositiveIntegerField(default=0, help_text="pieces")
    delivered = models.PositiveIntegerField(default=0, help_text="pieces")
    return_requested = models.PositiveIntegerField(default=0, help_text="pieces announced, not yet back")
    returned = models.PositiveIntegerField(default=0, help_text="pieces")

    objects = OrderLineManager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="line_position_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_not_empty"),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="line_price_not_negative"),
            models.CheckConstraint(condition=Q(gross=F("net") + F("tax")), name="line_gross_is_net_and_tax"),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("cancelled") + F("shipped") + F("on_floor")),
                name="line_not_overshipped",
            ),
            models.CheckConstraint(
                condition=Q(shipped__gte=F("returned") + F("return_requested"), delivered__lte=F("shipped")),
                name="line_not_overreturned",
            ),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.sku_code}"

    @property
    def is_part(self):
        return self.per_kit > 0  # true of unsaved lines too

    @property
    def open_quantity(self):
        """Pieces still to come: neither cancelled nor shipped."""
        return self.quantity - self.cancelled - self.shipped

    @property
    def returnable(self):
        return self.shipped - self.returned - self.return_requested


class OrderCharge(models.Model):
    """Money on an order that is no good: shipping, a fee, a tip, duty, or a channel's rounding."""

    class Kind(models.TextChoices):
        SHIPPING = "shipping"
        FEE = "fee"
        TIP = "tip"
        DUTY = "duty"
        ROUNDING = "rounding"

    order = models.ForeignKey(Order, models.CASCADE, related_name="charges")
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=100)
    net = MoneyField()
    tax_rate = models.DecimalField(max_digits=7, decimal_places=5, default=Decimal(0))
    tax = MoneyField(default=Decimal(0))
    gross = MoneyField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(gross=F("net") + F("tax")), name="charge_gross_is_net_and_tax"),
        ]

    def __str__(self):
        return f"{self.name}: {self.gross}"


class OrderDiscount(models.Model):
    """Why the lines of an order cost less; the amounts themselves are spread into the lines."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="discounts")
    code = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=100)
    amount = MoneyField(help_text="as the channel states it, with or without tax")

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="discount_is_positive")]

    def __str__(self):
        return f"{self.name}: {self.amount}"

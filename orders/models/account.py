from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import timezone

from oms.lib.money import MoneyField
from orders.models.channel import Channel
from orders.models.customer import Customer
from orders.models.line import OrderLine


class AccountEntry(models.Model):
    """A voucher of another system's books that is no order: taken over by a historic import, never made here.

    A credit is a `C…` invoice of the old system, an adjustment a booking on an account, a write-off
    goods that left without a sale. `net` is signed as the voucher states it: a credit is negative.
    """

    class Kind(models.TextChoices):
        CREDIT = "credit"
        ADJUSTMENT = "adjustment"
        WRITE_OFF = "write_off", "write-off"

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="account_entries")
    external_id = models.CharField(max_length=60, help_text="the voucher's number in the old system")
    kind = models.CharField(max_length=10, choices=Kind)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="account_entries")
    currency = models.CharField(max_length=3, help_text="ISO 4217")
    net = MoneyField(default=Decimal(0))
    at = models.DateTimeField(default=timezone.now, help_text="the voucher's own date")
    imported_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "account entries"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "external_id"], name="account_entry_once_per_channel"),
        ]
        indexes = [models.Index(fields=["kind", "-id"], name="account_entry_by_kind")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.external_id}"


class AccountLine(models.Model):
    """One line of a voucher; where it undoes a line of an order, which and how.

    `quantity` is signed as on the voucher, `net` = quantity × unit price exactly.
    """

    class Kind(models.TextChoices):
        GOODS = "goods"
        CHARGE = "charge"
        DISCOUNT = "discount"

    class Effect(models.TextChoices):
        NONE = "", "stands alone"
        RETURNED = "returned"
        CANCELLED = "cancelled"

    entry = models.ForeignKey(AccountEntry, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(help_text="several where one line undoes several")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.GOODS)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True)
    quantity = models.IntegerField(help_text="pieces")
    unit_price = MoneyField(default=Decimal(0))
    net = MoneyField(default=Decimal(0))
    effect = models.CharField(max_length=9, choices=Effect, default=Effect.NONE, blank=True)
    order_line = models.ForeignKey(OrderLine, models.CASCADE, null=True, blank=True, related_name="account_lines")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(effect="", order_line=None) | (~Q(effect="") & Q(order_line__isnull=False)),
                name="account_line_effect_has_line",
            ),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.code}"

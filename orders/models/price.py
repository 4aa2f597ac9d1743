from django.db import models
from django.db.models import Q
from django.utils import timezone

from inventory.models import Sku
from oms.lib.money import MoneyField
from orders.models.channel import Channel


class PriceQuerySet(models.QuerySet):
    def current(self, now):
        return self.filter(valid_from__lte=now)


class Price(models.Model):
    """What a channel asks for one piece, from a quantity and a moment on.

    The latest `valid_from` wins, then the largest `min_qty` that the line reaches. In the channel's
    currency; with tax where the channel's prices include it.
    """

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="prices")
    sku = models.ForeignKey(Sku, models.CASCADE, related_name="prices")
    min_qty = models.PositiveIntegerField("from quantity", default=1)
    amount = MoneyField()
    valid_from = models.DateTimeField(default=timezone.now)

    objects = PriceQuerySet.as_manager()

    class Meta:
        ordering = ["channel", "sku", "min_qty", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["sku", "channel", "min_qty", "valid_from"], name="price_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="price_not_negative"),
            models.CheckConstraint(condition=Q(min_qty__gt=0), name="price_from_one"),
        ]

    def __str__(self):
        return f"{self.sku} in {self.channel}: {self.amount}"

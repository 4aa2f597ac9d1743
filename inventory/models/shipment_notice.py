from django.db import models
from django.db.models import Q
from django.utils import timezone

from inventory.models.purchase import PurchaseLine, PurchaseOrder


class ShipmentNotice(models.Model):
    """What a supplier says is on its way (an ASN): one truck, one delivery note, the day it comes."""

    order = models.ForeignKey(PurchaseOrder, models.PROTECT, related_name="notices")
    delivery_note = models.CharField(max_length=60, help_text="what the dock scans")
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True)
    arrives_on = models.DateField()
    actor = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "announced shipment"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "delivery_note"], name="notice_once_per_note"),
            models.CheckConstraint(condition=~Q(delivery_note=""), name="notice_has_note"),
        ]
        indexes = [models.Index(fields=["delivery_note"], name="notice_by_note")]

    def __str__(self):
        return self.delivery_note


class NoticeLine(models.Model):
    """So many pieces of a purchase line in an announced shipment."""

    notice = models.ForeignKey(ShipmentNotice, models.CASCADE, related_name="lines")
    purchase_line = models.ForeignKey(PurchaseLine, models.PROTECT, related_name="notice_lines")
    quantity = models.PositiveIntegerField(help_text="pieces")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "purchase_line"], name="notice_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="notice_line_not_empty"),
        ]

    def __str__(self):
        return f"{self.quantity} of {self.purchase_line}"

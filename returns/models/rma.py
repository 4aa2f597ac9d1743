from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from inventory.models import Location
from oms.lib.errors import InvalidTransition
from oms.lib.money import MoneyField
from orders.models import Order, OrderLine, Refund

FIRST_NUMBER = 10_000


class ReturnQuerySet(models.QuerySet):
    def open(self):
        return self.exclude(status__in=Return.ENDED)

    def numbered(self, number):
        """The return with this number, as a person types it: R10007."""
        digits = str(number).strip().upper().removeprefix("R")
        is_number = digits.isascii() and digits.isdigit() and len(digits) < 18
        return self.filter(pk=int(digits) - FIRST_NUMBER) if is_number else self.none()


class Return(models.Model):
    """Goods of an order that come back: an RMA. Guarded by the order's lock, as all of the order is."""

    class Status(models.TextChoices):
        REQUESTED = "requested"
        APPROVED = "approved"
        IN_TRANSIT = "in_transit", "on its way"
        RECEIVED = "received"
        INSPECTED = "inspected"
        RESOLVED = "resolved"
        DECLINED = "declined"
        EXPIRED = "expired"

    NEXT = {
        Status.REQUESTED: {Status.APPROVED, Status.DECLINED},
        Status.APPROVED: {Status.IN_TRANSIT, Status.RECEIVED, Status.DECLINED, Status.EXPIRED},
        Status.IN_TRANSIT: {Status.RECEIVED, Status.EXPIRED},
        Status.RECEIVED: {Status.INSPECTED},
        Status.INSPECTED: {Status.RESOLVED},
        Status.RESOLVED: set(),
        Status.DECLINED: set(),
        Status.EXPIRED: set(),
    }
    ENDED = (Status.RESOLVED, Status.DECLINED, Status.EXPIRED)

    order = models.ForeignKey(Order, models.PROTECT, related_name="rmas")
    location = models.ForeignKey(Location, models.PROTECT, related_name="+", help_text="where the goods go")
    status = models.CharField(max_length=10, choices=Status, default=Status.REQUESTED, editable=False)
    fee = MoneyField(default=Decimal(0), help_text="kept from the refund, with tax")
    customer_note = models.CharField(max_length=1000, blank=True)
    decline_reason = models.CharField(max_length=300, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True)
    requested_by = models.CharField(max_length=40, default="system")
    requested_at = models.DateTimeField(default=timezone.now)
    approved_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    refund = models.OneToOneField(Refund, models.PROTECT, null=True, blank=True, related_name="rma")

    objects = ReturnQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(fee__gte=0), name="rma_fee_not_negative")]
        indexes = [
            models.Index(fields=["status", "-id"], name="rma_by_status"),
            models.Index(
                fields=["expires_at"], name="rma_expiring", condition=Q(status__in=["approved", "in_transit"])
            ),
        ]
        permissions = [("approve_return", "Can approve and decline returns"), ("inspect_return", "Can inspect returns")]

    def __str__(self):
        return self.number

    @property
    def number(self) -> str:
        """What people call it, and what its barcode says."""
        return f"R{FIRST_NUMBER + self.pk}" if self.pk else "new"

    @property
    def is_open(self):
        return self.status not in self.ENDED

    def publish(self, name, *, order, actor="system"):
        """Record that `name` happened to this return, as the next event of its locked `order`."""
        return order.publish(name, actor=actor, rma=self.pk, return_number=self.number)

    def move_to(self, status):
        """Set `status` under the order's lock; raises InvalidTransition when NEXT does not allow it."""
        if status not in self.NEXT[self.status]:
            raise InvalidTransition(
                f"Return {self} is {self.get_status_display()} and cannot become {self.Status(status).label}."
            )
        self.status = status
        stamps = {"approved": "approved_at", "received": "received_at", "resolved": "resolved_at"}
        if status in stamps:
            setattr(self, stamps[status], timezone.now())
        self.save()


class ReturnLine(models.Model):
    """So many pieces of an order line that come back, and why. A kit comes back as its parts."""

    class Reason(models.TextChoices):
        UNWANTED = "unwanted", "Changed mind"
        TOO_SMALL = "too_small", "Too small"
        TOO_LARGE = "too_large", "Too large"
        NOT_AS_DESCRIBED = "not_as_described", "Not as described"
        DAMAGED = "damaged", "Arrived damaged"
        FAULTY = "faulty", "Does not work"
        WRONG = "wrong", "Wrong goods sent"
        LATE = "late", "Came too late"
        UNDELIVERABLE = "undeliverable"

    OUR_FAULT = (Reason.NOT_AS_DESCRIBED, Reason.DAMAGED, Reason.FAULTY, Reason.WRONG, Reason.LATE)

    rma = models.ForeignKey(Return, models.CASCADE, related_name="lines")
    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="return_lines")
    quantity = models.PositiveIntegerField(help_text="pieces announced")
    received = models.PositiveIntegerField(default=0, help_text="pieces that came")
    reason = models.CharField(max_length=16, choices=Reason, default=Reason.UNWANTED)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["rma", "line"], name="rma_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="rma_line_not_empty"),
            models.CheckConstraint(condition=Q(received__lte=F("quantity")), name="rma_line_not_overreceived"),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.line.sku_code}"

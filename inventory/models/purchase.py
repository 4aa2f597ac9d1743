from decimal import Decimal

from django.db import models
from django.db.models import DateField, ExpressionWrapper, F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from inventory.models.location import Location
from inventory.models.sku import Sku
from inventory.models.supplier import Supplier
from oms.lib.errors import InvalidTransition
from oms.lib.money import ZERO, MoneyField
from oms.outbox.publish import publish

FIRST_NUMBER = 10_000


class PurchaseOrderQuerySet(models.QuerySet):
    def open(self):
        """Those of which something is still to be done."""
        return self.exclude(status__in=PurchaseOrder.ENDED)

    def overdue(self, today):
        """Those of which pieces should have come before `today`."""
        return self.filter(pk__in=PurchaseLine.objects.late(today).values("order"))

    def numbered(self, number):
        """The purchase order with this number, as a person types or scans it: P10007."""
        digits = str(number).strip().upper().removeprefix("P")
        is_number = digits.isascii() and digits.isdigit() and len(digits) < 18
        return self.filter(pk=int(digits) - FIRST_NUMBER) if is_number else self.none()

    def with_value(self):
        """Annotate `value`: what all lines cost, in the order's currency."""
        return self.annotate(value=Sum(F("lines__quantity") * F("lines__cost"), output_field=MoneyField()))

    def lock(self, pk):
        """Return the locked purchase order; its lock comes before any of stock."""
        return self.select_for_update(of=("self",)).select_related("supplier", "location").get(pk=pk)


class PurchaseOrder(models.Model):
    """What we order from a supplier for one location. Its lock guards its lines and its receipts."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        APPROVED = "approved"
        SENT = "sent"
        CONFIRMED = "confirmed"
        PART_RECEIVED = "part_received", "part received"
        RECEIVED = "received"
        CLOSED_SHORT = "closed_short", "closed short"
        CANCELLED = "cancelled"

    NEXT = {
        Status.DRAFT: {Status.APPROVED, Status.CANCELLED},
        Status.APPROVED: {Status.DRAFT, Status.SENT, Status.CANCELLED},
        Status.SENT: {Status.CONFIRMED, Status.PART_RECEIVED, Status.RECEIVED, Status.CLOSED_SHORT, Status.CANCELLED},
        Status.CONFIRMED: {Status.PART_RECEIVED, Status.RECEIVED, Status.CLOSED_SHORT, Status.CANCELLED},
        Status.PART_RECEIVED: {Status.RECEIVED, Status.CLOSED_SHORT},
        Status.RECEIVED: set(),
        Status.CLOSED_SHORT: set(),
        Status.CANCELLED: set(),
    }
    UNDERWAY = (Status.SENT, Status.CONFIRMED, Status.PART_RECEIVED)
    ENDED = (Status.RECEIVED, Status.CLOSED_SHORT, Status.CANCELLED)

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="orders")
    location = models.ForeignKey(Location, models.PROTECT, related_name="purchases", help_text="where the goods go")
    status = models.CharField(max_length=13, choices=Status, default=Status.DRAFT, editable=False)
    currency = models.CharField(max_length=3, help_text="ISO 4217")
    home_currency = models.CharField(max_length=3, help_text="ISO 4217: what our costs are in")
    home_rate = models.DecimalField(
        max_digits=16, decimal_places=8, default=1, help_text="home currency for one unit of the order's"
    )
    bill_to = models.JSONField(default=dict, blank=True, help_text="who buys: name, vat_id, line1, city …")
    supplier_reference = models.CharField(max_length=60, blank=True, help_text="the supplier's own order number")
    note = models.CharField(max_length=1000, blank=True, help_text="for the supplier, printed on the order")
    key = models.CharField(  # noqa: DJ001 (NULL, for a unique key that most rows lack)
        max_length=80, null=True, editable=False, help_text="idempotency key of whoever drafted it"
    )
    created_by = models.CharField(max_length=40, default="system")
    created_at = models.DateTimeField(default=timezone.now)
    changed_by = models.CharField(max_length=40, default="system", help_text="who last changed its lines")
    approved_by = models.CharField(max_length=40, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="received, closed short or cancelled")
    end_reason = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, help_text="counts changes: the API's ETag")
    event_counter = models.PositiveIntegerField(default=0, editable=False)

    objects = PurchaseOrderQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        permissions = [
            ("approve_purchaseorder", "Can approve purchase orders"),
            ("send_purchaseorder", "Can send purchase orders to suppliers"),
            ("accept_over_delivery", "Can accept more than was ordered"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="purchase_once_per_key"),
            models.CheckConstraint(condition=Q(home_rate__gt=0), name="purchase_rate_is_positive"),
            models.CheckConstraint(
                condition=~Q(status__in=["sent", "confirmed", "part_received"]) | Q(sent_at__isnull=False),
                name="purchase_underway_was_sent",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-id"], name="purchase_by_status"),
            models.Index(fields=["supplier", "-id"], name="purchase_by_supplier"),
            models.Index(fields=["location", "-id"], name="purchase_by_location"),
        ]

    def __str__(self):
        return self.number

    @property
    def number(self) -> str:
        """What people call it, and what the barcode on its PDF says."""
        return f"P{FIRST_NUMBER + self.pk}" if self.pk else "new"

    @property
    def subject(self):
        return f"purchase:{self.pk}"

    @property
    def is_draft(self):
        return self.status == self.Status.DRAFT

    @property
    def is_underway(self):
        return self.status in self.UNDERWAY

    @property
    def is_ended(self):
        return self.status in self.ENDED

    def total(self):
        """Return what its lines cost in its currency; one statement."""
        return self.lines.value()

    def move_to(self, status):
        """Set `status` on a locked order; raises InvalidTransition when NEXT does not allow it."""
        if status not in self.NEXT[self.status]:
            raise InvalidTransition(
                f"Purchase order {self} is {self.get_status_display().lower()} and cannot become "
                f"{self.Status(status).label.lower()}."
            )
        self.status = status
        stamps = {"approved": "approved_at", "sent": "sent_at", "confirmed": "confirmed_at"}
        stamp = stamps.get(status) or ("ended_at" if status in self.ENDED else None)
        if stamp:
            setattr(self, stamp, timezone.now())
        self.save()

    def publish(self, name, *, actor="system", **data):
        """Record that `name` happened to this locked order, as the next event of its history."""
        self.event_counter += 1
        self.version += 1
        type(self).objects.filter(pk=self.pk).update(event_counter=self.event_counter, version=self.version)
        if self.supplier.partner_id:
            data["partner"] = self.supplier.partner_id
        return publish(name, self.subject, sequence=self.event_counter, actor=actor, purchase=self.pk, **data)


class PurchaseLineQuerySet(models.QuerySet):
    def inbound(self):
        """The lines of which pieces are on their way, each with what a promise needs.

        Annotated are `location_id` (where they go), `pieces` (still to come) and `arrives_on`: the day
        the supplier confirmed, else by the p90 of its lead time counted from the sending. That day may
        lie in the past: the goods are overdue then, and nobody knows when they come.
        """
        arrival = Coalesce("confirmed_on", "expected_on", output_field=DateField())
        return self.filter(
            order__status__in=PurchaseOrder.UNDERWAY, quantity__gt=F("received"), expected_on__isnull=False
        ).annotate(
            location_id=F("order__location_id"),
            pieces=ExpressionWrapper(F("quantity") - F("received"), output_field=models.IntegerField()),
            arrives_on=arrival,
        )

    def late(self, today):
        """The inbound lines that should have come before `today`."""
        return self.inbound().filter(arrives_on__lt=today)

    def value(self):
        """What the lines cost together, in their order's currency."""
        return self.aggregate(n=Sum(F("quantity") * F("cost"), output_field=MoneyField()))["n"] or ZERO


class PurchaseLine(models.Model):
    """So many pieces of a SKU that are ordered, at a cost, and how many of them have come."""

    order = models.ForeignKey(PurchaseOrder, models.CASCADE, related_name="lines")
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="purchase_lines")
    supplier_code = models.CharField(max_length=40, blank=True, help_text="what the supplier calls it")
    quantity = models.PositiveIntegerField(help_text="pieces ordered")
    received = models.PositiveIntegerField(default=0, help_text="pieces that came, good or damaged")
    cost = MoneyField(default=Decimal(0), help_text="of one piece, in the order's currency")
    expected_on = models.DateField(null=True, blank=True, help_text="by the late lead time, set when it is sent")
    confirmed_on = models.DateField(null=True, blank=True, help_text="the day the supplier named")

    objects = PurchaseLineQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "sku"], name="purchase_line_once_per_sku"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="purchase_line_not_empty"),
            models.CheckConstraint(condition=Q(cost__gte=0), name="purchase_line_cost_not_negative"),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.sku} on {self.order}"

    @property
    def open(self):
        """Pieces that have not come."""
        return max(self.quantity - self.received, 0)

    @property
    def due_on(self):
        """The day its pieces are awaited, or None before it was sent."""
        return self.confirmed_on or self.expected_on

    @property
    def amount(self):
        """What it costs, in the order's currency."""
        return self.quantity * self.cost

from itertools import count

from django.db import models
from django.db.models import Q
from django.utils import timezone

from fulfilment.models.carrier import Carrier
from fulfilment.models.fulfilment_order import FulfilmentLine, FulfilmentOrder
from inventory.models import Location
from oms.lib.errors import InvalidTransition
from oms.lib.money import MoneyField
from oms.lib.prepared import Param, prepared
from orders.models import Order


class ParcelQuerySet(models.QuerySet):
    def gone(self):
        """Parcels whose goods are booked out."""
        return self.filter(status__in=Parcel.GONE)

    def on_the_way(self):
        """Parcels that left, or stand ready to, and have not arrived."""
        return self.filter(status__in=[Parcel.Status.SHIPPED, Parcel.Status.HANDED_OVER])

    def to_hand_over(self):
        """Parcels that are shipped in the books and still stand in the building."""
        return self.filter(status=Parcel.Status.SHIPPED, fulfilment_order__method="ship")

    def not_manifested(self):
        """Packed parcels that still stand in our buildings: at the end of the day there must be none."""
        rows = self.filter(status__in=(Parcel.Status.PACKED, Parcel.Status.SHIPPED), fulfilment_order__method="ship")
        return rows.filter(fulfilment_order__location__kind__in=Location.STAFFED)

    def on_road(self):
        """Parcels that a carrier has or should have: handed over, seen by it, or sent by somebody else's people."""
        shipped = Parcel.objects.filter(status=Parcel.Status.SHIPPED)
        elsewhere = Q(status=Parcel.Status.SHIPPED) & ~Q(fulfilment_order__location__kind__in=Location.STAFFED)
        seen = Q(pk__in=shipped.filter(tracking_events__isnull=False).values("pk"))
        rows = self.filter(fulfilment_order__method__in=("ship", "dropship"))
        return rows.filter(Q(status=Parcel.Status.HANDED_OVER) | elsewhere | seen)

    def numbers(self):
        """The numbers of those that are not cancelled."""
        return self.exclude(status=Parcel.Status.CANCELLED).values_list("number", flat=True)

    def free_number(self):
        """Return the lowest number of a fulfilment order's parcels that is free; a cancelled parcel leaves its own."""
        taken = set(self.numbers())
        return next(number for number in count(1) if number not in taken)


class ParcelManager(models.Manager.from_queryset(ParcelQuerySet)):
    def lock_of(self, fulfilment_order):
        """Return the parcels of a fulfilment order, locked, in pk order."""
        return _locked(fulfilment_order=fulfilment_order.pk)


_locked = prepared(
    lambda: (
        Parcel.objects.filter(fulfilment_order=Param("fulfilment_order"))
        .select_related("carrier")
        .order_by("pk")
        .select_for_update(of=("self",))
    )
)


class Parcel(models.Model):
    """One box (or download, or bag over the counter) that goes to the customer of an order."""

    class Status(models.TextChoices):
        PACKING = "packing"
        PACKED = "packed"
        SHIPPED = "shipped"
        HANDED_OVER = "handed_over", "handed over"
        DELIVERED = "delivered"
        CANCELLED = "cancelled"

    NEXT = {
        Status.PACKING: {Status.PACKED, Status.CANCELLED},
        Status.PACKED: {Status.PACKING, Status.SHIPPED, Status.CANCELLED},
        Status.SHIPPED: {Status.PACKED, Status.HANDED_OVER, Status.DELIVERED},
        Status.HANDED_OVER: {Status.DELIVERED},
        Status.DELIVERED: set(),
        Status.CANCELLED: set(),
    }
    GONE = (Status.SHIPPED, Status.HANDED_OVER, Status.DELIVERED)

    order = models.ForeignKey(Order, models.PROTECT, related_name="parcels")
    fulfilment_order = models.ForeignKey(FulfilmentOrder, models.PROTECT, related_name="parcels")
    number = models.PositiveSmallIntegerField(help_text="counts the parcels of its fulfilment order")
    status = models.CharField(max_length=11, choices=Status, default=Status.PACKING, editable=False)
    weight_g = models.PositiveIntegerField(null=True, blank=True, help_text="as weighed")
    length_mm = models.PositiveIntegerField(null=True, blank=True)
    width_mm = models.PositiveIntegerField(null=True, blank=True)
    height_mm = models.PositiveIntegerField(null=True, blank=True)
    insured = MoneyField(null=True, blank=True, help_text="for so much, in the order's currency; empty: it is not")
    carrier = models.ForeignKey(Carrier, models.PROTECT, null=True, blank=True, related_name="parcels")
    service = models.CharField(max_length=40, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True)
    tracking_page = models.CharField(max_length=200, blank=True, help_text="the carrier's page about it")
    manifest = models.ForeignKey("fulfilment.Manifest", models.PROTECT, null=True, blank=True, related_name="parcels")
    shipments = models.PositiveSmallIntegerField(
        default=0, help_text="how often it was shipped: part of its ledger entries' keys"
    )
    created_at = models.DateTimeField(default=timezone.now)
    sealed_at = models.DateTimeField(null=True, blank=True, help_text="its own label was scanned on it")
    shipped_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True, help_text="when its carrier was last asked where it is")

    objects = ParcelManager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fulfilment_order", "number"], name="parcel_number_once", condition=~Q(status="cancelled")
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["shipped", "handed_over", "delivered"]) | Q(shipped_at__isnull=False),
                name="parcel_shipped_has_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["tracking_number"], name="parcel_tracking", condition=~Q(tracking_number="")),
            models.Index(fields=["-shipped_at"], name="parcel_by_shipped", condition=Q(status="shipped")),
            models.Index(
                fields=["shipped_at"], name="parcel_on_road", condition=Q(status__in=["shipped", "handed_over"])
            ),
            models.Index(
                fields=["asked_at"], name="parcel_on_the_way", condition=Q(status__in=["shipped", "handed_over"])
            ),
        ]
        permissions = [
            ("pack_parcel", "Can pack parcels"),
            ("ship_parcel", "Can ship parcels"),
            ("unship_parcel", "Can take a shipment back"),
        ]

    def __str__(self):
        return f"P{self.pk}"

    @property
    def place(self):
        """Return (which, of how many) it is among the parcels of its fulfilment order that are not cancelled."""
        numbers = list(self.fulfilment_order.parcels.numbers())
        return sum(number <= self.number for number in numbers), len(numbers)

    @property
    def state(self):
        """Its status in the middle of a sentence."""
        return self.get_status_display().lower()

    @property
    def awaits_label(self):
        """Whether its carrier was asked for a label and has not given it yet."""
        return any(label.status == "pending" for label in self.labels.all())

    @property
    def tracking_url(self):
        """The carrier's page for it, or "" where there is none."""
        if self.tracking_page:
            return self.tracking_page
        return self.carrier.tracking_link(self.tracking_number) if self.carrier and self.tracking_number else ""

    def move_to(self, status):
        """Set `status` under the order's lock; raises InvalidTransition when NEXT does not allow it."""
        if status not in self.NEXT[self.status]:
            wish = self.Status(status).label.lower()
            raise InvalidTransition(f"Parcel {self} is {self.state} and cannot become {wish}.")
        self.status, now = status, timezone.now()
        if status == self.Status.SHIPPED:
            self.shipped_at, self.shipments = now, self.shipments + 1
        if status == self.Status.DELIVERED:
            self.delivered_at = self.delivered_at or now
        self.save(update_fields=["status", "shipped_at", "shipments", "delivered_at"])


class ParcelLine(models.Model):
    """So many pieces of a fulfilment line in a parcel."""

    parcel = models.ForeignKey(Parcel, models.CASCADE, related_name="lines")
    fulfilment_line = models.ForeignKey(FulfilmentLine, models.PROTECT, related_name="parcel_lines")
    sku = models.ForeignKey("inventory.Sku", models.PROTECT, related_name="+")
    lot = models.ForeignKey("inventory.Lot", models.PROTECT, null=True, blank=True, related_name="parcel_lines")
    quantity = models.PositiveIntegerField(help_text="pieces")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["parcel", "fulfilment_line"], name="parcel_line_once", condition=Q(lot__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["parcel", "fulfilment_line", "lot"],
                name="parcel_line_once_a_lot",
                condition=Q(lot__isnull=False),
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="parcel_line_not_empty"),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.sku} in {self.parcel}"

    def ledger_key(self, verb):
        """Return the key of the ledger entry by which its pieces left ("ship") or came back ("unship")."""
        return f"{verb}:parcel_line:{self.pk}:{self.parcel.shipments}"


class ParcelSerial(models.Model):
    """That the piece with this number is in a parcel, scanned when it was packed."""

    line = models.ForeignKey(ParcelLine, models.CASCADE, related_name="serials")
    serial = models.ForeignKey("inventory.Serial", models.PROTECT, related_name="parcels")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["line", "serial"], name="serial_once_per_parcel_line")]

    def __str__(self):
        return str(self.serial)

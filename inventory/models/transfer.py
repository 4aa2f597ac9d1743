from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from inventory.models.location import Location
from inventory.models.sku import Sku
from oms.lib.errors import InvalidTransition
from oms.outbox.publish import publish

# Pieces of a line that have left the source and are accounted for nowhere yet.
IN_TRANSIT = F("shipped") + F("over") - F("received") - F("lost") - F("found")


class TransferQuerySet(models.QuerySet):
    def lock(self, pk):
        """Return transfer `pk`, locked until the transaction ends; before any lock of stock."""
        return self.select_for_update(of=("self",)).select_related("source", "target").get(pk=pk)

    def open(self):
        """Those that still move, or whose missing pieces nobody has explained."""
        missing = TransferLine.objects.missing().filter(transfer=models.OuterRef("pk"))
        received = Q(status=Transfer.Status.RECEIVED) & models.Exists(missing)
        return self.filter(Q(status__in=Transfer.MOVING) | received)


class Transfer(models.Model):
    """Goods that go from one location of ours to another.

    Made ready, its pieces are reserved at the source; shipped, they are in transit: they have left the
    source's book and are in no other. RECEIVED says that nothing more is expected; what is missing then
    is a discrepancy, until somebody writes it off or finds it at the source.
    """

    class Status(models.TextChoices):
        DRAFT = "draft"
        READY = "ready"
        SHIPPED = "shipped"
        RECEIVED = "received"
        CANCELLED = "cancelled"

    NEXT = {
        Status.DRAFT: (Status.READY, Status.CANCELLED),
        Status.READY: (Status.DRAFT, Status.SHIPPED, Status.CANCELLED),
        Status.SHIPPED: (Status.RECEIVED,),
    }
    MOVING = (Status.DRAFT, Status.READY, Status.SHIPPED)

    source = models.ForeignKey(Location, models.PROTECT, related_name="transfers_out", verbose_name="from")
    target = models.ForeignKey(Location, models.PROTECT, related_name="transfers_in", verbose_name="to")
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT)
    expected_on = models.DateField(null=True, blank=True, help_text="day on which it arrives")
    note = models.CharField(max_length=200, blank=True)
    created_by = models.CharField(max_length=40, default="system")
    created_at = models.DateTimeField(default=timezone.now)
    shipped_by = models.CharField(max_length=40, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    received_by = models.CharField(max_length=40, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        permissions = [("ship_transfer", "Can send transfers off")]
        constraints = [
            models.CheckConstraint(condition=~Q(source=F("target")), name="transfer_not_to_itself"),
            models.CheckConstraint(
                condition=~Q(status__in=["shipped", "received"]) | Q(shipped_at__isnull=False),
                name="transfer_shipped_at_some_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["target", "id"], name="transfer_under_way", condition=Q(status__in=["ready", "shipped"])
            ),
        ]

    def __str__(self):
        return f"T{self.pk}"

    @property
    def number(self):
        """What stands on its slip and is scanned."""
        return str(self)

    @property
    def subject(self):
        return f"transfer:{self.pk}"

    def expect(self, status):
        """Raise InvalidTransition unless it is in `status`."""
        if self.status != status:
            raise InvalidTransition(f"{self} is {self.get_status_display()}, not {status.label}.")

    def move_to(self, status):
        """Change the status of a locked transfer; the caller saves it. Raises InvalidTransition."""
        if status not in self.NEXT.get(self.status, ()):
            raise InvalidTransition(f"{self} is {self.get_status_display()}: it cannot become {status.label}.")
        self.status = status

    def publish(self, name, *, actor="system", **data):
        """Record event `name` of this transfer, whose lock is held."""
        return publish(name, self.subject, actor=actor, transfer=self.pk, **data)


class TransferLineQuerySet(models.QuerySet):
    def with_in_transit(self):
        """Annotate `in_transit`: pieces that left the source and are accounted for nowhere."""
        return self.annotate(in_transit=IN_TRANSIT)

    def missing(self):
        """Lines of received transfers with pieces that did not arrive and nobody has explained."""
        received = self.with_in_transit().filter(transfer__status=Transfer.Status.RECEIVED)
        return received.filter(in_transit__gt=0)

    def reserving(self):
        """Lines that keep pieces at the source; their sum is a part of the level's `reserved`."""
        return self.filter(reserved__gt=0)

    def inbound(self):
        """Lines whose pieces are promised to their target, with what a promise needs to know of them.

        Annotates `location_id` (the target's), `open_pieces` (reserved at the source or in transit) and
        `expected_on` (a day, None where nobody said). What is missing of a received one comes no more.
        """
        moving = self.filter(transfer__status__in=[Transfer.Status.READY, Transfer.Status.SHIPPED])
        return moving.annotate(
            location_id=F("transfer__target_id"),
            open_pieces=F("reserved") + IN_TRANSIT,
            expected_on=F("transfer__expected_on"),
        ).filter(open_pieces__gt=0)


class TransferLine(models.Model):
    """So many pieces of a SKU on a transfer, and what became of them.

    `reserved` is kept at the source while the transfer is ready. Of the `shipped` ones, `received` came
    (with `over`, which nobody had sent, and `damaged` ones, which lie in QUARANTINE), `lost` were written
    off and `found` turned up at the source. `counted` and `counted_damaged` is the receiver's tally
    until it is booked.
    """

    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="lines")
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(help_text="pieces asked for")
    reserved = models.PositiveIntegerField(default=0)
    shipped = models.PositiveIntegerField(default=0)
    received = models.PositiveIntegerField(default=0, help_text="pieces that came, damaged and surplus ones too")
    over = models.PositiveIntegerField(default=0, help_text="received pieces that nobody had sent")
    damaged = models.PositiveIntegerField(default=0, help_text="received pieces that are unfit")
    lost = models.PositiveIntegerField(default=0, help_text="pieces written off on the way")
    found = models.PositiveIntegerField(default=0, help_text="pieces that had stayed at the source")
    counted = models.PositiveIntegerField(default=0, help_text="fit pieces counted, not booked yet")
    counted_damaged = models.PositiveIntegerField(default=0, help_text="unfit pieces counted, not booked yet")

    objects = TransferLineQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["transfer", "sku"], name="transfer_line_once_per_sku"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="transfer_line_not_empty"),
            models.CheckConstraint(
                condition=Q(reserved__lte=F("quantity"), shipped__lte=F("quantity")),
                name="transfer_line_within_quantity",
            ),
            models.CheckConstraint(
                condition=Q(
                    damaged__lte=F("received"),
                    over__lte=F("received"),
                    received__lte=F("shipped") + F("over") - F("lost") - F("found"),
                ),
                name="transfer_line_adds_up",
            ),
        ]
        indexes = [
            models.Index(fields=["sku", "transfer"], name="transfer_line_reserving", condition=Q(reserved__gt=0)),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.sku} on {self.transfer}"

    @property
    def missing(self):
        """Pieces that left the source and are accounted for nowhere."""
        return self.shipped + self.over - self.received - self.lost - self.found

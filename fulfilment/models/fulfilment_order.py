from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from inventory.models import Location
from oms.lib.errors import InvalidTransition
from oms.lib.prepared import Param, prepared
from orders.models import Order


class FulfilmentOrderQuerySet(models.QuerySet):
    def open(self):
        """Work that has not left and was not given up."""
        return self.filter(status__in=FulfilmentOrder.UNDER_WAY)

    def wanted(self):
        """Open work whose order stands: that of a cancelled one is closed by a worker a moment later."""
        return self.open().exclude(order__status=Order.Status.CANCELLED)

    def releasable(self):
        """Work that may go to the floor now: its order is confirmed and nothing holds it."""
        return self.filter(
            status=FulfilmentOrder.Status.OPEN, order__is_held=False, order__status=Order.Status.CONFIRMED
        )

    def on_floor(self):
        """Work that people have in hand: released, not shipped."""
        return self.filter(status__in=FulfilmentOrder.ON_FLOOR)

    def late(self, now):
        """Work that should have left by `now`."""
        return self.wanted().filter(ship_by__lt=now)

    def silent(self):
        """Requests that their supplier has not taken on in time: somebody must call it."""
        return self.filter(status=FulfilmentOrder.Status.RELEASED, silent_at__isnull=False)

    def unanswered(self):
        """Work that CS asked pieces back from whose partner has not answered in time: somebody must call it."""
        return self.on_floor().with_stop().filter(is_stopped=True, silent_at__isnull=False)

    def uncollected(self):
        """Pickups whose customers were reminded and have not come."""
        return self.filter(status=FulfilmentOrder.Status.READY_FOR_PICKUP, pickup_reminded_at__isnull=False)

    def with_stop(self):
        """Annotate `is_stopped`: somebody asked to cancel pieces that were picked already."""
        stopped = FulfilmentLine.objects.filter(fulfilment_order=OuterRef("pk"), stopped__gt=0)
        return self.annotate(is_stopped=Exists(stopped))


class FulfilmentOrderManager(models.Manager.from_queryset(FulfilmentOrderQuerySet)):
    def lock(self, pk):
        """Return fulfilment order `pk` locked; its order must be locked before."""
        found = _locked(pk=pk)
        if not found:
            raise FulfilmentOrder.DoesNotExist(f"There is no fulfilment order F{pk}.")
        return found[0]

    def lock_of(self, order):
        """Return the fulfilment orders of `order`, locked, in pk order."""
        return _all_locked(order=order.pk)


def _lock(**which):
    rows = FulfilmentOrder.objects.filter(**which).select_related("location")
    return rows.order_by("pk").select_for_update(of=("self",))


_locked = prepared(lambda: _lock(pk=Param("pk")))
_all_locked = prepared(lambda: _lock(order=Param("order")))


class FulfilmentOrder(models.Model):
    """What one location does for one order: from the board through picking and packing to the parcel."""

    class Status(models.TextChoices):
        OPEN = "open"
        RELEASED = "released"
        PICKING = "picking"
        PACKED = "packed"
        READY_FOR_PICKUP = "ready_for_pickup", "ready for pickup"
        SHIPPED = "shipped"
        CLOSED = "closed"
        CANCELLED = "cancelled"
        REJECTED = "rejected"

    # At a 3PL, RELEASED means assigned and PICKING acknowledged. Digital goods go OPEN → SHIPPED.
    NEXT = {
        Status.OPEN: {Status.RELEASED, Status.SHIPPED, Status.CANCELLED},
        Status.RELEASED: {Status.OPEN, Status.PICKING, Status.CANCELLED, Status.REJECTED},
        Status.PICKING: {Status.PACKED, Status.CANCELLED, Status.REJECTED},
        Status.PACKED: {Status.PICKING, Status.SHIPPED, Status.READY_FOR_PICKUP, Status.CANCELLED},
        Status.READY_FOR_PICKUP: {Status.PICKING, Status.SHIPPED, Status.CANCELLED},
        Status.SHIPPED: {Status.PACKED, Status.CLOSED},
        Status.CLOSED: set(),
        Status.CANCELLED: set(),
        Status.REJECTED: set(),
    }
    ON_FLOOR = (Status.RELEASED, Status.PICKING, Status.PACKED, Status.READY_FOR_PICKUP)
    UNDER_WAY = (Status.OPEN, *ON_FLOOR)
    ASSIGNED = (Status.RELEASED, Status.PICKING)  # at a partner's location: he has it, and has not sent it

    class Method(models.TextChoices):
        SHIP = "ship", "parcel"
        PICKUP = "pickup", "store pickup"
        DROPSHIP = "dropship", "supplier sends it"
        DIGITAL = "digital"

    order = models.ForeignKey(Order, models.PROTECT, related_name="fulfilment_orders")
    location = models.ForeignKey(Location, models.PROTECT, related_name="fulfilment_orders", db_index=False)
    method = models.CharField(max_length=8, choices=Method, default=Method.SHIP)
    status = models.CharField(max_length=16, choices=Status, default=Status.OPEN, editable=False)
    ship_by = models.DateTimeField(help_text="the cut-off it must leave before")
    priority = models.PositiveSmallIntegerField(choices=Order.Priority, default=Order.Priority.NORMAL)
    pick_list = models.ForeignKey(
        "fulfilment.PickList", models.PROTECT, null=True, blank=True, related_name="fulfilment_orders"
    )
    tote = models.PositiveSmallIntegerField(null=True, blank=True, help_text="its tote on the pick list's cart")
    created_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now, help_text="when somebody last worked on it")
    picked_at = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    notes_read_at = models.DateTimeField(null=True, blank=True, help_text="when the packer read the pack notes")
    set_aside = models.CharField(max_length=200, blank=True, help_text="why it left the bench unpacked")
    reject_reason = models.CharField(max_length=200, blank=True)
    silent_at = models.DateTimeField(
        null=True, blank=True, help_text="when CS was told that its supplier or 3PL does not answer"
    )
    pickup_shelf = models.CharField(max_length=20, blank=True, help_text="where it waits for the customer")
    pickup_code = models.CharField(max_length=8, blank=True, help_text="what the customer shows")
    pickup_until = models.DateTimeField(null=True, blank=True)
    pickup_refused = models.PositiveSmallIntegerField(default=0, help_text="how often somebody showed a wrong code")
    pickup_reminded_at = models.DateTimeField(null=True, blank=True)

    objects = FulfilmentOrderManager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="shipped") | Q(shipped_at__isnull=False), name="fulfilment_shipped_has_moment"
            ),
        ]
        indexes = [
            models.Index(
                fields=["location", "status", "ship_by"],
                name="fulfilment_board",
                condition=Q(status__in=["open", "released", "picking", "packed", "ready_for_pickup"]),
            ),
            models.Index(fields=["status", "-shipped_at"], name="fulfilment_by_shipped"),
            models.Index(
                fields=["touched_at"],
                name="fulfilment_unanswered",
                condition=Q(status="released", method="dropship"),
            ),
        ]
        permissions = [
            ("release_fulfilmentorder", "Can release work to the floor"),
            ("stop_fulfilmentorder", "Can answer cancellations on the floor"),
            ("collect_fulfilmentorder", "Can hand pickups to customers"),
        ]

    def __str__(self):
        return f"F{self.pk}"

    @property
    def tote_code(self):
        """What is scanned to find it by its tote: "L12-3"; empty before it is on a pick list."""
        return f"L{self.pick_list_id}-{self.tote}" if self.tote else ""

    @property
    def is_picked(self):
        """Whether all of it is in its tote and waits for the packer."""
        return self.status == self.Status.PICKING and self.picked_at is not None

    @property
    def state(self):
        """How far it is, in the middle of a sentence."""
        return "picked, ready to pack" if self.is_picked else self.get_status_display().lower()

    @property
    def is_third_party(self):
        """Whether somebody outside does the work, and tells us by the API."""
        return self.location.kind in (Location.Kind.THIRD_PARTY, Location.Kind.SUPPLIER)

    def check_is_sent(self):
        """Raise InvalidTransition when the customer collects it: it gets no label, and no carrier takes it."""
        if self.method == self.Method.PICKUP:
            raise InvalidTransition(f"Order {self.order} is collected, not sent: make it ready for the customer.")

    def move_to(self, status, *, order, actor, event=None, **data):
        """Set `status` under the lock of `order`, and publish it as `fulfilment.<status>` or as `event`.

        The event says `was` and `now`, so that the doctor can follow each step. Raises InvalidTransition
        when NEXT does not allow it.
        """
        if status not in self.NEXT[self.status]:
            raise InvalidTransition(
                f"{self} of order {order} is {self.state} and cannot become {self.Status(status).label.lower()}."
            )
        was, self.status, self.touched_at = self.status, status, timezone.now()
        if status == self.Status.SHIPPED:
            self.shipped_at = self.touched_at
        self.save(update_fields=["status", "touched_at", "shipped_at"])
        name = event or f"fulfilment.{status}"
        order.publish(name, actor=actor, fulfilment_order=self.pk, was=was, now=str(status), **data)


class FulfilmentLineQuerySet(models.QuerySet):
    def in_work(self):
        """Lines of which pieces are still to be worked on."""
        return self.filter(quantity__gt=F("short") + F("cancelled") + F("shipped"))


class FulfilmentLine(models.Model):
    """So many pieces of one allocation in a fulfilment order, and how far they are.

    While it is under way, its allocation holds exactly `wanted` pieces.
    """

    fulfilment_order = models.ForeignKey(FulfilmentOrder, models.CASCADE, related_name="lines")
    allocation = models.ForeignKey("orders.Allocation", models.PROTECT, related_name="fulfilment_lines")
    order_line = models.ForeignKey("orders.OrderLine", models.PROTECT, related_name="fulfilment_lines")
    sku = models.ForeignKey("inventory.Sku", models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(help_text="pieces")
    picked = models.PositiveIntegerField(default=0, help_text="pieces taken from the shelf")
    packed = models.PositiveIntegerField(default=0, help_text="pieces in a parcel")
    shipped = models.PositiveIntegerField(default=0, help_text="pieces that left")
    short = models.PositiveIntegerField(default=0, help_text="pieces that were not there")
    cancelled = models.PositiveIntegerField(default=0, help_text="pieces given up")
    stopped = models.PositiveIntegerField(default=0, help_text="pieces that CS asks back from people's hands")

    objects = FulfilmentLineQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fulfilment_order", "allocation"], name="allocation_once_per_fulfilment_order"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="fulfilment_line_not_empty"),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("picked") + F("short") + F("cancelled")),
                name="fulfilment_line_not_overpicked",
            ),
            models.CheckConstraint(
                condition=Q(picked__gte=F("packed"), packed__gte=F("shipped")),
                name="fulfilment_line_in_order",
            ),
            models.CheckConstraint(condition=Q(quantity__gte=F("stopped")), name="fulfilment_line_stop_fits"),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.sku}"

    @property
    def wanted(self):
        """Pieces that shall leave from here."""
        return self.quantity - self.short - self.cancelled

    @property
    def to_pick(self):
        return self.wanted - self.picked

    @property
    def loose(self):
        """Pieces that nobody has in hand, and of which nobody waits to hear whether they stay."""
        return self.wanted - max(self.picked, self.stopped)

    @property
    def to_pack(self):
        return self.picked - self.packed

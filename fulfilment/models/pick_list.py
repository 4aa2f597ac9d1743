from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from inventory.models import Bin, Location
from oms.lib.errors import InvalidTransition
from oms.lib.prepared import Param, prepared


class PickListQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status__in=[PickList.Status.OPEN, PickList.Status.PICKING])

    def lock(self, pk):
        """Return pick list `pk` locked; its orders must be locked before."""
        return self.select_for_update(of=("self",)).get(pk=pk)


class PickListManager(models.Manager.from_queryset(PickListQuerySet)):
    def lock_all_of(self, pk):
        """Return list `pk`, a first one, and those that take over its totes, locked, in the order of their zones."""
        return _all_locked(pk=pk)


_all_locked = prepared(
    lambda: (
        PickList.objects.filter(Q(pk=Param("pk")) | Q(first=Param("pk"))).order_by("pk").select_for_update(of=("self",))
    )
)


class PickList(models.Model):
    """One walk through a location for one or many orders; each order has a tote on the cart.

    When orders are picked zone by zone, each zone has a list; the totes, and the orders, are those of the `first`.
    """

    class Status(models.TextChoices):
        OPEN = "open", "waiting for a picker"
        PICKING = "picking"
        DONE = "done"
        CANCELLED = "cancelled"

    class Mode(models.TextChoices):
        DISCRETE = "discrete", "one order a walk"
        CLUSTER = "cluster", "several orders, a tote each"
        BATCH = "batch", "several orders in one container, sorted at packing"

    NEXT = {
        Status.OPEN: {Status.PICKING, Status.DONE, Status.CANCELLED},
        Status.PICKING: {Status.OPEN, Status.DONE, Status.CANCELLED},
        Status.DONE: {Status.PICKING},
        Status.CANCELLED: set(),
    }

    location = models.ForeignKey(Location, models.PROTECT, related_name="pick_lists")
    status = models.CharField(max_length=9, choices=Status, default=Status.OPEN, editable=False)
    wave = models.ForeignKey("fulfilment.Wave", models.PROTECT, null=True, blank=True, related_name="pick_lists")
    cart = models.PositiveSmallIntegerField(null=True, blank=True, help_text="its number in the wave")
    mode = models.CharField(max_length=8, choices=Mode, default=Mode.CLUSTER)
    verifies_totes = models.BooleanField(default=False, help_text="the picker scans the tote of each piece")
    metres = models.PositiveIntegerField(null=True, blank=True, help_text="the walk as its wave planned it")
    picker = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    zone = models.CharField(max_length=10, blank=True, editable=False, help_text="of its bins; none: of any zone")
    first = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="later", help_text="whose totes it takes over"
    )
    walk_m = models.PositiveIntegerField("walk", null=True, editable=False, help_text="metres; none: no floor plan")
    naive_m = models.PositiveIntegerField(
        "S-shaped", null=True, editable=False, help_text="metres of an S-shaped walk past the same bins"
    )
    created_by = models.CharField(max_length=40, default="system")
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = PickListManager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["wave", "cart"], name="pick_list_once_per_cart")]
        indexes = [
            models.Index(fields=["location", "-id"], name="pick_list_open", condition=Q(status__in=["open", "picking"]))
        ]

    def __str__(self):
        return f"L{self.pk}"

    @property
    def far(self):
        """How many metres its walk is: as its tasks stand, else as its wave planned it; None when nobody knows."""
        return self.metres if self.walk_m is None else self.walk_m

    @property
    def first_pk(self):
        """The pk of the list whose totes these are."""
        return self.first_id or self.pk

    def zone_lists(self):
        """Return the lists of all zones that share its totes, in the order in which they are picked."""
        return PickList.objects.filter(Q(pk=self.first_pk) | Q(first=self.first_pk)).order_by("pk")

    def check_open(self):
        """Raise InvalidTransition when there is nothing left to pick on it."""
        if self.status not in (self.Status.OPEN, self.Status.PICKING):
            raise InvalidTransition(f"Pick list {self} is {self.get_status_display().lower()}: nobody picks it now.")

    def move_to(self, status):
        """Set `status` on a locked list; raises InvalidTransition when NEXT does not allow it."""
        if status not in self.NEXT[self.status]:
            state, wish = self.get_status_display().lower(), self.Status(status).label.lower()
            raise InvalidTransition(f"Pick list {self} is {state} and cannot become {wish}.")
        self.status = status
        now = timezone.now()
        if status == self.Status.PICKING:
            self.started_at, self.done_at = self.started_at or now, None
        if status in (self.Status.DONE, self.Status.CANCELLED):
            self.done_at = now
        self.save(update_fields=["status", "started_at", "done_at", "picker"])


class PickTaskQuerySet(models.QuerySet):
    def open(self):
        """Tasks of which pieces are still to be taken or reported short."""
        return self.filter(quantity__gt=F("picked") + F("short"))

    def in_walking_order(self):
        return self.order_by("sequence", "pk")

    def last_picked(self):
        """Return the task that pieces were taken for last, or None."""
        return self.filter(picked__gt=0, done_at__isnull=False).order_by("-done_at", "-pk").first()

    def lock_of(self, lines):
        """Return the tasks of fulfilment `lines`, locked, in pk order."""
        rows = self.filter(fulfilment_line__in=lines).select_related("bin", "sku")
        return list(rows.order_by("pk").select_for_update(of=("self",)))


class PickTask(models.Model):
    """Take so many pieces of a SKU out of a bin into the tote of a fulfilment order.

    A location that tracks no stock has no bins: its tasks have none.
    """

    class ShortReason(models.TextChoices):
        MISSING = "missing", "not there"
        DAMAGED = "damaged"
        WRONG_ITEM = "wrong_item", "another item lies there"

    pick_list = models.ForeignKey(PickList, models.PROTECT, related_name="tasks")
    fulfilment_line = models.ForeignKey("fulfilment.FulfilmentLine", models.PROTECT, related_name="tasks")
    bin = models.ForeignKey(Bin, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    sku = models.ForeignKey("inventory.Sku", models.PROTECT, related_name="+", db_index=False)
    lot = models.ForeignKey(
        "inventory.Lot",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="which pieces of those there",
    )
    sequence = models.PositiveIntegerField(help_text="the walking order")
    quantity = models.PositiveIntegerField(help_text="pieces; cancelled ones are taken off")
    picked = models.PositiveIntegerField(default=0, help_text="pieces")
    short = models.PositiveIntegerField(default=0, help_text="pieces")
    short_reason = models.CharField(max_length=10, choices=ShortReason, blank=True)
    done_by = models.CharField(max_length=40, blank=True)
    done_at = models.DateTimeField(null=True, blank=True, help_text="when something was last done for it")

    objects = PickTaskQuerySet.as_manager()

    class Meta:
        ordering = ["pick_list", "sequence", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=F("picked") + F("short")), name="pick_task_not_overpicked"
            ),
        ]
        indexes = [
            models.Index(fields=["pick_list", "sequence"], name="pick_task_walk"),
            models.Index(
                fields=["sku", "bin"], name="pick_task_planned", condition=Q(quantity__gt=F("picked") + F("short"))
            ),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.sku} from {self.bin or 'anywhere'}"

    @property
    def left(self):
        """Pieces still to be taken or reported short."""
        return self.quantity - self.picked - self.short

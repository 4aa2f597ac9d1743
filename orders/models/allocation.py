from django.db import models
from django.db.models import Q

from inventory.models import Location
from oms.lib.errors import InvalidTransition
from oms.lib.prepared import Param, prepared
from orders.models.line import OrderLine
from orders.models.order import Order


class AllocationQuerySet(models.QuerySet):
    def open(self):
        return self.exclude(status__in=[Allocation.Status.SHIPPED, Allocation.Status.FREED])

    def reserving(self):
        """Those for which stock is reserved: their sum is the levels' `reserved`."""
        return self.filter(
            status__in=[Allocation.Status.RESERVED, Allocation.Status.ON_FLOOR, Allocation.Status.PICKED]
        )

    def backordered(self):
        return self.filter(status=Allocation.Status.BACKORDERED)

    def claims(self):
        """Missing pieces that are promised out of what is on its way, and not made for their order."""
        return self.backordered().filter(supply_at__isnull=False, sku__made_at=None)

    def making(self):
        """Pieces that are made for their order, which counts."""
        made = self.backordered().filter(sku__made_at__isnull=False, supply_at__isnull=False)
        return made.filter(order__status__in=[Order.Status.PLACED, Order.Status.CONFIRMED])

    def missing(self):
        """Backordered pieces that are not made for their order."""
        return self.backordered().exclude(sku__made_at__isnull=False, supply_at__isnull=False)

    def waiting_for(self, sku):
        """Backordered pieces of a SKU, or of the SKU with that pk, which orders that count still want."""
        return self.backordered().filter(sku=sku, order__status__in=[Order.Status.PLACED, Order.Status.CONFIRMED])


class AllocationManager(models.Manager.from_queryset(AllocationQuerySet)):
    def lock_of(self, order):
        """Return the allocations of `order`, locked, in pk order."""
        return _locked(order=order.pk)


_locked = prepared(
    lambda: Allocation.objects.filter(order=Param("order")).order_by("pk").select_for_update(of=("self",))
)


class Allocation(models.Model):
    """Which location serves so many pieces of a line. A partial event splits the row."""

    class Status(models.TextChoices):
        BACKORDERED = "backordered"
        RESERVED = "reserved"
        ON_FLOOR = "on_floor", "on the floor"
        PICKED = "picked"
        SHIPPED = "shipped"
        FREED = "freed"

    NEXT = {
        Status.BACKORDERED: {Status.RESERVED, Status.FREED},
        Status.RESERVED: {Status.BACKORDERED, Status.ON_FLOOR, Status.FREED},
        Status.ON_FLOOR: {Status.RESERVED, Status.PICKED, Status.FREED, Status.BACKORDERED},
        Status.PICKED: {Status.ON_FLOOR, Status.SHIPPED, Status.FREED},
        Status.SHIPPED: {Status.PICKED},
        Status.FREED: set(),
    }

    order = models.ForeignKey(Order, models.CASCADE, related_name="allocations")
    line = models.ForeignKey(OrderLine, models.CASCADE, related_name="allocations")
    sku = models.ForeignKey("inventory.Sku", models.PROTECT, related_name="+", db_index=False)
    location = models.ForeignKey(
        Location, models.PROTECT, null=True, blank=True, related_name="allocations", db_index=False
    )
    quantity = models.PositiveIntegerField(help_text="pieces")
    status = models.CharField(max_length=11, choices=Status, default=Status.RESERVED)
    supply_location = models.ForeignKey(
        Location,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="of what is missing: where it is awaited from a purchase or a transfer",
    )
    supply_at = models.DateTimeField(null=True, blank=True, help_text="and from when on it is covered there")
    expires_at = models.DateTimeField(null=True, blank=True, help_text="while unpaid")
    refused_by = models.JSONField(
        default=list, blank=True, help_text="ids of locations that did not give these pieces when they were asked"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AllocationManager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="allocation_not_empty"),
            models.CheckConstraint(
                condition=Q(location__isnull=False) | Q(status__in=["backordered", "freed"]),
                name="allocation_has_location",
            ),
            models.CheckConstraint(
                condition=Q(supply_at=None, supply_location=None)
                | Q(supply_at__isnull=False, supply_location__isnull=False, status="backordered"),
                name="allocation_supply_of_missing",
            ),
        ]
        indexes = [
            models.Index(
                fields=["sku", "location", "status"],
                name="allocation_open_by_level",
                condition=~Q(status__in=["shipped", "freed"]),
            ),
            models.Index(
                fields=["location", "order"],
                name="allocation_open_by_location",
                condition=~Q(status__in=["shipped", "freed"]),
            ),
            models.Index(fields=["expires_at"], name="allocation_expiring", condition=Q(expires_at__isnull=False)),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.sku_id} {self.get_status_display()}"

    @property
    def level(self):
        return self.sku_id, self.location_id

    def move_to(self, status):
        """Set `status` on a locked allocation; raises InvalidTransition when NEXT does not allow it."""
        if status not in self.NEXT[self.status]:
            raise InvalidTransition(
                f"{self.quantity} pieces are {self.get_status_display()} and cannot become {self.Status(status).label}."
            )
        self.status = status
        self.supply_location = self.supply_at = None  # whatever it waits for, it must be promised anew
        self.save(update_fields=["status", "location", "expires_at", "supply_location", "supply_at", "refused_by"])

    def split(self, quantity):
        """Take `quantity` pieces out of this locked row into a new row of the same kind, and return that.

        All of the pieces: this row itself.
        """
        if quantity == self.quantity:
            return self
        if not 0 < quantity < self.quantity:
            raise ValueError(f"Cannot take {quantity} of {self.quantity} pieces.")
        self.quantity -= quantity
        self.save(update_fields=["quantity"])
        rest = {"sku_id": self.sku_id, "location_id": self.location_id, "expires_at": self.expires_at}
        rest |= {"supply_location_id": self.supply_location_id, "supply_at": self.supply_at}
        rest |= {"refused_by": self.refused_by}
        return type(self).objects.create(
            order_id=self.order_id, line_id=self.line_id, quantity=quantity, status=self.status, **rest
        )

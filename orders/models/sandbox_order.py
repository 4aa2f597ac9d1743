from django.db import models

from oms.lib.errors import InvalidTransition, Stale
from oms.partners.models import Partner
from orders.models.channel import Channel

FIRST_NUMBER = 900_000_000_000


class SandboxOrder(models.Model):
    """An order of a partner who tries things out: priced and promised like any, and then nothing but this row.

    No stock is reserved, no warehouse, customer or bookkeeper ever sees it. `body` is what the API shows.
    """

    class Status(models.TextChoices):
        PLACED = "placed"
        CONFIRMED = "confirmed"
        SHIPPED = "shipped"
        DELIVERED = "delivered"
        CANCELLED = "cancelled"

    # What it is moved to by `advance`, step by step; it is cancelled by `cancel`.
    NEXT = {Status.PLACED: Status.CONFIRMED, Status.CONFIRMED: Status.SHIPPED, Status.SHIPPED: Status.DELIVERED}

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="sandbox_orders")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=60)
    status = models.CharField(max_length=9, choices=Status, default=Status.PLACED)
    version = models.PositiveIntegerField(default=1)
    event_counter = models.PositiveIntegerField(default=0)
    body = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "external_id"], name="sandbox_order_once_per_channel"),
        ]

    def __str__(self):
        return self.number

    @property
    def number(self):
        """What people call it; no number of a real order is so large."""
        return str(FIRST_NUMBER + self.pk)

    @property
    def subject(self):
        return f"sandbox:{self.pk}"

    @property
    def is_open(self):
        return self.status in (self.Status.PLACED, self.Status.CONFIRMED)

    def expect(self, version):
        """Raise Stale when it is not at `version` (None: whatever it is at)."""
        if version is not None and version != self.version:
            raise Stale(f"Order {self} was changed meanwhile: look at it again.", field="version")

    def next_status(self):
        """Return what it is moved to next; raises InvalidTransition at its end."""
        if self.status not in self.NEXT:
            raise InvalidTransition(f"Order {self} is {self.get_status_display()}: nothing comes after it.")
        return self.NEXT[self.status]

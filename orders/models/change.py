from django.db import models
from django.db.models import Q
from django.utils import timezone

from oms.lib.errors import InvalidTransition
from oms.lib.money import MoneyField
from orders.models.order import Order


class OrderChange(models.Model):
    """A change to a placed order: previewed with its money, then applied or refused as stale."""

    class Status(models.TextChoices):
        PREVIEWED = "previewed"
        APPLIED = "applied"
        REJECTED = "rejected"
        STALE = "stale"

    NEXT = {
        Status.PREVIEWED: {Status.APPLIED, Status.REJECTED, Status.STALE},
        Status.APPLIED: set(),
        Status.REJECTED: set(),
        Status.STALE: set(),
    }

    order = models.ForeignKey(Order, models.CASCADE, related_name="changes")
    base_version = models.PositiveIntegerField(help_text="the order's version that was looked at")
    operations = models.JSONField(help_text="see orders.services.change")
    delta = MoneyField(help_text="what the customer owes more, or less")
    status = models.CharField(max_length=9, choices=Status, default=Status.PREVIEWED)
    author = models.CharField(max_length=40, default="system")
    at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="applied") ^ Q(applied_at=None), name="change_applied_has_its_moment"
            )
        ]

    def __str__(self):
        return f"change of {self.order}: {self.delta:+}"

    def move_to(self, status):
        """Set `status`; raises InvalidTransition when NEXT does not allow it."""
        if status not in self.NEXT[self.status]:
            raise InvalidTransition(f"This change is {self.get_status_display()} already.")
        self.status = status
        self.applied_at = timezone.now() if status == self.Status.APPLIED else None
        self.save(update_fields=["status", "applied_at"])

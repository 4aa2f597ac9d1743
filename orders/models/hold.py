from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from orders.models.order import Order


class HoldQuerySet(models.QuerySet):
    def active(self):
        return self.filter(released_at=None)


class Hold(models.Model):
    """A reason why an order must not move; several stack, and all must go."""

    class Kind(models.TextChoices):
        PAYMENT = "payment"
        FRAUD = "fraud", "fraud check"
        ADDRESS = "address"
        DUPLICATE = "duplicate"
        APPROVAL = "approval"
        STOCK = "stock"
        RELEASE = "release", "release day"
        GATHERING = "gathering"
        MANUAL = "manual"

    # These end when the goods' day has come, or all of them are in one place: nobody has to look at them.
    LIFTED_BY_ITSELF = (Kind.RELEASE, Kind.GATHERING)

    order = models.ForeignKey(Order, models.CASCADE, related_name="holds")
    kind = models.CharField(max_length=9, choices=Kind)
    reason = models.CharField(max_length=300, help_text="what must be settled, in a sentence")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="who works on it",
    )
    until = models.DateTimeField(null=True, blank=True, help_text="released by itself then")
    placed_at = models.DateTimeField(default=timezone.now)
    placed_by = models.CharField(max_length=40, default="system")
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.CharField(max_length=40, blank=True)
    release_note = models.CharField(max_length=300, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "kind"],
                name="hold_once_per_kind",
                condition=Q(released_at=None) & ~Q(kind="manual"),
            )
        ]
        indexes = [models.Index(fields=["kind", "id"], name="hold_active", condition=Q(released_at=None))]

    def __str__(self):
        return f"{self.get_kind_display()} hold of {self.order}"

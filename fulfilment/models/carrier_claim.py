from django.db import models
from django.db.models import Q
from django.utils import timezone

from fulfilment.models.parcel_case import ParcelCase
from oms.lib.errors import InvalidTransition
from oms.lib.money import MoneyField


class CarrierClaim(models.Model):
    """What a carrier is asked to pay for a parcel that it lost or damaged, and what became of that."""

    class Status(models.TextChoices):
        OPEN = "open"
        PAID = "paid"
        REFUSED = "refused"

    NEXT = {
        Status.OPEN: {Status.PAID, Status.REFUSED},
        Status.PAID: set(),
        Status.REFUSED: {Status.OPEN},  # it is asked again
    }

    case = models.OneToOneField(ParcelCase, models.CASCADE, related_name="claim")
    amount = MoneyField(help_text="in the order's currency")
    reference = models.CharField(max_length=60, blank=True, help_text="the carrier's number of it")
    status = models.CharField(max_length=7, choices=Status, default=Status.OPEN, editable=False)
    filed_by = models.CharField(max_length=40)
    filed_at = models.DateTimeField(default=timezone.now)
    settled_by = models.CharField(max_length=40, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="carrier_claim_is_positive"),
            models.CheckConstraint(
                condition=Q(status="open", settled_at__isnull=True) | (~Q(status="open") & Q(settled_at__isnull=False)),
                name="carrier_claim_settled_has_moment",
            ),
        ]

    def __str__(self):
        return f"Claim for {self.case.parcel}"

    def move_to(self, status, *, by):
        """Set `status` under the order's lock; raises InvalidTransition when NEXT does not allow it."""
        if status not in self.NEXT[self.status]:
            raise InvalidTransition(f"{self} is {self.status} and cannot become {status}.")
        is_open = status == self.Status.OPEN
        self.status, self.settled_by = status, "" if is_open else by
        self.settled_at = None if is_open else timezone.now()
        self.save(update_fields=["status", "settled_by", "settled_at"])

from django.db import models
from django.utils import timezone

from fulfilment.models.carrier import Carrier
from orders.models import Order


class AddressCheck(models.Model):
    """What a carrier said of the address that an order had; of another one it says nothing."""

    class Verdict(models.TextChoices):
        FOUND = "found", "is known"
        NOT_FOUND = "not_found", "is not known"
        REFUSED = "refused", "was not checked"

    order = models.ForeignKey(Order, models.CASCADE, related_name="address_checks")
    carrier = models.ForeignKey(Carrier, models.CASCADE, related_name="+")
    address = models.JSONField(help_text="what was asked about")
    verdict = models.CharField(max_length=10, choices=Verdict)
    said = models.CharField(max_length=200, blank=True, help_text="in the carrier's words")
    suggestion = models.JSONField(default=dict, blank=True, help_text="as the carrier writes it; {}: like ours")
    at = models.DateTimeField(default=timezone.now)
    actor = models.CharField(max_length=40)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.carrier}: the address {self.get_verdict_display()}"

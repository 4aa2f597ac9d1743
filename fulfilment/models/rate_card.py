import hashlib
import json

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from fulfilment.models.carrier import Carrier


class RateCardQuerySet(models.QuerySet):
    def valid(self, carrier, day):
        """Cards of the carrier with this code on a day, without their documents, the one that began last first."""
        found = self.filter(carrier__code__iexact=carrier, valid_from__lte=day).defer("document")
        return found.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day)).order_by("-valid_from", "-pk")


class RateCard(models.Model):
    """What a carrier charges from one day to another, as published; of two with one service, the later begun counts."""

    carrier = models.ForeignKey(Carrier, models.CASCADE, related_name="rate_cards")
    name = models.CharField(max_length=60)
    currency = models.CharField(max_length=3, help_text="ISO 4217")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="its last day; empty: until further notice")
    document = models.JSONField(help_text="as fulfilment.rating.read reads it")
    digest = models.CharField(max_length=64, editable=False, help_text="SHA-256 of the document")
    created_at = models.DateTimeField(default=timezone.now)

    objects = RateCardQuerySet.as_manager()

    class Meta:
        ordering = ["carrier", "name", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["carrier", "name", "valid_from"], name="rate_card_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="rate_card_ends_after_begin"
            ),
        ]

    def __str__(self):
        return f"{self.name} from {self.valid_from}"


def digest_of(document):
    """Return the SHA-256 of a document, whatever the order of its fields."""
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()

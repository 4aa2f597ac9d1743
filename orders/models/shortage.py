from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from inventory.models import Sku
from orders.models.order import Order


class Substitute(models.Model):
    """That a SKU may be sent where another is missing; a customer agrees to it first. One way only."""

    sku = models.ForeignKey(Sku, models.CASCADE, related_name="substitutes", verbose_name="SKU")
    substitute = models.ForeignKey(Sku, models.CASCADE, related_name="substitutes_for")
    rank = models.PositiveSmallIntegerField(default=1, help_text="the lowest that is in stock is offered")

    class Meta:
        ordering = ["sku", "rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sku", "substitute"], name="substitute_once"),
            models.CheckConstraint(
                condition=~Q(sku=F("substitute")),
                name="substitute_is_another",
                violation_error_message="A SKU cannot stand in for itself.",
            ),
        ]

    def __str__(self):
        return f"{self.substitute} for {self.sku}"


class ShortageQuestion(models.Model):
    """What becomes of an order of which pieces are missing: asked once, answered once.

    Until it is answered, and after the answer "wait", a hold of kind STOCK keeps back what is there.
    """

    class Answer(models.TextChoices):
        SPLIT = "split", "send what is there now"
        WAIT = "wait", "wait for all"
        SUBSTITUTE = "substitute", "take a substitute"
        CANCEL = "cancel", "cancel the missing pieces"

    order = models.OneToOneField(Order, models.CASCADE, related_name="shortage")
    asked_at = models.DateTimeField(default=timezone.now)
    answer_by = models.DateTimeField(help_text="after it the default of the channel counts")
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=40, blank=True, help_text="customer, user:3, or system: by default")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | ~Q(answer="") & Q(answered_at__isnull=False),
                name="shortage_answered_at_some_time",
            )
        ]
        indexes = [models.Index(fields=["answer_by"], name="shortage_unanswered", condition=Q(answer=""))]

    def __str__(self):
        return f"{self.order}: {self.get_answer_display() or 'not answered'}"

    @property
    def is_open(self):
        return not self.answer

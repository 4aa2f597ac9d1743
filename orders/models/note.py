from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from orders.models.order import Order


class NoteQuerySet(models.QuerySet):
    def for_picker(self, orders):
        """What pickers shall know of `orders` (a QuerySet or ids), the oldest first, with its order."""
        notes = self.filter(order__in=orders, audience=Note.Audience.PICK)
        return notes.select_related("order").order_by("pk")


class Note(models.Model):
    """Something to know about an order, shown to those it is for, where they need it."""

    class Audience(models.TextChoices):
        CS = "cs", "customer service"
        PICK = "pick", "picker"
        PACK = "pack", "packer"
        CUSTOMER = "customer"
        LABEL = "label", "shipping label"

    order = models.ForeignKey(Order, models.CASCADE, related_name="notes")
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.CS)
    text = models.CharField(max_length=1000)
    author = models.CharField(max_length=40, default="system")
    at = models.DateTimeField(default=timezone.now)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return self.text[:50]


class Tag(models.Model):
    """A word that people sort orders by."""

    name = models.CharField(max_length=30)
    color = models.CharField(max_length=7, default="#64748b")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="tag_once")]

    def __str__(self):
        return self.name

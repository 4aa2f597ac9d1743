from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from oms.lib.errors import InvalidTransition
from oms.lib.money import ZERO, MoneyField
from orders.models.line import OrderLine
from orders.models.order import Order
from orders.models.payment import PaymentEntry


class RefundQuerySet(models.QuerySet):
    def waiting(self):
        """Those that somebody must approve or reject, the oldest first."""
        return self.filter(status=Refund.Status.REQUESTED).order_by("pk")

    def failed(self):
        """Those of which a gateway refused a part: a person retries them or pays by hand."""
        return self.filter(status=Refund.Status.FAILED).order_by("pk")

    def open(self):
        """Those that will still take money, or may."""
        return self.exclude(status__in=[Refund.Status.DONE, Refund.Status.REJECTED])

    def not_rejected(self):
        return self.exclude(status=Refund.Status.REJECTED)

    def with_gone(self):
        """Those with `gone`: what of each is sent or may still be; of a rejected one what was sent before."""
        entries = PaymentEntry.objects.not_failed().filter(refund=OuterRef("pk")).order_by()
        sent = Subquery(entries.values("refund").annotate(sum=Sum("amount")).values("sum"))
        sent = Coalesce(sent, ZERO, output_field=MoneyField())
        return self.annotate(
            gone=Case(When(status=Refund.Status.REJECTED, then=sent), default=F("amount"), output_field=MoneyField())
        )


class Refund(models.Model):
    """Money that goes back to the customer, in typed lines, over one or several payments."""

    class Status(models.TextChoices):
        REQUESTED = "requested", "waiting for approval"
        APPROVED = "approved"
        REJECTED = "rejected"
        SENDING = "sending"
        DONE = "done"
        FAILED = "failed"

    NEXT = {
        Status.REQUESTED: {Status.APPROVED, Status.REJECTED},
        Status.APPROVED: {Status.SENDING},
        Status.REJECTED: set(),
        Status.SENDING: {Status.DONE, Status.FAILED},
        Status.DONE: set(),
        Status.FAILED: {Status.SENDING, Status.REJECTED},
    }

    order = models.ForeignKey(Order, models.PROTECT, related_name="refunds")
    key = models.CharField(  # noqa: DJ001 (NULL, for a unique key that most rows lack)
        max_length=60, null=True, blank=True, help_text="what caused it: the same cause never refunds twice"
    )
    status = models.CharField(max_length=9, choices=Status, default=Status.REQUESTED, editable=False)
    amount = MoneyField(help_text="the sum of its lines, in the order's currency")
    reason = models.CharField(max_length=200)
    wants_credit_note = models.BooleanField(default=False, help_text="written when the refund is done")
    lowers_due = models.BooleanField(
        default=True, editable=False, help_text="no where the order costs less already: cancelled, or credited"
    )
    requested_by = models.CharField(max_length=60, default="system")
    requested_at = models.DateTimeField(default=timezone.now)
    decided_by = models.CharField(max_length=60, blank=True, help_text="who approved or rejected it")
    decided_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "key"], name="refund_once_per_key"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_is_positive"),
        ]
        indexes = [
            models.Index(fields=["status", "id"], name="refund_open", condition=~Q(status__in=["done", "rejected"])),
        ]

    def __str__(self):
        return f"Refund of {self.amount} on {self.order}"

    def move_to(self, status):
        """Set `status` under the order's lock; raises InvalidTransition when NEXT does not allow it."""
        if status not in self.NEXT[self.status]:
            state, wish = self.get_status_display().lower(), self.Status(status).label.lower()
            raise InvalidTransition(f"This refund is {state}: it cannot be {wish} any more.")
        self.status = status
        if status == self.Status.DONE:
            self.done_at = timezone.now()
        self.save(update_fields=["status", "done_at", "decided_by", "decided_at"])


class RefundLineQuerySet(models.QuerySet):
    def lowering_due(self, order):
        """Those of refunds of `order` that take something off its price, the oldest first."""
        rows = self.filter(refund__order=order, refund__lowers_due=True)
        return rows.exclude(refund__status=Refund.Status.REJECTED).order_by("pk")


class RefundLine(models.Model):
    """What a part of a refund is for; a fee that is kept back is a line with a negative amount."""

    class Kind(models.TextChoices):
        ITEM = "item"
        TAX = "tax"
        SHIPPING = "shipping"
        FEE = "fee"
        GOODWILL = "goodwill"

    refund = models.ForeignKey(Refund, models.CASCADE, related_name="lines")
    kind = models.CharField(max_length=8, choices=Kind)
    line = models.ForeignKey(OrderLine, models.PROTECT, null=True, blank=True, related_name="refund_lines")
    quantity = models.PositiveIntegerField(default=0, help_text="pieces, for items")
    amount = MoneyField(help_text="with tax")
    of_cancelled = MoneyField(
        default=ZERO,
        editable=False,
        help_text="what of it was for pieces that were cancelled later: the order costs less by that already",
    )

    objects = RefundLineQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0) | Q(kind="fee", amount__lt=0), name="refund_line_sign"),
            models.CheckConstraint(
                condition=Q(line__isnull=False) | ~Q(kind__in=["item", "tax"]), name="refund_line_names_its_line"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount}"

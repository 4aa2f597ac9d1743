from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.db.models import F, Min, Q, Sum, Value
from django.utils import timezone

from oms.lib.among import among
from oms.lib.errors import InvalidTransition
from oms.lib.money import MoneyField
from oms.lib.prepared import Params, prepared
from orders.models.order import Order


@dataclass(frozen=True)
class PaymentTotals:
    """What all payments of an order come to, in its currency.

    `authorised` is what was promised and not given back, captured or not; `captured` what has arrived;
    `refunded` what has left or is about to.
    """

    authorised: Decimal
    captured: Decimal
    refunded: Decimal

    @property
    def kept(self):
        """What is ours for good: captured and not refunded."""
        return self.captured - self.refunded

    @property
    def covered(self):
        """What is ours, or can be captured: what an invoice may call paid."""
        return self.authorised - self.refunded


class PaymentQuerySet(models.QuerySet):
    def capturable(self):
        """Payments with authorised money that nobody has captured, voided or asked for, oldest first."""
        return self.filter(authorised__gt=F("captured") + F("capturing") + F("voided")).order_by("pk")

    def refundable(self):
        """Payments with captured money that can go back, the oldest capture first."""
        captured = Q(entries__kind=PaymentEntry.Kind.CAPTURE, entries__status=PaymentEntry.Status.DONE)
        return (
            self.filter(captured__gt=F("refunded"))
            .annotate(captured_at=Min("entries__done_at", filter=captured))
            .order_by("captured_at", "pk")
        )

    def change(self, payment, **deltas):
        """Add `deltas` to the counters of `payment`, in the row and the object; False when a bound forbids it.

        The bounds are the constraints of the table, asked in the same statement, so that two who do it
        at once cannot both pass.
        """
        after = {name: F(name) + Value(deltas.get(name, 0), MoneyField()) for name in COUNTERS}
        done = (
            self.filter(pk=payment.pk)
            .alias(**{f"new_{name}": value for name, value in after.items()})
            .filter(
                new_authorised__gte=F("new_captured") + F("new_capturing") + F("new_voided"),
                new_captured__gte=F("new_refunded"),
            )
            .update(**{name: after[name] for name in deltas})
        )
        if done:
            for name, delta in deltas.items():
                setattr(payment, name, getattr(payment, name) + delta)
        return bool(done)


COUNTERS = ("authorised", "capturing", "captured", "voided", "refunded")


class PaymentManager(models.Manager.from_queryset(PaymentQuerySet)):
    def totals(self, order):
        """Return the PaymentTotals of `order`; zeros when it has no payment. One statement."""
        return self.totals_of_all([order])[order.pk]

    def totals_of_all(self, orders):
        """Return {order id: PaymentTotals} of `orders`; zeros for one without a payment. One statement."""
        totals = {order.pk: PaymentTotals(Decimal(0), Decimal(0), Decimal(0)) for order in orders}
        for order_id, authorised, voided, captured, refunded in _sums(orders=list(totals)):
            totals[order_id] = PaymentTotals(authorised - voided, captured, refunded)
        return totals


_sums = prepared(
    lambda: (
        Payment.objects.filter(among("order_id", Params("orders")))
        .order_by()
        .values_list("order")
        .annotate(Sum("authorised"), Sum("voided"), Sum("captured"), Sum("refunded"))
    )
)


class Payment(models.Model):
    """One tender of an order: a card, a bank transfer, a gift card, in the order's currency.

    The counters are the sums of its entries: `capturing` the pending captures, `voided` and `refunded`
    pending and done ones, `authorised` and `captured` only what is done.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="payments")
    gateway = models.CharField(max_length=20, help_text="which of GATEWAYS moves the money")
    method = models.CharField(max_length=40, blank=True, help_text="as people say it: Visa, bank transfer, gift card")
    reference = models.CharField(max_length=100, blank=True, help_text="the payment's id at its provider or bank")
    token = models.CharField(max_length=200, blank=True, editable=False, help_text="one-time, until authorised")
    amount = MoneyField(help_text="what was asked for")
    authorised = MoneyField(default=Decimal(0))
    capturing = MoneyField(default=Decimal(0))
    captured = MoneyField(default=Decimal(0))
    voided = MoneyField(default=Decimal(0))
    refunded = MoneyField(default=Decimal(0))
    created_at = models.DateTimeField(default=timezone.now)

    objects = PaymentManager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "gateway", "reference"], name="payment_once_per_reference", condition=~Q(reference="")
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_positive"),
            models.CheckConstraint(
                condition=Q(authorised__gte=F("captured") + F("capturing") + F("voided")),
                name="payment_captured_within_authorised",
            ),
            models.CheckConstraint(condition=Q(captured__gte=F("refunded")), name="payment_refunded_within_captured"),
            models.CheckConstraint(
                condition=Q(capturing__gte=0, captured__gte=0, voided__gte=0, refunded__gte=0),
                name="payment_not_negative",
            ),
        ]
        indexes = [models.Index(fields=["reference"], name="payment_by_reference", condition=~Q(reference=""))]

    def __str__(self):
        return f"{self.method or self.gateway} {self.amount}"

    @property
    def capturable(self):
        return self.authorised - self.captured - self.capturing - self.voided

    @property
    def refundable(self):
        return self.captured - self.refunded


BY_HAND = "hand"  # what stands for the gateway in the reference of what a person paid by another way


class PaymentEntryQuerySet(models.QuerySet):
    def pending(self):
        return self.filter(status=PaymentEntry.Status.PENDING)

    def done(self):
        return self.filter(status=PaymentEntry.Status.DONE)

    def by_hand(self):
        """Those that a person paid by another way than the money came."""
        return self.filter(provider_ref__startswith=f"{BY_HAND}:")

    def not_failed(self):
        """Pending and done ones: what counts against a bound."""
        return self.exclude(status=PaymentEntry.Status.FAILED)


class PaymentEntry(models.Model):
    """One movement of money, asked of a gateway under this row's id as idempotency key."""

    class Kind(models.TextChoices):
        AUTHORISE = "auth", "authorisation"
        CAPTURE = "capture"
        VOID = "void"
        REFUND = "refund"

    class Status(models.TextChoices):
        PENDING = "pending"
        DONE = "done"
        FAILED = "failed"

    NEXT = {Status.PENDING: {Status.DONE, Status.FAILED}, Status.DONE: set(), Status.FAILED: set()}

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="entries")
    refund = models.ForeignKey("orders.Refund", models.PROTECT, null=True, blank=True, related_name="entries")
    kind = models.CharField(max_length=7, choices=Kind)
    status = models.CharField(max_length=7, choices=Status, default=Status.PENDING)
    amount = MoneyField()
    provider_ref = models.CharField(  # noqa: DJ001 (NULL, for a unique key that pending rows lack)
        max_length=120, null=True, blank=True, help_text="GATEWAY:id of this movement there"
    )
    error = models.CharField(max_length=300, blank=True, help_text="why it failed, as the gateway said")
    actor = models.CharField(max_length=60, default="system")
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True, help_text="done or failed")

    objects = PaymentEntryQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "payment entries"
        constraints = [
            models.UniqueConstraint(fields=["provider_ref"], name="payment_entry_once_per_provider_ref"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_entry_is_positive"),
            models.CheckConstraint(
                condition=Q(status="pending", done_at=None) | (~Q(status="pending") & Q(done_at__isnull=False)),
                name="payment_entry_ended",
            ),
            models.CheckConstraint(
                condition=Q(kind="refund") | Q(refund=None), name="payment_entry_refund_is_a_refund"
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="payment_entry_pending", condition=Q(status="pending")),
            models.Index(fields=["done_at"], name="payment_entry_by_day"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount} {self.get_status_display()}"

    def move_to(self, status, *, provider_ref=None, error=""):
        """End a pending entry; the caller holds the order's lock. Raises InvalidTransition when it ended before."""
        if status not in self.NEXT[self.status]:
            raise InvalidTransition(f"The {self} cannot become {self.Status(status).label}.")
        self.status, self.done_at = status, timezone.now()
        self.provider_ref, self.error = provider_ref, error[:300]
        self.save(update_fields=["status", "done_at", "provider_ref", "error"])

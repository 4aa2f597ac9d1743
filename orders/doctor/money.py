from collections import defaultdict
from decimal import Decimal

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from oms.lib.chunks import chunks
from oms.lib.doctor import Violation, check
from oms.lib.money import MoneyField
from orders.models import Payment, PaymentEntry, Refund, RefundLine

NOTHING = Decimal(0)
AT_ONCE = 1000
Kind = PaymentEntry.Kind
Status = PaymentEntry.Status
COUNTS_WHILE_PENDING = [Status.PENDING, Status.DONE]

# Which entries each counter of a payment is the sum of.
SUMS = {
    "authorised": (Kind.AUTHORISE, [Status.DONE]),
    "capturing": (Kind.CAPTURE, [Status.PENDING]),
    "captured": (Kind.CAPTURE, [Status.DONE]),
    "voided": (Kind.VOID, COUNTS_WHILE_PENDING),
    "refunded": (Kind.REFUND, COUNTS_WHILE_PENDING),
}


@check(11, "captured within authorised, refunded within captured")
def moved_within_bounds():
    """Compare the payment's entries with the provider's own list; capture or refund the difference by hand."""
    for payment in _with_sums():
        moved = payment.sum_captured + payment.sum_capturing + payment.sum_voided
        if moved > payment.sum_authorised:
            yield _payment(payment, f"{moved} captured or voided of {payment.sum_authorised} authorised")
        if payment.sum_refunded > payment.sum_captured:
            yield _payment(payment, f"{payment.sum_refunded} refunded of {payment.sum_captured} captured")


@check(11, "payments count their entries")
def counters_are_entries():
    """The entries are right: tell the developers which one the counter misses; nothing in the console mends it."""
    for payment in _with_sums():
        for name in SUMS:
            counted, entered = getattr(payment, name), getattr(payment, f"sum_{name}")
            if counted != entered:
                yield _payment(payment, f"{name} {counted}, its entries add up to {entered}")


@check(11, "refunds are their lines, and were sent when they are done")
def refunds_were_sent():
    """Retry the refund from the order's page, or pay it by hand there."""
    lines = RefundLine.objects.filter(refund=OuterRef("pk"))
    entries = PaymentEntry.objects.filter(refund=OuterRef("pk"))
    refunds = Refund.objects.annotate(
        of_lines=_sum(lines, "refund"),
        sent=_sum(entries.filter(status=Status.DONE), "refund"),
        counted=_sum(entries.exclude(status=Status.FAILED), "refund"),
    ).select_related("order")
    wrong = ~Q(of_lines=F("amount")) | Q(counted__gt=F("amount")) | (Q(status="done") & ~Q(sent=F("amount")))
    for refund in refunds.filter(wrong | (Q(status="sending") & ~Q(counted=F("amount")))).iterator():
        message = f"{refund.amount} {refund.status}: lines {refund.of_lines}, sent {refund.sent} of {refund.counted}"
        yield Violation(11, f"order {refund.order} refund {refund.pk}", message)


def _with_sums():
    """Return the payments with `sum_…` of their entries beside each counter; two statements a thousand."""
    for chunk in chunks(Payment.objects.select_related("order").iterator(AT_ONCE), AT_ONCE):
        sums = defaultdict(lambda: dict.fromkeys(SUMS, NOTHING))
        entries = PaymentEntry.objects.filter(payment__in=chunk).order_by()
        for payment, kind, status, amount in entries.values_list("payment", "kind", "status").annotate(Sum("amount")):
            for name, (of_kind, statuses) in SUMS.items():
                if kind == of_kind and status in statuses:
                    sums[payment][name] += amount
        for payment in chunk:
            for name, amount in sums[payment.pk].items():
                setattr(payment, f"sum_{name}", amount)
            yield payment


def _sum(rows, by):
    sums = rows.order_by().values(by).annotate(sum=Sum("amount")).values("sum")
    return Coalesce(Subquery(sums), NOTHING, output_field=MoneyField())


def _payment(payment, message):
    return Violation(11, f"order {payment.order} payment {payment.pk}", message)

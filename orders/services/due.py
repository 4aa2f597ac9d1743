"""What the customer of an order owes: the one definition, for states, captures, refunds and pages alike."""

from django.db.models import Sum

from oms.lib.money import ZERO
from orders.models import CreditNote, Payment, PaymentEntry, RefundLine
from orders.models.worth import kept_of, total


def sold(order, lines, charges):
    """Return what is sold, with tax: lines less their cancelled pieces, and the charges."""
    kept, charges = kept_of(order, lines, charges)
    return total([*(worth for _, worth in kept), *charges]).gross


def credited_of_all(lines):
    """Return {order id: what credit notes for goods that came back took off} of {order id: its lines}.

    Asks the database only where goods did come back, and once.
    """
    returning = [order for order, rows in lines.items() if any(line.returned for line in rows)]
    if not returning:
        return {}
    notes = CreditNote.objects.filter(order__in=returning, cause=CreditNote.Cause.RETURN).order_by()
    return dict(notes.values_list("order").annotate(Sum("gross")))


def price_of(order):
    """Return what a locked order costs as it stands in the database: sold, less what was credited for returns."""
    lines = list(order.lines.all())
    return sold(order, lines, list(order.charges.all())) - credited_of_all({order.pk: lines}).get(order.pk, ZERO)


def excess_of(order):
    """Return what was taken beyond what a locked order costs, less what is on its way back of that; never below zero.

    Refunds that lower what is due (goodwill, goods returned) are no part of it, but for what was for pieces that
    were cancelled later. What was sent of a rejected one stays sent.
    """
    back = order.refunds.with_gone().filter(lowers_due=False).aggregate(sum=Sum("gone"))["sum"] or ZERO
    totals = Payment.objects.totals(order)
    return max(min(totals.captured - back - _of_cancelled(order) - price_of(order), totals.kept), ZERO)


def due_of(order):
    """Return what the payments of a locked order must come to in the end, never less than nothing.

    That is its price less what refunds gave back of it. A refund of what was cancelled or credited lowers
    nothing, for the price fell already.
    """
    return max(price_of(order) - given_back_of(order), ZERO)


def given_back_of(order):
    """Return what refunds that lower what is due of `order` have given back, or are about to."""
    given_back = PaymentEntry.objects.not_failed().filter(refund__order=order, refund__lowers_due=True)
    given_back = given_back.aggregate(sum=Sum("amount"))["sum"] or ZERO
    return max(given_back - _of_cancelled(order), ZERO) if given_back else ZERO


def open_of(order):
    """Return what of `due_of` neither arrived nor is promised; nothing where the order counts as paid."""
    return left_of(order, due=due_of(order), totals=Payment.objects.totals(order))


def left_of(order, *, due, totals):
    """Return the same where both are known: `due` by `due_of`, `totals` its PaymentTotals."""
    return ZERO if order.is_paid else max(due - totals.covered, ZERO)


def _of_cancelled(order):
    """Return what of refunds that lower the due was for pieces that were cancelled later; see `given_before`."""
    return RefundLine.objects.lowering_due(order).order_by().aggregate(sum=Sum("of_cancelled"))["sum"] or ZERO

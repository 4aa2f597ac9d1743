"""Refunds of pieces that never shipped: when those are cancelled, their money went back already."""

from collections import Counter

from oms.lib.money import ZERO
from orders.models import Order, RefundLine
from orders.models.worth import kept, worths

Paid = Order.PaymentState
Kind = RefundLine.Kind


def count(order, lines, freed):
    """Note on the refunds of a locked `order` what of them was for the `freed` allocations of `lines`, which were
    cancelled just now.

    Of a line that is what was refunded beyond what its shipped pieces cost; less than half a piece is off the price.
    """
    if not freed or order.payment_state in (Paid.UNPAID, Paid.AUTHORISED):
        return
    now, currency = Counter(), order.currency
    for row in freed:
        now[row.line_id] += row.quantity
    shipped = worths(lines, lambda line: line.shipped, currency=currency)
    before = worths(lines, lambda line: kept(line) + now[line.pk], currency=currency)
    after = worths(lines, kept, currency=currency)
    refunds = list(RefundLine.objects.lowering_due(order).filter(kind__in=[Kind.ITEM, Kind.TAX]).select_related("line"))
    for (line, was), (_, stays), (_, left) in zip(before, after, shipped, strict=True):
        rows = [row for row in refunds if line.pk in (row.line_id, row.line.parent_id)]
        given = sum((row.amount - row.of_cancelled for row in rows), ZERO) - left.gross
        is_of_pieces = line.gross and given * line.quantity * 2 >= line.gross
        _note(rows, min(given, was.gross - stays.gross) if is_of_pieces else ZERO)
    RefundLine.objects.bulk_update(refunds, ["of_cancelled"])


def _note(rows, amount):
    """Lay `amount` on the refund lines, the newest first."""
    for row in reversed(rows):
        part = max(min(amount, row.amount - row.of_cancelled), ZERO)
        row.of_cancelled += part
        amount -= part

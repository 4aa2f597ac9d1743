"""Which invoice lines a credit falls on, and with how much. Fills a Billed, writes nothing."""

from dataclasses import dataclass
from decimal import Decimal

from inventory.models import Sku
from oms.lib.errors import DomainError, Invalid
from oms.lib.money import ZERO, quantise, show, spread
from orders.models import OrderCharge, OrderLine, RefundLine
from orders.models.worth import Worth, worth_of

Kind = RefundLine.Kind


@dataclass(frozen=True)
class CreditLineIn:
    """What of an order is credited: pieces of a line, or an amount (with tax) of a line, a charge, or all of it.

    Pieces without `gross` are credited at what they were invoiced for. `is_tax`: the amount is tax alone.
    """

    line_id: int | None = None
    charge_id: int | None = None
    quantity: int = 0
    gross: Decimal | None = None
    is_tax: bool = False


def take(billed, wanted, *, field, at_most=False):
    """Take a CreditLineIn out of `billed`; raises Invalid, and DomainError when less was invoiced.

    `at_most` takes what there is. But what is still to be invoiced waits for that: else it would be owed then.
    """
    if not wanted.quantity and not wanted.gross:
        raise Invalid("Say how many pieces are credited, or how much.", field=field)
    missing = _take(billed, wanted)
    if not missing:
        return
    part = OrderLine.objects.filter(pk=wanted.line_id, per_kit__gt=0).first()
    is_to_come = part and not any(billed.rows_of(line_id=pk) for pk in (part.pk, part.parent_id))
    if is_to_come or not at_most:
        currency = billed.order.currency
        what = show(missing, currency) if isinstance(missing, Decimal) else f"{missing} pieces"
        text = f"{what} more than was invoiced and not credited yet."
        if part:
            text += " A part of a kit is invoiced when the rest of it has left or is cancelled."
        raise DomainError(text, field=field)


def take_what_there_is(billed, refund):
    """Take what `refund` pays back out of `billed`, as far as it was invoiced."""
    for wanted in _of_refund(refund):
        _take(billed, wanted)


def _take(billed, wanted):
    """Take what can be taken; returns what is missing, pieces or an amount."""
    if wanted.line_id is None and wanted.charge_id is None:
        return _take_of_all(billed, wanted.gross)
    line = OrderLine.objects.select_related("parent", "order").get(pk=wanted.line_id) if wanted.line_id else None
    rows = billed.rows_of(line_id=wanted.line_id, charge_id=wanted.charge_id)
    if line and line.is_part:
        gross = worth_of(line, wanted.quantity).gross if wanted.gross is None else wanted.gross
        # What left without its kit stands by itself on an invoice; the kit's own rows are its other parts' too.
        missing = _take_amount(billed, rows, gross, pieces=wanted.quantity, is_tax=wanted.is_tax)
        return _take_amount(billed, billed.rows_of(line_id=line.parent_id), missing, is_tax=wanted.is_tax)
    if wanted.gross is None:
        return _take_pieces(billed, rows, wanted.quantity)
    missing = _take_amount(billed, rows, wanted.gross, pieces=wanted.quantity, is_tax=wanted.is_tax)
    if missing and line and line.kind == Sku.Kind.KIT:
        parts = line.parts.values_list("pk", flat=True)
        rows = [row for pk in parts for row in billed.rows_of(line_id=pk)]
        missing = _take_amount(billed, rows, missing, is_tax=wanted.is_tax)
    return missing


def _take_pieces(billed, rows, pieces):
    for row in rows:
        some = min(pieces, billed.left(row)[0])
        if some > 0:
            billed.take(row, some, billed.worth_of(row, some))
            pieces -= some
    return pieces


def _take_amount(billed, rows, gross, *, pieces=0, is_tax=False):
    for row in rows:
        free, left = billed.left(row)
        some = min(gross, left.tax if is_tax else left.gross)
        if some > 0:
            count = min(pieces, free)
            billed.take(row, count, Worth(ZERO, some, some) if is_tax else _part(row, left, some, billed))
            pieces -= count
            gross -= some
    return gross


def _take_of_all(billed, gross):
    """Spread an amount over all that is left, in proportion."""
    rows = [row for row in billed.rows if billed.left(row)[1].gross > 0]
    left = [billed.left(row)[1].gross for row in rows]
    if gross >= sum(left, ZERO):
        return _take_amount(billed, rows, gross)
    for row, amount in zip(rows, spread(gross, left, billed.order.currency), strict=True):
        _take_amount(billed, [row], amount)
    return ZERO


def _part(row, left, gross, billed):
    """Return `gross` of an invoice line as a Worth: with its share of tax, and at most what is left of each."""
    if gross == left.gross:
        return left
    tax = min(quantise(gross * row.tax / row.gross, billed.order.currency), left.tax)
    net = min(gross - tax, left.net)
    return Worth(net, gross - net, gross)


def _of_refund(refund):
    """Return the [CreditLineIn] of a refund; a fee that is kept back makes each of them smaller."""
    lines = [line for line in refund.lines.all() if line.amount > 0]
    amounts = spread(refund.amount, [line.amount for line in lines], refund.order.currency)
    shipping = refund.order.charges.filter(kind=OrderCharge.Kind.SHIPPING).values_list("pk", flat=True).first()
    for line, amount in zip(lines, amounts, strict=True):
        if line.kind in (Kind.ITEM, Kind.TAX):
            is_tax = line.kind == Kind.TAX
            yield CreditLineIn(line_id=line.line_id, quantity=line.quantity, gross=amount, is_tax=is_tax)
        else:
            yield CreditLineIn(charge_id=shipping if line.kind == Kind.SHIPPING else None, gross=amount)

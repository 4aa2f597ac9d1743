"""What matched credits do to the orders they undo: counters, states, a credit note, the money given back."""

from collections import defaultdict
from zoneinfo import ZoneInfo

from oms.lib.money import ZERO
from orders.imports.build import entry as movement
from orders.models import (
    AccountLine,
    CreditNote,
    CreditNoteLine,
    InvoiceLine,
    Order,
    OrderLine,
    Payment,
    PaymentEntry,
    Refund,
    RefundLine,
    SearchKey,
)
from orders.services import search, states

Effect = AccountLine.Effect


def undo(channel, rows):
    """Take what `rows` (saved AccountLines that name an order line) give back off their locked orders."""
    if not rows:
        return
    lines = OrderLine.objects.select_related("order").in_bulk({row.order_line_id for row in rows})
    for row in rows:
        row.order_line = lines[row.order_line_id]
        _count(row)
    OrderLine.objects.bulk_update(lines.values(), ["cancelled", "shipped", "delivered", "returned"], batch_size=200)
    credits = defaultdict(list)
    for row in rows:
        credits[row.entry, row.order_line.order_id].append(row)
    _write_notes(channel, credits)
    _give_back(credits)
    last = {order_id: entry for entry, order_id in credits}
    for order in Order.objects.filter(pk__in=last).order_by("pk").prefetch_related("lines"):
        _settle(order, last[order.pk])


def _count(row):
    line, pieces = row.order_line, -row.quantity
    if row.effect == Effect.CANCELLED:
        line.cancelled += pieces
        line.shipped -= pieces
        line.delivered -= pieces
    else:
        line.returned += pieces


def _write_notes(channel, credits):
    """Write a CreditNote for each (entry, order) with the entry's number, against the invoice lines."""
    ids = {row.order_line_id for rows in credits.values() for row in rows}
    billed = {line.line_id: line for line in InvoiceLine.objects.filter(line__in=ids).select_related("invoice")}
    notes, lines = [], []
    for (entry, _), rows in credits.items():
        rows = [row for row in rows if row.order_line_id in billed]
        if not rows:
            continue
        note = _note(channel, entry, rows, billed[rows[0].order_line_id].invoice)
        notes.append(note)
        lines += [_note_line(note, i, row, billed[row.order_line_id]) for i, row in enumerate(rows, start=1)]
    CreditNote.objects.bulk_create(notes)
    CreditNoteLine.objects.bulk_create(lines)
    SearchKey.objects.bulk_create([_key(note) for note in notes], ignore_conflicts=True)


def _note(channel, entry, rows, invoice):
    net = -sum(row.net for row in rows)
    is_cancelled = all(row.effect == Effect.CANCELLED for row in rows)
    return CreditNote(
        order_id=invoice.order_id,
        seller_id=invoice.seller_id,
        code=entry.external_id,
        issued_at=entry.at,
        issued_on=entry.at.astimezone(ZoneInfo(channel.seller.tz)).date(),
        locale=invoice.locale,
        currency=invoice.currency,
        net=net,
        tax=ZERO,
        gross=net,
        seller_as_was=invoice.seller_as_was,
        buyer=invoice.buyer,
        ship_to=invoice.ship_to,
        cause=CreditNote.Cause.UNSHIPPED if is_cancelled else CreditNote.Cause.RETURN,
        reason=f"{entry.external_id} of the old system",
    )


def _note_line(note, position, row, billed):
    return CreditNoteLine(
        credit_note=note,
        invoice_line=billed,
        position=position,
        line_id=row.order_line_id,
        sku_code=row.order_line.sku_code,
        name=row.name or row.order_line.name,
        quantity=-row.quantity,
        unit_net=row.unit_price,
        net=-row.net,
        tax=ZERO,
        gross=-row.net,
    )


def _key(note):
    return SearchKey(order_id=note.order_id, kind=SearchKey.Kind.INVOICE, value=search.normalise(note.code))


def _give_back(credits):
    """Write a done Refund for each (entry, order), at most what is left of the order's payment."""
    orders = {order_id for _, order_id in credits}
    payments = {payment.order_id: payment for payment in Payment.objects.filter(order__in=orders)}
    refunds, lines, movements = [], [], []
    for (entry, order_id), rows in credits.items():
        payment = payments.get(order_id)
        parts = _parts(rows, payment.refundable) if payment else []
        if not parts:
            continue
        refund = _refund(entry, order_id, sum(amount for _, amount in parts))
        refunds.append(refund)
        lines += [_refund_line(refund, row, amount) for row, amount in parts]
        movements.append(movement(payment, PaymentEntry.Kind.REFUND, refund.amount, at=entry.at, refund=refund))
        payment.refunded += refund.amount
    Refund.objects.bulk_create(refunds)
    RefundLine.objects.bulk_create(lines)
    PaymentEntry.objects.bulk_create(movements)
    Payment.objects.bulk_update(payments.values(), ["refunded"], batch_size=200)


def _parts(rows, left):
    """Return [(row, amount)]: each row's money, as long as there is some left of the payment."""
    parts = []
    for row in rows:
        amount = min(-row.net, left)
        left -= amount
        if amount > 0:
            parts.append((row, amount))
    return parts


def _refund(entry, order_id, amount):
    return Refund(
        order_id=order_id,
        key=f"import:{entry.pk}",
        status=Refund.Status.DONE,
        amount=amount,
        reason=f"{entry.external_id} of the old system",
        lowers_due=False,
        requested_at=entry.at,
        decided_at=entry.at,
        done_at=entry.at,
    )


def _refund_line(refund, row, amount):
    return RefundLine(
        refund=refund, kind=RefundLine.Kind.ITEM, line_id=row.order_line_id, quantity=-row.quantity, amount=amount
    )


def _settle(order, entry):
    """Derive the order's states anew; one of which nothing is left was cancelled."""
    lines = list(order.lines.all())
    if all(line.cancelled == line.quantity for line in lines):
        # Not by `move_to`: what is closed here was open where this happened.
        order.status, order.cancelled_at, order.closed_at = Order.Status.CANCELLED, entry.at, None
        order.cancel_reason = f"{entry.external_id} of the old system"
    states.refresh(order, lines)

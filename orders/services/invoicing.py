"""Invoices for what has left, and credit notes for what is taken back. Written once, numbered without a gap."""

from oms.lib.commands import command
from oms.lib.errors import Invalid
from oms.lib.money import quantise
from orders.models import CreditNote, CreditNoteLine, Invoice, InvoiceLine, NumberSeries, SearchKey
from orders.services import billing, crediting, search
from orders.services.billed import Billed
from orders.services.bills import print_bill
from orders.services.crediting import CreditLineIn

__all__ = ["CreditLineIn", "credit", "credit_refund", "credit_unshipped", "invoice_shipped"]

Cause = CreditNote.Cause


@command
def invoice_shipped(order, *, supply_on, actor="system"):
    """Invoice what of a locked `order` has left and is not invoiced yet; returns the Invoice, or None.

    The lines' own counters say what has left, so a second call finds nothing. A kit is invoiced when it
    is complete, or its parts when no more will come; charges with the first goods; what costs nothing not at all.
    """
    rows = billing.positions(order)
    if not any(row.gross for row in rows):
        return None
    invoice = billing.bill(Invoice, order, rows, supply_on=supply_on)
    invoice.paid = billing.covered(order, invoice.gross)
    billing.state_home_tax(invoice, supply_on)
    _number(invoice, NumberSeries.Kind.INVOICE)
    _insert(invoice, rows)
    order.publish("order.invoiced", actor=actor, invoice=invoice.pk)
    print_bill("invoice", invoice, actor=actor)
    return invoice


@command
def credit(order, *, lines, reason, invoice=None, cause=Cause.RETURN, at_most=False, actor="system"):
    """Credit `lines` ([CreditLineIn]) of a locked `order`, of `invoice` or of all its invoices; returns the CreditNote.

    Raises Invalid, naming the field, and DomainError when more is asked than was invoiced and not yet
    credited; given `at_most`, only what there is is credited, and None returned where nothing is.
    """
    if not lines:
        raise Invalid("Say what is credited: a line at least.", field="lines")
    if not reason.strip():
        raise Invalid("Give the reason of the credit note: it is printed on it.", field="reason")
    billed = Billed(order, invoice=invoice)
    for i, line in enumerate(lines):
        crediting.take(billed, line, field=f"lines.{i}", at_most=at_most)
    return _write_credit(billed, cause=cause, reason=reason, actor=actor)


def credit_refund(order, refund, *, actor="system"):
    """Credit what a refund of a locked `order` pays back, as far as it was invoiced; None where nothing was."""
    billed = Billed(order)
    crediting.take_what_there_is(billed, refund)
    return _write_credit(billed, cause=Cause.PRICE, reason=refund.reason, actor=actor)


def credit_unshipped(order, *, actor="system"):
    """Take back what was invoiced of a locked `order` and did not leave after all; returns the CreditNote, or None.

    The lines' counters say what is away; the next shipping invoices it again.
    """
    billed = billing.surplus(order)
    return _write_credit(billed, cause=Cause.UNSHIPPED, reason="Not handed over", actor=actor)


def _write_credit(billed, *, cause, reason, actor):
    if not billed.taken:
        return None
    order, rows = billed.order, billing.credit_rows(billed)
    note = billing.bill(CreditNote, order, rows, cause=cause, reason=reason[:200])
    first = billed.taken[0][0].invoice
    note.tax_note, note.home_currency, note.home_rate = first.tax_note, first.home_currency, first.home_rate
    if note.home_rate:
        note.home_tax = quantise(note.tax * note.home_rate, note.home_currency)
    _number(note, NumberSeries.Kind.CREDIT_NOTE)
    _insert(note, rows)
    order.publish("order.credited", actor=actor, credit_note=note.pk)
    print_bill("credit_note", note, actor=actor)
    return note


def _number(bill, kind):
    series, number, moment = NumberSeries.objects.take(bill.seller, kind)
    billing.number(bill, series=series, number=number, moment=moment)


def _insert(bill, rows):
    bill.save(force_insert=True)
    owner = "invoice" if isinstance(bill, Invoice) else "credit_note"
    for row in rows:
        setattr(row, owner, bill)
    (InvoiceLine if owner == "invoice" else CreditNoteLine).objects.bulk_create(rows)
    search.add_key(bill.order_id, SearchKey.Kind.INVOICE, bill.code)

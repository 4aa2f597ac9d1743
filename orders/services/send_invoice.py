"""The 810 that says a trading partner what he owes for what left."""

from oms.lib.money import quantise
from orders.channels.edi.answers import Bill, BilledLine, bill
from orders.models import EdiDocument, Invoice
from orders.services.answer_purchase import line_of
from orders.services.send_edi import partner_of, purchase_for, send


def send_invoice(invoice_id):
    """Have the 810 of an invoice of an order that came by X12 sent, once; returns the EdiDocument, or None."""
    invoice = Invoice.objects.select_related("order").get(pk=invoice_id)
    partner = partner_of(invoice.order_id)
    purchase = purchase_for(invoice.order_id) if partner and partner.is_x12 else None
    if purchase is None:
        return None
    segments = bill(purchase, _bill(invoice, purchase), vendor=partner.vendor_number)
    return send(partner, EdiDocument.Kind.INVOICE, f"810:invoice:{invoice_id}", segments, order=invoice.order)


def _bill(invoice, purchase):
    rows = list(invoice.lines.select_related("line__parent", "charge"))
    return Bill(
        number=invoice.code,
        issued_on=invoice.issued_on,
        shipped_on=invoice.supply_on,
        currency=invoice.currency,
        lines=[_line(row, purchase, invoice.currency) for row in rows if row.line_id],
        charges=[(row.charge.kind, row.name, row.net) for row in rows if row.charge_id and row.net],
        tax=invoice.tax,
        gross=invoice.gross,
        seller=invoice.seller_as_was["legal_name"],
    )


def _line(row, purchase, currency):
    """Return a position; what its price per piece comes to too much, or too little, is said beside."""
    off = quantise(row.unit_net * row.quantity, currency) - row.net
    return BilledLine(line_of(purchase, row.line), row.quantity, row.unit_net, off, row.name)

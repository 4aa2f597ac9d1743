from orders.documents import bill
from orders.documents.epc import transfer_qr
from orders.models import Invoice


def render(invoice_id, *, reprint=0):
    """Return the Pdf of an invoice, in the language it was issued in; a `reprint` above 0 is marked on it."""
    invoice = Invoice.objects.select_related("order__channel").get(pk=invoice_id)
    context = bill.page(invoice, list(invoice.lines.all()), kind="invoice")
    read, words = context["read"], context["words"]
    qr = transfer_qr(
        seller=invoice.seller_as_was,
        currency=invoice.currency,
        amount=invoice.due,
        remittance=invoice.code,
    )
    iban = invoice.seller_as_was["iban"].replace(" ", "")
    context |= {
        "supplied_on": read.date(invoice.supply_on),
        "iban": " ".join(iban[start : start + 4] for start in range(0, len(iban), 4)),
        "paid": read.money(invoice.paid) if invoice.paid else "",
        "due": read.money(invoice.due),
        "transfer": words["transfer"].format(amount=read.money(invoice.due), code=invoice.code) if invoice.due else "",
        "qr": qr.svg(dots=4) if qr else "",
    }
    return bill.pdf_of(invoice, "orders/documents/invoice.html", context, reprint=reprint)

from orders.documents import bill
from orders.documents.words import WORDS, language_of
from orders.models import CreditNote, CreditNoteLine


def render(credit_note_id, *, reprint=0):
    """Return the Pdf of a credit note, in the language it was issued in; it names the invoices it takes back."""
    note = CreditNote.objects.select_related("order__channel").get(pk=credit_note_id)
    context = bill.page(note, _together(list(note.lines.all()), note.locale), kind="credit_note")
    dates = [{"code": invoice.code, "day": context["read"].date(invoice.issued_on)} for invoice in note.invoices]
    context["invoices"] = dates
    return bill.pdf_of(note, "orders/documents/credit_note.html", context, reprint=reprint)


def _together(lines, locale):
    """Return `lines` with the mere amounts of one rate, if several, as one line: a goodwill spreads over all."""
    pieces = [line for line in lines if line.quantity]
    amounts = {}
    for line in lines:
        if not line.quantity:
            amounts.setdefault(line.tax_rate, []).append(line)
    for rate, rows in amounts.items():
        pieces.append(rows[0] if len(rows) == 1 else _sum(rows, rate, locale))
    for position, line in enumerate(pieces, start=1):
        line.position = position
    return pieces


def _sum(rows, rate, locale):
    sums = {name: sum(getattr(row, name) for row in rows) for name in ("net", "tax", "gross")}
    name = WORDS[language_of(locale)]["reduction"].format(count=len(rows))
    return CreditNoteLine(name=name, quantity=0, unit_net=sums["net"], tax_rate=rate, **sums)

"""What the page of an invoice and that of a credit note have in common."""

from oms.lib import pdf
from oms.lib.money import ZERO
from oms.papers.base import Pdf
from orders.documents.reader import Reader
from orders.documents.words import EXEMPTIONS, words_of

STYLES = ("orders/documents/bill.css",)


def pdf_of(bill, template, context, *, reprint):
    """Return the Pdf of `bill` from `template`; above 0 `reprint` marks it as a copy."""
    context = {"bill": bill, "copy": reprint, **context}
    return Pdf(bill.code, pdf.render(template, context, styles=STYLES))


def page(bill, lines, *, kind):
    """Return the context of the page of `bill`, an "invoice" or "credit_note": words, parties, rows, sums as text."""
    read = Reader(bill.locale, bill.currency)
    seller = bill.seller_as_was
    words, home = words_of(read.language, seller["country"]), seller["country"]
    seller_lines = read.address(seller["address"], home=home)
    return {
        "read": read,
        "words": words,
        "title": words[kind],
        "issued_on": read.date(bill.issued_on),
        "lang": read.language,
        "seller": seller,
        "seller_lines": seller_lines,
        "imprint": _imprint(seller, seller_lines, words),
        "buyer_lines": read.address(bill.buyer, home=home),
        "ship_to_lines": read.address(bill.ship_to, home=home),
        "channel": bill.order.channel,
        "rows": [_row(line, read) for line in lines],
        "has_discount": any(getattr(line, "discount", ZERO) for line in lines),
        "rates": [_rate(rate, rows, read) for rate, rows in _by_rate(lines).items()],
        "sums": {name: read.money(getattr(bill, name)) for name in ("net", "tax", "gross")},
        "exemption": EXEMPTIONS[read.language].get(bill.tax_note, ""),
        "home_tax": _home_tax(bill, words, read),
    }


def _imprint(seller, seller_lines, words):
    """Return the two lines of the footer, each as its parts."""
    vat_id = f"{words['vat_id']} {seller['vat_id']}" if seller["vat_id"] else ""
    phone = f"{words['phone']} {seller['phone']}" if seller["phone"] else ""
    first = [seller["legal_name"], *seller_lines]
    return first, [part for part in (seller["register"], vat_id, seller["email"], phone) if part]


def _row(line, read):
    return {
        "position": line.position,
        "sku": line.sku_code,
        "name": line.name,
        "quantity": line.quantity or "",
        "unit_net": read.unit(line.unit_net),
        "discount": read.number(-line.discount) if line.discount else "",
        "rate": read.percent(line.tax_rate),
        "net": read.number(line.net),
    }


def _by_rate(lines):
    found = {}
    for line in sorted(lines, key=lambda line: -line.tax_rate):
        found.setdefault(line.tax_rate, []).append(line)
    return found


def _rate(rate, lines, read):
    sums = {name: read.number(sum((getattr(line, name) for line in lines), ZERO)) for name in ("net", "tax", "gross")}
    return {"rate": read.percent(rate), **sums}


def _home_tax(bill, words, read):
    """Return the tax in the seller's home currency with the rate it was reckoned at; "" where it is the same."""
    if not bill.home_rate:
        return ""
    home = Reader(str(read.locale), bill.home_currency)
    return words["home_tax"].format(
        currency=bill.home_currency,
        foreign=bill.currency,
        tax=home.money(bill.home_tax),
        rate=read.factor(bill.home_rate),
    )

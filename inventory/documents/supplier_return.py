"""The slip in a parcel that goes back to a supplier: what, why, and what we ask back."""

from babel.dates import format_date
from django.utils import timezone

from inventory.documents.words import WORDS, address_lines, locale_of
from inventory.models import SupplierReturn
from oms.lib import pdf
from oms.lib.barcodes import code128
from oms.lib.money import show
from oms.lib.plugins import named
from oms.panels import COMPANY
from oms.papers.base import Pdf

STYLES = ("inventory/documents/supplier.css",)


def render(object_id, *, reprint=0):
    """Return the Pdf of a return to a supplier, in its language; a `reprint` above 0 is marked on it."""
    row = SupplierReturn.objects.select_related("supplier", "location", "order").get(pk=object_id)
    supplier, us = row.supplier, named(COMPANY)()
    locale, words = locale_of(supplier), WORDS[supplier.language]
    currency = us.get("currency", supplier.currency)
    lines = list(row.lines.select_related("sku"))
    context = {
        "lang": supplier.language,
        "words": words,
        "row": row,
        "barcode": code128(row.number).svg(height_mm=12),
        "to": address_lines(supplier.address, locale, name=supplier.name),
        "us": address_lines(row.location.address, locale, name=us.get("name") or row.location.name),
        "date": format_date(timezone.localdate(row.at), "medium", locale=locale),
        "lines": lines,
        "total": show(sum(line.quantity * line.cost for line in lines), currency, str(locale)),
        "reprint": reprint,
    }
    content = pdf.render("inventory/documents/supplier_return.html", context, styles=STYLES)
    return Pdf(f"{words['supplier_return']} {row}", content)

"""What a supplier gets to send to our customer: to whom, what, until when; never a price of ours."""

from babel import Locale
from babel.dates import format_date

from fulfilment.documents import address
from fulfilment.documents.supplier_links import supplier_link
from fulfilment.documents.supplier_words import WORDS
from fulfilment.models import FulfilmentOrder
from inventory.models import Supplier, SupplierSku
from oms.lib import pdf
from oms.lib.barcodes import code128, qr
from oms.papers.base import Pdf

STYLES = ("inventory/documents/supplier.css",)


def render(object_id, *, reprint=0):
    """Return the Pdf of the request of fulfilment order `object_id`, in its supplier's language."""
    row = FulfilmentOrder.objects.select_related("order__channel__seller", "location").get(pk=object_id)
    context = page(row) | {"reprint": reprint}
    content = pdf.render("fulfilment/documents/dropship_request.html", context, styles=STYLES)
    return Pdf(f"{context['words']['title']} {row}", content)


def page(row):
    """Return what is to be sent, all as text: words, parties, rows, and the day it must leave by."""
    supplier = Supplier.objects.get(location=row.location_id)
    seller, locale = row.order.channel.seller, Locale(supplier.language)
    home = supplier.address.get("country", "")
    return {
        "lang": supplier.language,
        "words": WORDS[supplier.language],
        "row": row,
        "supplier": supplier,
        "barcode": code128(str(row)).svg(height_mm=12),
        "qr": qr(supplier_link(row)).svg(dots=3),
        "us": [seller.legal_name, *address.lines(seller.address, home=home, locale=str(locale))],
        "to": address.lines_of(supplier, home=seller.country, locale=str(locale)),
        "ship_to": address.lines(row.order.ship_to, home=home, locale=str(locale)),
        "send_by": format_date(row.ship_by, "medium", locale=locale),
        "rows": rows_of(row, supplier),
    }


def rows_of(row, supplier):
    """Return [{"your_code", "our_code", "name", "personalisation", "pieces"}] of what is still to leave."""
    listed = SupplierSku.objects.filter(supplier=supplier, sku__in=row.lines.values("sku"))
    codes = dict(listed.values_list("sku", "code"))
    return [
        {
            "your_code": codes.get(line.sku_id, ""),
            "our_code": line.sku.code,
            "name": line.order_line.name[:90],
            "personalisation": line.order_line.personalisation[:90],
            "pieces": line.wanted,
        }
        for line in row.lines.select_related("sku", "order_line")
        if line.wanted
    ]

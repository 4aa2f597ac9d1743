"""What a supplier gets: its own codes first, what we pay, where to and until when; our number as a barcode."""

from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils import timezone

from inventory.documents.words import WORDS, address_lines, locale_of
from inventory.models import PurchaseOrder
from oms.lib import pdf
from oms.lib.barcodes import code128
from oms.lib.money import show
from oms.papers.base import Pdf

STYLES = ("inventory/documents/supplier.css",)


def render(object_id, *, reprint=0):
    """Return the Pdf of a purchase order, in its supplier's language; a `reprint` above 0 is marked on it."""
    order = PurchaseOrder.objects.select_related("supplier", "location").get(pk=object_id)
    context = page(order) | {"reprint": reprint}
    content = pdf.render("inventory/documents/purchase_order.html", context, styles=STYLES)
    return Pdf(f"{context['words']['purchase_order']} {order}", content)


def page(order):
    """Return the context of the page, all as text."""
    supplier, us = order.supplier, order.bill_to
    locale, words = locale_of(supplier), WORDS[supplier.language]
    home = supplier.address.get("country", "")
    lines = list(order.lines.select_related("sku").order_by("pk"))
    return {
        "lang": supplier.language,
        "words": words,
        "order": order,
        "barcode": code128(order.number).svg(height_mm=12),
        "to": address_lines(
            supplier.address, locale, name=supplier.name, home=us.get("address", {}).get("country", "")
        ),
        "us": address_lines(us.get("address", {}), locale, name=us.get("name", ""), home=home),
        "deliver_to": address_lines(order.location.address, locale, name=order.location.name, home=home),
        "date": _day(timezone.localdate(order.sent_at) if order.sent_at else timezone.localdate(), locale),
        "rows": [_row(line, order, locale) for line in lines],
        "total": show(sum(line.amount for line in lines), order.currency, str(locale)),
    }


def _row(line, order, locale):
    form = "#,##0.00" if line.cost == round(line.cost, 2) else "#,##0.0000"
    return {
        "your_code": line.supplier_code,
        "our_code": line.sku.code,
        "name": line.sku.name[:90],
        "quantity": line.quantity,
        "cost": format_decimal(line.cost, format=form, locale=locale),
        "amount": format_decimal(line.amount, format="#,##0.00", locale=locale),
        "due": _day(line.due_on, locale) if line.due_on else "",
    }


def _day(day, locale):
    return format_date(day, "medium", locale=locale)

"""The label of a parcel: its carrier's, where that sold one, or our own, 100 × 150 mm, 203 dpi, black only."""

from math import ceil

from django.conf import settings

from fulfilment.documents import address, carrier_label
from fulfilment.models import Parcel
from oms.lib import pdf
from oms.lib.barcodes import check_digit, code128, gs1_128
from oms.papers.base import Pdf

STYLES = ("fulfilment/documents/shipping_label.css",)
WIDTH_MM = 94
# A line of the address holds so many letters at 12 pt, and so many lines leave room for the barcodes.
LINE_LENGTH, MOST_LINES = 36, 8
DOC_TAB_ROWS = 6


def render(object_id, *, reprint=0):
    """Return the Pdf of the label of parcel `object_id`. An address that is very long gets a label of its own."""
    parcel = Parcel.objects.select_related("order", "fulfilment_order__location", "carrier").get(pk=object_id)
    bought = carrier_label.stored(parcel) if reprint else None
    if bought:
        return carrier_label.render(bought, reprint=reprint)
    content = pdf.render("fulfilment/documents/shipping_label.html", page(parcel, reprint), styles=STYLES)
    return Pdf(f"Label {parcel.order}-{parcel}", content)


def page(parcel, reprint=0):
    """Return the context of the label's page or two pages."""
    order, location = parcel.order, parcel.fulfilment_order.location
    to = order.ship_to
    lines = [part for part in (to.get(name) for name in ("company", "name", "line1", "line2")) if part]
    town = ", ".join(part for part in (to.get("city"), to.get("region")) if part)
    height = sum(ceil(len(line) / LINE_LENGTH) for line in [*lines, town])
    code = sscc(parcel.pk)
    rows = [f"{row.sku} × {row.quantity}" for row in parcel.lines.select_related("sku")]
    return {
        "parcel": parcel,
        "order": order,
        "sender": address.lines_of(location),
        "lines": lines,
        "town": town,
        "postcode": to.get("postcode", ""),
        "country": to.get("country", ""),
        "place": parcel.place,
        "weight_kg": parcel.weight_g / 1000 if parcel.weight_g else None,
        "tracking": _barcode(parcel.tracking_number),
        "sscc": gs1_128(f"(00){code}").svg(height_mm=32) if code else "",
        "sscc_text": f"(00) {code}",
        "is_split": height > MOST_LINES,
        "doc_tab": rows[:DOC_TAB_ROWS] + ([f"+ {len(rows) - DOC_TAB_ROWS} more"] if len(rows) > DOC_TAB_ROWS else []),
        "reprint": reprint,
    }


def sscc(pk):
    """Return the Serial Shipping Container Code of parcel `pk`, 18 digits; "" without a GS1 company prefix.

    Extension digit 0, company prefix, serial number, check digit: GS1 General Specifications 3.3.1. The
    serial number starts again when its digits are used up, as the standard allows after a year.
    """
    prefix = settings.GS1_PREFIX
    if not prefix:
        return ""
    serial = 16 - len(prefix)
    digits = f"0{prefix}{pk % 10**serial:0{serial}d}"
    return f"{digits}{check_digit(digits)}"


def parcel_of_sscc(code):
    """Return the id of the parcel whose SSCC a scanner read, with its identifier 00 before it; None for other codes.

    Of numbers that were used up and began again, the last part only is told; the newest parcel has it.
    """
    digits = code.removeprefix("]C1").removeprefix("(00)")
    digits = digits[2:] if len(digits) == 20 and digits.startswith("00") else digits
    prefix = settings.GS1_PREFIX
    if not (prefix and digits.isascii() and digits.isdigit() and digits.startswith(f"0{prefix}")):
        return None
    pk = int(digits[1 + len(prefix) : -1] or 0) if len(digits) == 18 else 0
    return pk if pk and sscc(pk) == digits else None


def _barcode(number):
    """Return the tracking number as Code 128, in modules of 3 printer dots or, where it is long, of 2; "" else."""
    if not number or not number.isascii() or len(number) > 48:
        return ""
    symbol = code128(number)
    dots = next((dots for dots in (3, 2) if symbol.width_mm(dots) <= WIDTH_MM), None)
    return symbol.svg(height_mm=25, dots=dots) if dots else ""

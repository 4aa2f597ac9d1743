"""The slip that goes with a transfer, A4: its barcode, what is in it, boxes to tick and to count into."""

from django.utils import timezone

from oms.lib import pdf
from oms.lib.barcodes import code128
from oms.papers.base import Pdf

STYLES = ("inventory/documents/transfer_slip.css",)
FIRST_PAGE, NEXT_PAGE = 24, 32  # rows
NAME_LENGTH = 60


def render_slip(transfer):
    """Return the Pdf of `transfer`, as it stands now; it is printed as often as somebody likes."""
    return Pdf(
        f"Transfer {transfer}", pdf.render("inventory/documents/transfer_slip.html", page(transfer), styles=STYLES)
    )


def page(transfer):
    """Return the context: `pages` are lists of rows {sku, name, pieces}."""
    lines = transfer.lines.select_related("sku").order_by("sku__code")
    rows = [
        {"sku": line.sku.code, "name": _name(line.sku), "pieces": line.shipped or line.reserved or line.quantity}
        for line in lines
    ]
    return {
        "transfer": transfer,
        "barcode": code128(transfer.number).svg(height_mm=15),
        "pages": cut(rows),
        "lines": len(rows),
        "pieces": sum(row["pieces"] for row in rows),
        "printed_at": timezone.now(),
    }


def cut(rows):
    """Cut `rows` into pages; pure."""
    pages, rest = [rows[:FIRST_PAGE]], rows[FIRST_PAGE:]
    while rest:
        pages.append(rest[:NEXT_PAGE])
        rest = rest[NEXT_PAGE:]
    return pages


def _name(sku):
    return sku.name if len(sku.name) <= NAME_LENGTH else sku.name[: NAME_LENGTH - 1] + "…"

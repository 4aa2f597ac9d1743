"""Item and put-away label, 57 × 32 mm: where it goes, what it is."""

from dataclasses import dataclass
from datetime import date

from oms.lib import pdf
from oms.lib.barcodes import code128
from oms.papers.base import Pdf

STYLES = ("inventory/documents/item_label.css",)
MOST_COPIES = 50
WIDTH_MM = 55
NAME_LENGTH = 60


@dataclass(frozen=True)
class ItemLabel:
    """What stands on one label; `band` is QUARANTINE, RETURN A … or empty, `reference` a PO or delivery note."""

    sku: str
    name: str
    quantity: int = 1
    bin: str = ""
    lot: str = ""
    expires_on: date | None = None
    reference: str = ""
    receiver: str = ""
    printed_on: date | None = None
    band: str = ""


def render_labels(labels):
    """Return the Pdf of `labels` ([ItemLabel], at most MOST_COPIES), one a page."""
    rows = [{"label": label, "barcode": barcode(label.sku), "name": _name(label)} for label in labels[:MOST_COPIES]]
    return Pdf("Item labels", pdf.render("inventory/documents/item_label.html", {"rows": rows}, styles=STYLES))


def barcode(code):
    """Return the SKU's code as Code 128 in modules of 3, 2 or 1 printer dots, as it fits; "" where none does."""
    if not code.isascii():
        return ""
    symbol = code128(code)
    dots = next((dots for dots in (3, 2, 1) if symbol.width_mm(dots) <= WIDTH_MM), None)
    return symbol.svg(height_mm=7, dots=dots) if dots else ""


def _name(label):
    return label.name if len(label.name) <= NAME_LENGTH else label.name[: NAME_LENGTH - 1] + "…"

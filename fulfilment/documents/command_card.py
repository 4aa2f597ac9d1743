"""The card of command barcodes, A4: what is scanned instead of a key, and the stations' own codes."""

from oms.lib import pdf
from oms.lib.barcodes import code128
from oms.papers.base import Pdf

STYLES = ("fulfilment/documents/command_card.css",)
# (what is scanned, what it does); the pages' buttons name them in data-command.
COMMANDS = [
    ("DONE", "what Enter does: confirm, ship"),
    ("UNDO", "take the last piece back"),
    ("SHORT", "fewer are there than asked"),
    ("NEXT BOX", "close the parcel, open another"),
    ("REPRINT", "print the last label again, marked"),
    ("PAUSE", "leave the list, go on later"),
    ("HELP", "show all keys"),
]
AT = "AT "  # before a station's code: told apart from SKUs and bins


def render_card(stations):
    """Return the Pdf of all commands and of the stations' codes ([text])."""
    rows = [{"word": word, "meaning": meaning, "barcode": _barcode(word)} for word, meaning in COMMANDS]
    rows += [
        {"word": f"{AT}{code}", "meaning": "this device stands here", "barcode": _barcode(f"{AT}{code}")}
        for code in stations
        if code.isascii()
    ]
    return Pdf("Commands", pdf.render("fulfilment/documents/command_card.html", {"rows": rows}, styles=STYLES))


def _barcode(text):
    return code128(text).svg(height_mm=16, dots=3)

"""A badge, 85.6 × 54 mm: whose it is, and the barcode that logs him in at the floor's devices."""

from oms.lib import pdf
from oms.lib.barcodes import code128
from oms.papers.base import Pdf

STYLES = ("fulfilment/documents/badge_card.css",)
BADGE = "BADGE "  # before the secret: told apart from SKUs and bins


def render_badge(user, secret):
    """Return the Pdf of the badge of `user` with its `secret`."""
    barcode = code128(f"{BADGE}{secret}").svg(height_mm=16, dots=2)
    name = user.get_full_name() or user.get_username()
    context = {"name": name, "login": user.get_username(), "barcode": barcode}
    return Pdf(f"Badge {user}", pdf.render("fulfilment/documents/badge_card.html", context, styles=STYLES))

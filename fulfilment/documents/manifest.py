"""The manifest on paper, A4: what the driver takes along and signs for; cut into pages by us, no names, no streets."""

from django.contrib.auth import get_user_model
from django.utils import timezone

from fulfilment.documents import address
from fulfilment.documents.shipping_label import sscc
from fulfilment.models import Manifest
from oms.lib import pdf
from oms.lib.barcodes import code128
from oms.papers.base import Pdf

STYLES = ("fulfilment/documents/manifest.css",)
# Rows, 7 mm high: beneath the head of the first page, on others, and so many fewer on the last for the signatures.
FIRST_PAGE, NEXT_PAGE, SIGNING = 29, 33, 6


def render(object_id, *, reprint=0):
    """Return the Pdf of manifest `object_id`."""
    manifest = Manifest.objects.select_related("location", "carrier").get(pk=object_id)
    content = pdf.render("fulfilment/documents/manifest.html", page(manifest, reprint), styles=STYLES)
    return Pdf(f"Manifest {manifest}", content)


def page(manifest, reprint=0):
    """Return the context: `pages` are lists of rows, the last one with room for the signatures."""
    parcels = manifest.parcels.select_related("order").order_by("pk")
    rows = [_row(number, parcel) for number, parcel in enumerate(parcels, start=1)]
    return {
        "manifest": manifest,
        "barcode": code128(str(manifest)).svg(height_mm=12),
        "sender": address.lines_of(manifest.location),
        "closed_at": manifest.handed_over_at or timezone.now(),
        "closed_by": _name(manifest.handed_over_by),
        "count": len(rows),
        "weight_kg": sum(parcel.weight_g or 0 for parcel in parcels) / 1000,
        "unweighed": sum(parcel.weight_g is None for parcel in parcels),
        "pages": cut(rows),
        "printed_at": timezone.now(),
        "reprint": reprint,
    }


def cut(rows):
    """Cut rows into pages; pure. The signatures go below the last row, on a page with at least one of them."""
    pages, left = [], list(rows)
    while True:
        room = NEXT_PAGE if pages else FIRST_PAGE
        if len(left) <= room - SIGNING:
            return [*pages, left]
        taken = min(room, len(left) - 1)
        pages.append(left[:taken])
        left = left[taken:]


def _row(number, parcel):
    to, code = parcel.order.ship_to, sscc(parcel.pk)
    return {
        "number": number,
        "tracking": parcel.tracking_number or "—",
        "sscc": code,
        "parcel": str(parcel),
        "order": parcel.order.number,
        "town": f"{to.get('country', '')} {to.get('postcode', '')}".strip(),
        "service": parcel.service,
        "weight_kg": parcel.weight_g / 1000 if parcel.weight_g else None,
    }


def _name(actor):
    """Return who an actor ("user:3") is, for people."""
    kind, _, pk = actor.partition(":")
    user = get_user_model().objects.filter(pk=pk).first() if kind == "user" else None
    return (user.get_full_name() or user.get_username()) if user else actor

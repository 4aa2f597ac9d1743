"""A carrier's own manifest: printed as it came; only a reprint is followed by a page that says so."""

from fulfilment.documents import carrier_label
from oms.papers.models import Document


def render(object_id, *, reprint=0):
    """Return the Pdf of CarrierManifest `object_id` once more; it was kept when the carrier made it."""
    return carrier_label.render(Document.objects.latest_of("carrier_manifest", object_id), reprint=reprint)

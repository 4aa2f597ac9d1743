"""The newest picture of a parcel; it is no paper of which copies are marked."""

from oms.papers.base import Pdf
from oms.papers.models import Document
from oms.papers.services.read_document import read_document

KIND = "packing_photo"


def render(parcel_id, *, reprint=0):
    document = Document.objects.latest_of(KIND, parcel_id)
    return Pdf(document.title, read_document(document))

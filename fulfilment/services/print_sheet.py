"""Labels of parcels on A4 sheets, where there is no label printer; each is noted as printed: a copy is marked."""

from django.db.models import Exists, OuterRef
from django.utils import timezone

from fulfilment.documents.bundle import four_a_sheet
from fulfilment.documents.carrier_label import KIND, for_printer
from fulfilment.models import Parcel, PrintJob
from oms.lib.commands import command
from oms.lib.errors import Invalid
from oms.papers.models import Document
from oms.papers.services.read_document import read_document

MOST = 40


def waiting(place):
    """Return the Documents of the first MOST labels at a Location that nobody has printed, by parcel.

    ZPL is not among them: only label printers speak it.
    """
    here = Parcel.objects.filter(
        fulfilment_order__location=place, status__in=[Parcel.Status.PACKED, Parcel.Status.SHIPPED]
    )
    newer = Document.objects.filter(kind=KIND, object_id=OuterRef("object_id"), revision__gt=OuterRef("revision"))
    labels = Document.objects.filter(kind=KIND, object_id__in=here.exclude(tracking_number="").values("pk"))
    fresh = labels.filter(reprints=0, print_jobs__isnull=True).exclude(Exists(newer)).exclude(file__endswith=".zpl")
    return fresh.order_by("object_id")[:MOST]


@command
def print_sheets(place, document_ids, *, start, actor):
    """Return the PDF bytes of those labels that wait at `place`, the first on place `start` (1 to 4) of its sheet.

    Those that somebody was faster to print are left out. Raises Invalid when none is left.
    """
    papers, now = [], timezone.now()
    done = {"kind": PrintJob.Kind.LABEL, "status": PrintJob.Status.PRINTED, "sent_at": now, "done_at": now}
    for document in [row for row in waiting(place) if row.pk in document_ids]:
        defaults = done | {"created_by": actor}
        if PrintJob.objects.get_or_create(document=document, copy=0, defaults=defaults)[1]:
            papers.append(for_printer(read_document(document), document.form, "pdf"))
    if not papers:
        raise Invalid("These labels are printed already. Print one again at its parcel: it is marked then.")
    return four_a_sheet(papers, start=start)

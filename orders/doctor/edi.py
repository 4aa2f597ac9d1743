from itertools import groupby

from django.db.models import F

from oms.lib.doctor import Violation, check
from oms.outbox.models import Delivery, Event
from orders.models import EdiDocument, EdiInterchange, EdiPartner


@check(12, "control numbers of EDI files without a gap")
def control_numbers_without_gap():
    """Restore the row named from a backup, or agree with the partner that he misses that number."""
    rows = EdiDocument.objects.order_by("partner", "number").values_list("partner", "number")
    last = {}
    for partner, numbers in groupby(rows.iterator(), key=lambda row: row[0]):
        expected = EdiPartner.objects.get(pk=partner).first_number
        for _, number in numbers:
            if number != expected:
                yield Violation(12, f"trading partner {partner}", f"file {expected} is missing, {number} is there")
            expected = number + 1
        last[partner] = expected
    for partner in EdiPartner.objects.order_by("pk"):
        expected = last.get(partner.pk, partner.first_number)
        if partner.next_number != expected:
            yield Violation(12, f"trading partner {partner}", f"next is {partner.next_number}, {expected} would be")


@check(14, "no EDI file forgotten")
def files_are_written():
    """Press "Send again" on the file: nothing was going to write it."""
    for document in EdiDocument.objects.filter(written_at=None).defer("body").iterator():
        events = Event.objects.filter(name="edi.queued", data__document=document.pk)
        # Those given up are shown and tried again in the console.
        if not Delivery.objects.filter(event__in=events, done_at=None).exists():
            yield Violation(14, f"EDI file {document}", "is to be written, and no delivery of it is open")


@check(16, "an EDI file is of the partner whose order it is about")
def files_of_their_order():
    """Ask who linked them, and tell the partner who got the file of another's order."""
    strange = EdiDocument.objects.exclude(order=None).exclude(partner__connection=F("order__channel_order__connection"))
    for document in strange.select_related("order").defer("body").iterator():
        yield Violation(16, f"EDI file {document}", f"is about order {document.order}, which is another partner's")
    strange = EdiInterchange.objects.exclude(document=None).exclude(partner__connection=F("document__connection"))
    for row in strange.iterator():
        yield Violation(16, f"EDI file {row}", "its documents are another partner's")

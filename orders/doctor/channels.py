from django.db.models import F, Q

from oms.lib.doctor import Violation, check
from oms.outbox.models import Delivery, Event
from orders.models import ChannelDocument, ChannelMessage, ChannelOrder, ChannelStock, SheetUpload


@check(14, "no document of a channel forgotten")
def documents_are_worked():
    """Press "Replay" on the document: nothing was going to work it."""
    for document in ChannelDocument.objects.filter(status=ChannelDocument.Status.PENDING).iterator():
        events = Event.objects.filter(subject=document.subject, data__document=document.pk)
        # Those given up are shown and tried again in the console.
        if not Delivery.objects.filter(event__in=events, done_at=None).exists():
            yield Violation(14, f"channel document {document.pk}", "is to be worked, and no delivery of it is open")


@check(14, "no document of a channel was emptied that is still needed")
def emptied_when_settled():
    """Have the channel send it under a new id, or enter by hand what it said: it cannot be replayed."""
    settled = [ChannelDocument.Status.DONE, ChannelDocument.Status.IGNORED]
    parts = ChannelDocument.objects.filter(whole__emptied_at__isnull=False).exclude(status__in=settled)
    for document in parts.order_by("pk").iterator():
        yield Violation(14, f"channel document {document.pk}", f"is {document.status}, and its text was emptied")


@check(14, "no spreadsheet forgotten")
def sheets_are_worked():
    """Upload the file again: no worker was going to check or import it, and what it placed is placed once."""
    at_work = [SheetUpload.Status.CHECKING, SheetUpload.Status.QUEUED]
    for upload in SheetUpload.objects.filter(status__in=at_work).iterator():
        if not Delivery.objects.filter(event__subject=upload.subject, done_at=None).exists():
            yield Violation(14, f"spreadsheet {upload.pk}", f"is {upload.get_status_display()}, and by no worker")


@check(16, "an order of a channel is the one that its documents name")
def documents_of_their_order():
    """Ask who linked them: open the document's order, and cancel the one that is not the channel's."""
    strange = ChannelOrder.objects.exclude(order=None).exclude(external_id=F("order__external_id"))
    for record in strange.select_related("order").iterator():
        yield Violation(16, f"order {record.order}", f"its documents name {record}, not {record.order.external_id}")
    strange = ChannelDocument.objects.exclude(order=None).filter(
        ~Q(external_id=F("order__external_id")) | ~Q(connection=F("order__channel_order__connection"))
    )
    for document in strange.select_related("order").iterator():
        yield Violation(16, f"order {document.order}", f"document {document.pk} is of another order")


@check(14, "a channel was told what it is to count, or will be")
def stock_is_told():
    """Press "Send all again" on the connection: somebody wrote a number that nothing would have sent."""
    ahead = ChannelStock.objects.filter(told_revision__gt=F("revision"))
    for row in ahead.order_by("pk").iterator():
        yield Violation(14, f"channel stock {row.pk}", f"was told revision {row.told_revision} of {row.revision}")
    settled = ChannelStock.objects.filter(told_revision=F("revision"), error="", wanted__gte=0)
    for row in settled.exclude(told=F("wanted")).order_by("pk").iterator():
        yield Violation(14, f"channel stock {row.pk}", f"is to be {row.wanted}, was told {row.told}, and nothing waits")
    silent = ChannelStock.objects.stale().filter(stale_since=None) | ChannelStock.objects.filter(
        told_revision=F("revision"), stale_since__isnull=False
    )
    for row in silent.order_by("pk").iterator():
        yield Violation(14, f"channel stock {row.pk}", "does not say rightly since when it waits")


@check(11, "a refund that a channel was told of goes by its name")
def refunds_are_named():
    """Ask the developers: if the channel says it once more, the same money is counted twice."""
    told = ChannelMessage.objects.filter(kind="refund", status="done").exclude(external_id="")
    for message in told.exclude(refund__key__startswith="channel:").select_related("record").iterator():
        yield Violation(11, f"channel message {message.pk}", f"its refund is not named {message.external_id}")

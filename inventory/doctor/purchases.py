"""Proofs about purchasing: what came is what was booked, and no order is where it could not get."""

from django.db.models import Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from inventory.models import PurchaseLine, PurchaseOrder, ReceiptLine, StockEntry, SupplierReturnLine
from oms.lib.chunks import chunks
from oms.lib.doctor import Violation, check
from oms.outbox.models import Event

Status = PurchaseOrder.Status
AT_ONCE = 500
STEPS = {
    "purchase.drafted": Status.DRAFT,
    "purchase.reopened": Status.DRAFT,
    "purchase.approved": Status.APPROVED,
    "purchase.sent": Status.SENT,
    "purchase.confirmed": Status.CONFIRMED,
    "purchase.received": Status.PART_RECEIVED,
    "purchase.closed_short": Status.CLOSED_SHORT,
    "purchase.cancelled": Status.CANCELLED,
}
# These do not take an order further once pieces of it came, or twice.
STAYS = {
    Status.CONFIRMED: (Status.CONFIRMED, Status.PART_RECEIVED),
    Status.PART_RECEIVED: (Status.PART_RECEIVED,),
    Status.RECEIVED: (Status.RECEIVED,),
}


@check(17, "what came of a purchase line is the sum of its receipts")
def lines_are_received():
    """Compare the deliveries on the purchase order's page with its lines; book what is missing in, blind."""
    lines = PurchaseLine.objects.annotate(came=Coalesce(Sum(F("receipt_lines__good") + F("receipt_lines__damaged")), 0))
    for line in lines.exclude(received=F("came")).select_related("order", "sku").order_by("pk").iterator():
        yield _violation(line, f"{line.received} received, its receipts sum to {line.came}")


@check(17, "each receipt line and each line sent back has its ledger entries")
def receipts_are_booked():
    """Look for the receipt's key in the stock ledger; count the SKU at that location."""
    for lines in _in_chunks(ReceiptLine.objects.select_related("sku", "receipt")):
        yield from _unbooked([(line, line.good, line.good_key) for line in lines])
        yield from _unbooked([(line, line.damaged, line.damaged_key) for line in lines])
    for lines in _in_chunks(SupplierReturnLine.objects.select_related("sku", "supplier_return")):
        yield from _unbooked([(line, -line.quantity, line.entry_key) for line in lines])


@check(13, "a purchase order is received exactly when nothing of it is open")
def received_are_complete():
    """Close the order short, or receive the rest against it."""
    open_lines = PurchaseLine.objects.filter(order=OuterRef("pk"), quantity__gt=F("received"))
    orders = PurchaseOrder.objects.annotate(is_open=Exists(open_lines))
    wrong = Q(status=Status.RECEIVED, is_open=True) | Q(status__in=PurchaseOrder.UNDERWAY, is_open=False)
    for order in orders.filter(wrong).order_by("pk").iterator():
        lines = "open lines" if order.is_open else "no open line"
        yield Violation(13, f"purchase order {order}", f"is {order.status} with {lines}")


@check(13, "every purchase order was reached by a legal transition")
def legal_histories():
    """Read the order's timeline: the first event that does not follow from the one before is at fault."""
    for orders in chunks(PurchaseOrder.objects.order_by("pk").iterator(AT_ONCE), AT_ONCE):
        yield from _illegal({order.subject: order for order in orders})


def _illegal(orders):
    last = {}
    events = Event.objects.filter(subject__in=orders, name__in=STEPS).order_by("subject", "sequence")
    for subject, name, data in events.values_list("subject", "name", "data"):
        now, was = STEPS[name], last.get(subject)
        if name == "purchase.received" and data.get("is_all"):
            now = Status.RECEIVED
        if was and was in STAYS.get(now, ()):
            continue
        if was and now not in PurchaseOrder.NEXT[was]:
            yield Violation(13, f"purchase order {orders[subject]}", f"went from {was} to {now}")
        last[subject] = now
    for subject, order in orders.items():
        if last.get(subject) != order.status:
            said = last.get(subject)
            yield Violation(13, f"purchase order {order}", f"is {order.status}, its timeline says {said}")


def _in_chunks(lines):
    return chunks(lines.order_by("pk").iterator(AT_ONCE), AT_ONCE)


def _unbooked(wanted):
    """A Violation for each of `wanted` ([(line, pieces, key)]) that the ledger has not, or has otherwise."""
    booked = dict(StockEntry.objects.filter(key__in=[key for _, _, key in wanted]).values_list("key", "delta"))
    for line, pieces, key in wanted:
        if booked.get(key, 0) != pieces:
            yield Violation(17, str(line), f"{pieces:+} pieces, the ledger booked {booked.get(key, 0):+} as {key}")


def _violation(line, message):
    return Violation(17, f"{line.sku} on {line.order}", message)

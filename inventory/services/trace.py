"""The way of a lot, or of one piece with a number: where it came from, every movement, where it is, who got it.

Read from the ledger alone. `traced` is a Lot or a Serial.
"""

from dataclasses import dataclass

from django.db.models import Sum

from inventory.models import BinStock, Lot, ReceiptLine, StockEntry

CAME = ("receive", "damaged")
SENT = ("ship", "unship")


@dataclass
class Sent:
    """`pieces` that left for an order and `returned` ones that came back from it."""

    order_id: int
    pieces: int = 0
    returned: int = 0


def movements(traced):
    """Return the ledger's entries about it, the newest first: what lay in which bin."""
    about = {"lot": traced} if isinstance(traced, Lot) else {"serials__serial": traced}
    entries = StockEntry.objects.filter(**about, bucket=StockEntry.Bucket.ON_HAND)
    return entries.select_related("location", "bin").order_by("-pk")


def origins(traced):
    """Return the ReceiptLines it came by, the first first; none where it was not delivered to a dock."""
    keys = movements(traced).filter(reason__in=CAME, key__startswith="receipt-line:").values_list("key", flat=True)
    lines = ReceiptLine.objects.filter(pk__in={int(key.split(":")[1]) for key in keys})
    return list(lines.select_related("receipt__order", "receipt__supplier", "receipt__location").order_by("pk"))


def held(lot):
    """Return [BinStock] of a lot, by location as one walks."""
    rows = BinStock.objects.filter(lot=lot, quantity__gt=0).select_related("bin__location")
    return list(rows.order_by("bin__location__code", "bin__sort_key"))


def under_way(lot):
    """Return how many pieces of a lot left with a transfer and did not arrive."""
    rows = movements(lot).filter(subject__startswith="transfer:").order_by()
    return max(-rows.aggregate(n=Sum("delta", default=0))["n"], 0)


def sent(traced):
    """Return [Sent] by order, the latest order first: what left for customers, less what was taken back at once."""
    rows = movements(traced).filter(reason__in=[*SENT, "return"], subject__startswith="order:").order_by()
    orders = {}
    for subject, reason, pieces in rows.values_list("subject", "reason").annotate(n=Sum("delta")):
        order_id = int(subject.split(":")[1])
        row = orders.setdefault(order_id, Sent(order_id))
        if reason in SENT:
            row.pieces -= pieces
        else:
            row.returned += pieces
    return sorted((row for row in orders.values() if row.pieces), key=lambda row: -row.order_id)

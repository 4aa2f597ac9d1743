"""Proofs about transfers: what left one place is in another, under way, or accounted for by name."""

from collections import defaultdict

from django.db.models import Q, Sum

from inventory.models import StockEntry, Transfer, TransferLine
from oms.lib.doctor import Violation, check

Status = Transfer.Status


@check(8, "entries of a transfer sum to nothing, but for what is under way or a booked discrepancy")
def transfers_sum_to_nothing():
    """Open the transfer's entries in the stock ledger; then count the SKU at both locations."""
    booked = _booked()
    for line in TransferLine.objects.with_in_transit().select_related("transfer", "sku").order_by("pk").iterator():
        sums = booked.pop((line.transfer.subject, line.sku_id), {})
        for reason, wanted in (
            ("carried", -line.in_transit),
            ("transfer_over", line.over),
            ("transfer_lost", -line.lost),
        ):
            if sums.get(reason, 0) != wanted:
                yield _violation(line, f"{reason} sums to {sums.get(reason, 0):+}, its lines say {wanted:+}")
    for (subject, sku_id), sums in sorted(booked.items()):
        if any(sums.values()):
            yield Violation(8, subject, f"the ledger moved SKU {sku_id} for it, which is on no line")


@check(8, "only ready transfers reserve, only shipped ones have shipped")
def transfers_are_in_state():
    """Cancel the transfer, or receive what it sent, from its page."""
    reserving = Q(reserved__gt=0) & ~Q(transfer__status=Status.READY)
    shipped = Q(shipped__gt=0) & ~Q(transfer__status__in=[Status.SHIPPED, Status.RECEIVED])
    for line in TransferLine.objects.filter(reserving | shipped).select_related("transfer", "sku").iterator():
        yield _violation(line, f"{line.transfer.status}, but {line.reserved} reserved, {line.shipped} shipped")


def _booked():
    """Return {(subject, sku id): {reason: pieces}} of all transfers' entries of what is on hand."""
    entries = StockEntry.objects.filter(subject__startswith="transfer:", bucket=StockEntry.Bucket.ON_HAND)
    rows = entries.order_by().values_list("subject", "sku_id", "reason").annotate(n=Sum("delta"))
    booked = defaultdict(lambda: defaultdict(int))
    for subject, sku_id, reason, pieces in rows.iterator():
        kind = "carried" if reason in ("transfer_out", "transfer_in") else reason
        booked[subject, sku_id][kind] += pieces
    return booked


def _violation(line, message):
    return Violation(8, f"{line.sku} on {line.transfer}", message)

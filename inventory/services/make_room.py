"""Seeing that pieces can leave what is on hand: transfers give way first, then the newest orders."""

from inventory.models import StockLevel, Transfer, TransferLine
from inventory.services.reserving import change_reserved
from oms.lib.plugins import named
from oms.subscribers import BEFORE_SHRINK


def make_room(sku_id, location_id, pieces, *, actor="system"):
    """See that `pieces` can leave what is on hand, breaking promises where they cannot.

    What is reserved for transfers that have not left goes first: no customer waits for it. Comes before
    any lock of stock: it locks transfers and orders. Raises InsufficientStock when pieces are being picked.
    """
    level = StockLevel.objects.filter(sku=sku_id, location=location_id).first() if pieces > 0 else None
    if level is None:
        return
    # More than is promised cannot be made free; the posting then says what is wrong.
    short = min(pieces - (level.on_hand - level.reserved - level.unavailable), level.reserved)
    if short <= 0:
        return
    shortened = _shorten_transfers(sku_id, location_id, short, actor=actor)
    short -= sum(freed for _, freed in shortened)
    if short > 0:
        named(BEFORE_SHRINK)(sku_id, location_id, short, actor=actor)
    for transfer, freed in shortened:
        back = {(sku_id, location_id): -freed}
        change_reserved(back, reason="release", subject=transfer.subject, actor=actor)


def _shorten_transfers(sku_id, location_id, pieces, *, actor):
    """Take up to `pieces` from the lines that reserve them, the newest first; returns [(Transfer, pieces)]."""
    rows = TransferLine.objects.reserving().filter(sku=sku_id, transfer__source=location_id)
    if not rows.exists():
        return []
    pks = set(rows.values_list("transfer_id", flat=True))
    locked = Transfer.objects.filter(pk__in=pks).order_by("pk").select_for_update(of=("self",))
    transfers = {transfer.pk: transfer for transfer in locked}
    shortened = []
    for line in rows.filter(transfer__in=transfers).order_by("-transfer_id"):
        taken = min(pieces, line.reserved)
        if taken:
            pieces -= taken
            line.reserved -= taken
            line.save(update_fields=["reserved"])
            transfer = transfers[line.transfer_id]
            transfer.publish("transfer.shortened", actor=actor, sku=sku_id, pieces=taken)
            shortened.append((transfer, taken))
    return shortened

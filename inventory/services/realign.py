"""Making a level say again what its ledger says, after something changed it past the ledger."""

from django.db.models import Sum

from inventory.models import BinStock, StockEntry, StockLevel
from inventory.services import stock
from inventory.services.posting import ON_HAND, UNAVAILABLE, lock_levels
from oms.lib.commands import command
from oms.lib.errors import Invalid, Retry
from oms.outbox.publish import publish


@command
def realign(sku, location, *, actor="system"):
    """Set on hand, unavailable and the bins of a level to what its ledger sums to; returns whether they differed.

    Promises beyond what is left are broken, the newest first. The ledger stays as it is; a count then
    finds the truth. Raises Invalid when the ledger itself sums to less than nothing.
    """
    on_hand, unavailable, bins = _booked(sku, location)
    if min(on_hand, unavailable, on_hand - unavailable, *bins.values(), 0) < 0:
        raise Invalid(f"The ledger of {sku} at {location} sums to less than nothing: count it.")
    before = StockLevel.objects.filter(sku=sku, location=location).first()
    if before:
        shrinks_by = before.on_hand - before.unavailable - on_hand + unavailable
        stock.make_room(sku.pk, location.pk, shrinks_by, actor=actor)
    level = lock_levels({(sku.pk, location.pk)})[sku.pk, location.pk]
    if _booked(sku, location) != (on_hand, unavailable, bins) or on_hand - unavailable < level.reserved:
        raise Retry(f"{sku} at {location} moved meanwhile.")
    was = {"on_hand": level.on_hand, "unavailable": level.unavailable}
    level.on_hand, level.unavailable = on_hand, unavailable
    level.save(update_fields=["on_hand", "unavailable"])
    bins_changed = _set_bins(sku, location, bins)
    if not bins_changed and was == {"on_hand": on_hand, "unavailable": unavailable}:
        return False
    publish("stock.realigned", f"sku:{sku.pk}", actor=actor, location=location.pk, **was)
    return True


def _booked(sku, location):
    """Return what the ledger says is on hand, is unavailable, and {(bin id, lot id): pieces}."""
    entries = StockEntry.objects.filter(sku=sku, location=location).order_by()
    rows = entries.filter(bucket=ON_HAND).values_list("bin_id", "lot_id").annotate(n=Sum("delta"))
    bins = {(bin_id, lot_id): pieces for bin_id, lot_id, pieces in rows}
    unfit = entries.filter(bucket=UNAVAILABLE).aggregate(n=Sum("delta", default=0))["n"]
    return sum(bins.values()), unfit, bins


def _set_bins(sku, location, bins):
    """Make the bins hold `bins` ({(bin id, lot id): pieces}) and no others; returns whether any held else."""
    held = {(row.bin_id, row.lot_id): row for row in BinStock.objects.filter(sku=sku, bin__location=location)}
    differing = False
    for bin_id, lot_id in held.keys() | bins.keys():
        row = held.get((bin_id, lot_id)) or BinStock(sku=sku, bin_id=bin_id, lot_id=lot_id, quantity=0)
        pieces = bins.get((bin_id, lot_id), 0)
        if row.quantity != pieces:
            differing = True
            row.quantity, row.withheld = pieces, min(row.withheld, pieces)
            row.save()
    return differing

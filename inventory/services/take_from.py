"""Which bins goods leave from that no pick list plans: bulk first, pick faces last."""

from collections import Counter, defaultdict
from datetime import date

from inventory.models import Bin, BinStock
from oms.lib.clock import today_at
from oms.lib.errors import Invalid
from oms.lib.plugins import named
from oms.panels import PLANNED_LOTS

KINDS = (Bin.Kind.BULK, Bin.Kind.DOCK, Bin.Kind.SHELF)


def take_from(location, wanted):
    """Return {Sku: [(BinStock, pieces)]} for `wanted` ({Sku: pieces}); the caller has locked the levels.

    Bulk bins, then the dock, then shelves, the fullest first; of a bin the lot that expires first. What
    pickers are to take, of the lot they are sent for, stays for them. Raises Invalid when so many do not lie there.
    """
    free = free_pieces(location, [sku.pk for sku in wanted])
    return {sku: _share(sku, location, pieces, free[sku.pk]) for sku, pieces in wanted.items()}


def free_pieces(location, sku_ids):
    """Return {sku id: [(BinStock, pieces that no open pick plans with)]}, in the order to be used; locks the bins."""
    held = BinStock.objects.pickable(today_at(location)).filter(quantity__gt=0, bin__kind__in=KINDS)
    held = held.filter(sku__in=sku_ids, bin__location=location)
    rows = held.order_by("sku_id", "bin_id", "pk").select_related("bin", "lot").select_for_update(of=("self",))
    planned = named(PLANNED_LOTS)(location, sku_ids)
    free = defaultdict(list)
    for row in _likeliest(rows):
        free[row.sku_id].append((row, row.quantity - min(planned[row.key], row.quantity)))
    return free


def _share(sku, location, pieces, free):
    shares, left = [], pieces
    for row, there in free:
        taken = min(left, there)
        if taken > 0:
            shares.append((row, taken))
            left -= taken
    if left:
        raise Invalid(
            f"Only {pieces - left} of {sku} lie free in the bins of {location}: "
            "carry back what was picked for nothing, or count them.",
            field="pieces",
        )
    return shares


def proposed(location, sku_ids):
    """Return {sku id: [Bin]} from which pieces would be taken, the likeliest first; reads only."""
    held = BinStock.objects.filter(sku__in=sku_ids, bin__location=location, bin__kind__in=KINDS, quantity__gt=0)
    found = defaultdict(list)
    for row in _likeliest(held.select_related("bin", "lot")):
        found[row.sku_id].append(row.bin)
    return found


def _likeliest(rows):
    """Return `rows` in the order to be used: by what the bin is, and holds, and by expiry."""
    there = Counter()
    for row in rows:
        there[row.sku_id, row.bin_id] += row.quantity

    def place(row):
        expiry = (row.lot and row.lot.expires_on) or date.max
        return KINDS.index(row.bin.kind), -there[row.sku_id, row.bin_id], row.bin_id, expiry

    return sorted(rows, key=place)

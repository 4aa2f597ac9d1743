"""Which bins goods leave from that no pick list plans: bulk first, pick faces last."""

from collections import defaultdict

from django.utils import timezone

from inventory.models import Bin, BinStock
from oms.lib.errors import Invalid
from oms.lib.plugins import named
from oms.panels import PLANNED_PIECES

KINDS = (Bin.Kind.BULK, Bin.Kind.DOCK, Bin.Kind.SHELF)


def take_from(location, wanted):
    """Return {Sku: [(Bin, pieces)]} for `wanted` ({Sku: pieces}); the caller has locked the levels.

    Bulk bins, then the dock, then shelves, the fullest first; what pickers are to take stays for them.
    Raises Invalid when so many do not lie there.
    """
    free = free_pieces(location, [sku.pk for sku in wanted])
    return {sku: _share(sku, location, pieces, free[sku.pk]) for sku, pieces in wanted.items()}


def free_pieces(location, sku_ids):
    """Return {sku id: [(Bin, pieces that no open pick plans with)]}, in the order to be used; locks the bins."""
    held = BinStock.objects.pickable(timezone.localdate()).filter(quantity__gt=0, bin__kind__in=KINDS)
    held = held.filter(sku__in=sku_ids, bin__location=location)
    rows = held.order_by("sku_id", "bin_id", "pk").select_related("bin").select_for_update(of=("self",))
    rows = sorted(rows, key=_likeliest)
    planned = named(PLANNED_PIECES)(location, sku_ids)
    free = defaultdict(list)
    for row in rows:
        taken = min(planned[row.sku_id, row.bin_id], row.quantity)
        planned[row.sku_id, row.bin_id] -= taken
        free[row.sku_id].append((row.bin, row.quantity - taken))
    return free


def _share(sku, location, pieces, free):
    shares, left = [], pieces
    for bin, there in free:
        taken = min(left, there)
        if taken > 0:
            shares.append((bin, taken))
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
    for row in sorted(held.select_related("bin"), key=_likeliest):
        found[row.sku_id].append(row.bin)
    return found


def _likeliest(row):
    return KINDS.index(row.bin.kind), -row.quantity, row.bin_id

"""Which bins pieces are taken from: pure planning, and the stock that it plans with."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Sum

from fulfilment.models import PickTask
from inventory.models import Bin, BinStock, Lot, PickFace, RefillTask
from oms.lib.clock import today_at

PICKABLE = (Bin.Kind.SHELF, Bin.Kind.BULK, Bin.Kind.DOCK)


@dataclass(frozen=True)
class Spot:
    """Where pieces lie: a bin, and the lot of those in it; no bin where no stock is counted.

    `rank` says what it must come before or after; spots of one rank may be taken in any order.
    """

    bin: Bin | None = None
    lot: Lot | None = None
    rank: tuple = field(default=(), compare=False)

    def __str__(self):
        return str(self.bin)

    @property
    def code(self):
        return self.bin.code


def plan(wanted, free):
    """Spread `wanted` over bins in their order; pure.

    `wanted` is [(key, sku id, pieces)], `free` {sku id: [(bin, pieces)]} in the order to be used.
    Returns ([(key, sku id, bin, pieces)], {key: missing pieces}). Earlier entries are served first.
    """
    left = {sku_id: [[bin_, pieces] for bin_, pieces in bins] for sku_id, bins in free.items()}
    planned, missing = [], {}
    for key, sku_id, pieces in wanted:
        for row in left.get(sku_id, ()):
            taken = min(pieces, row[1])
            if taken:
                row[1] -= taken
                pieces -= taken
                planned.append((key, sku_id, row[0], taken))
        if pieces:
            missing[key] = pieces
    return planned, missing


def free_bins(location, sku_ids):
    """Lock the bins of `location` that hold `sku_ids`; return {sku id: [(Spot, pieces nobody plans with)]}.

    What expires first comes first, nothing of an expired or blocked lot; then pick faces, other shelves,
    bulk and the dock, each in natural order; what is to refill a pick face is left for it. The lock keeps
    two releases from planning with the same pieces; no stock level may be locked after it.
    """
    rows = _pickable(location, sku_ids).order_by("sku_id", "bin_id", "pk").select_for_update(of=("self",))
    return _free(location, sku_ids, list(rows))


def seen_bins(location, sku_ids):
    """Return what `free_bins` returns, as of now and without a lock: good for a look ahead only."""
    return _free(location, sku_ids, list(_pickable(location, sku_ids)))


def _pickable(location, sku_ids):
    rows = BinStock.objects.filter(sku__in=sku_ids, bin__location=location, quantity__gt=0)
    return rows.pickable(today_at(location)).filter(bin__kind__in=PICKABLE).select_related("bin", "lot")


def _free(location, sku_ids, rows):
    planned, leaving = planned_lots(location, sku_ids), RefillTask.objects.leaving(sku_ids)
    faces = set(PickFace.objects.filter(sku__in=sku_ids, bin__location=location).values_list("sku_id", "bin_id"))
    free = defaultdict(list)
    for row in sorted(rows, key=lambda row: _nearness(row, faces)):
        left = row.quantity - planned[row.key]
        kept = min(leaving[row.sku_id, row.bin_id], max(left, 0))
        leaving[row.sku_id, row.bin_id] -= kept
        if left > kept:
            free[row.sku_id].append((Spot(row.bin, row.lot, _rank(row, faces)), left - kept))
    return free


def planned_pieces(location, sku_ids):
    """Return {(sku id, bin id): pieces that open tasks will take}."""
    planned = Counter()
    for (sku_id, bin_id, _), pieces in planned_lots(location, sku_ids).items():
        planned[sku_id, bin_id] += pieces
    return planned


def planned_lots(location, sku_ids):
    """Return {(sku id, bin id, lot id or None): pieces that open tasks will take}."""
    tasks = PickTask.objects.open().filter(sku__in=sku_ids, bin__location=location)
    left = Sum(F("quantity") - F("picked") - F("short"))
    rows = tasks.order_by().values_list("sku_id", "bin_id", "lot_id").annotate(left=left)
    return Counter({tuple(key): pieces for *key, pieces in rows})


def _nearness(row, faces):
    """Return by what bins are sorted."""
    return *_rank(row, faces), row.bin.sort_key


def _rank(row, faces):
    """Return what comes first whatever the walk; `faces` are the (sku id, bin id) of pick faces."""
    expiry = (row.lot and row.lot.expires_on) or date.max
    return expiry, (row.sku_id, row.bin_id) not in faces, PICKABLE.index(row.bin.kind)

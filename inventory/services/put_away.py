"""What lies in the DOCK and where it should go: a pick face with room, a bin that has it already, an empty one."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, Sum

from inventory.models import Bin, BinStock, PickFace, Sku, StockEntry, StockLevel
from inventory.services import stock
from inventory.services.in_hand import in_hand
from inventory.services.once import is_booked
from oms.lib.commands import command
from oms.lib.errors import Invalid
from oms.lib.plugins import named
from oms.panels import KEPT_BACK, PLANNED_PIECES

MOST_SHOWN = 200
STORED = (Bin.Kind.SHELF, Bin.Kind.BULK)


@dataclass(frozen=True)
class Waiting:
    """`pieces` of a SKU in `dock`; `promised` of them are to go to packing: no shelf has those, and they may leave."""

    sku: Sku
    dock: Bin
    pieces: int
    promised: int
    bin: Bin | None = None
    room: int | None = None
    why: str = ""

    @property
    def to_store(self):
        """Pieces to carry to `bin` now."""
        free = self.pieces - self.promised
        return free if self.room is None else min(free, self.room)


def waiting(location, *, sku=None):
    """Return [Waiting] of all that lies in the docks of `location`, or of one SKU; what is promised comes first.

    A constant number of statements; at most MOST_SHOWN rows.
    """
    rows = BinStock.objects.filter(bin__location=location, bin__kind=Bin.Kind.DOCK, quantity__gt=0)
    rows = rows.filter(sku=sku) if sku else rows
    rows = rows.order_by("sku__code", "bin").values_list("sku_id", "bin_id")
    held = {(sku_id, bin_id): pieces for sku_id, bin_id, pieces in rows.annotate(n=Sum("quantity"))[:MOST_SHOWN]}
    sku_ids = {sku_id for sku_id, _ in held}
    skus, docks = Sku.objects.in_bulk(sku_ids), Bin.objects.in_bulk({bin_id for _, bin_id in held})
    planned, promised = named(PLANNED_PIECES)(location, sku_ids), _only_here(location, sku_ids)
    bins = _proposed(location, sku_ids)
    found = []
    for (sku_id, dock_id), pieces in held.items():
        wanted = max(planned[sku_id, dock_id], promised.get(sku_id, 0))
        found.append(Waiting(skus[sku_id], docks[dock_id], pieces, min(wanted, pieces), *bins[sku_id]))
    return sorted(found, key=lambda one: not one.promised)


@command
def put_away(sku, dock, target, pieces, *, lot="", serials=(), key=None, actor="system"):
    """Carry `pieces` from a dock to bin `target`; `lot` and `serials` say which, see `in_hand`.

    Returns whether they were carried: a second call with `key` does nothing. Raises Invalid for pieces
    that a picker is to fetch there.
    """
    if is_booked(key):
        return False
    stock.check_quantity(pieces)
    if target.kind not in STORED:
        raise Invalid(f"{target} is no shelf: use Move to carry goods there.", field="bin")
    held = BinStock.objects.pieces(sku, dock)
    fetched = named(PLANNED_PIECES)(dock.location, [sku.pk])[sku.pk, dock.pk]
    if held - fetched < pieces <= held:
        raise Invalid(f"A picker is to fetch {fetched} of them: leave those in {dock}.", field="quantity")
    which = in_hand(sku, dock, pieces, lot=lot, serials=serials)
    return stock.move(sku, dock, target, pieces, **which, reason="put_away", key=key, actor=actor)


def _only_here(location, sku_ids):
    """Return {sku id: promised pieces that can be packed now, and that shelves and STAGE do not cover}."""
    elsewhere = defaultdict(int)
    kinds = [Bin.Kind.DOCK, Bin.Kind.QUARANTINE]
    rows = BinStock.objects.filter(sku__in=sku_ids, bin__location=location).exclude(bin__kind__in=kinds)
    for sku_id, pieces in rows.values_list("sku_id", "quantity"):
        elsewhere[sku_id] += pieces
    kept = named(KEPT_BACK)(location, sku_ids)
    levels = StockLevel.objects.filter(sku__in=sku_ids, location=location).values_list("sku_id", "reserved")
    return {sku_id: max(reserved - kept.get(sku_id, 0) - elsewhere[sku_id], 0) for sku_id, reserved in levels}


def _proposed(location, sku_ids):
    """Return {sku id: (Bin or None, pieces that fit or None, why)}: a later rule overrides an earlier one."""
    proposed, zones, empty = {}, _zones(location, sku_ids), _empty_bins(location)
    for sku_id in sku_ids:
        bin = next((bin for bin in empty if bin.zone == zones.get(sku_id)), empty[0] if empty else None)
        proposed[sku_id] = (bin, None, "empty" if bin else "")
    faces = list(PickFace.objects.with_held().filter(sku__in=sku_ids, bin__location=location).select_related("bin"))
    are_faces = {(face.sku_id, face.bin_id) for face in faces}
    held = BinStock.objects.filter(sku__in=sku_ids, bin__location=location, bin__kind__in=STORED, quantity__gt=0)
    for row in held.filter(bin__is_active=True).select_related("bin").order_by("quantity"):
        if (row.sku_id, row.bin_id) not in are_faces:
            proposed[row.sku_id] = (row.bin, None, "lies there already")
    for face in faces:
        if face.held < face.maximum and face.bin.is_active:
            proposed[face.sku_id] = (face.bin, face.maximum - face.held, "pick face")
    return proposed


def _zones(location, sku_ids):
    """Return {sku id: zone in which it was stored last}."""
    entries = StockEntry.objects.filter(sku__in=sku_ids, location=location, bin__kind__in=STORED)
    last = entries.order_by().values("sku").annotate(last=Max("pk")).values("last")
    return dict(StockEntry.objects.filter(pk__in=last).values_list("sku_id", "bin__zone"))


def _empty_bins(location):
    """Return the shelves and bulk bins in which nothing lies and that are nobody's pick face, as one walks."""
    held = BinStock.objects.filter(bin=OuterRef("pk"), quantity__gt=0)
    faces = PickFace.objects.filter(bin=OuterRef("pk"))
    bins = Bin.objects.filter(~Exists(held), ~Exists(faces), location=location, kind__in=STORED, is_active=True)
    return list(bins.order_by("sort_key")[:MOST_SHOWN])

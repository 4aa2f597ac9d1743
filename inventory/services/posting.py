"""How the ledger is written: lock the levels, then the bins, change both, one entry a change.

Only `inventory.services.stock` and its kin in this folder come here.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from inventory.models import BinStock, Sku, StockEntry, StockLevel
from inventory.services.lots import with_lots
from inventory.services.note_change import note_changes
from inventory.services.serials import follow
from oms.lib.errors import Invalid, InvalidTransition, Retry
from oms.lib.insert import insert
from oms.lib.update import update
from oms.outbox.models import Event
from oms.outbox.publish import publish_all

ON_HAND = StockEntry.Bucket.ON_HAND
RESERVED = StockEntry.Bucket.RESERVED
UNAVAILABLE = StockEntry.Bucket.UNAVAILABLE


@dataclass(frozen=True)
class Move:
    """A change of one bucket of the level (sku, location); one of ON_HAND happens in a bin.

    One of UNAVAILABLE that names a bin changes what is withheld there.

    `key` names it once and for all: a second posting of it does nothing. `reason` is its own where it
    differs from that of the others posted with it, `at` the moment since which it holds, now if none is
    given. Without `lot_id` or `serials` ([Serial]) those of
    SKUs that are tracked so are found by rule (`lots`, `serials`).
    """

    sku_id: int
    location_id: int
    bucket: str
    delta: int
    bin_id: int | None = None
    key: str | None = None
    reason: str = ""
    lot_id: int | None = None
    serials: tuple = ()
    at: datetime | None = None

    @property
    def level(self):
        return self.sku_id, self.location_id


def post(moves, reason, *, subject="", actor="system"):
    """Write `moves` ([Move]) as they are, all or none; returns whether they were new.

    Levels whose available pieces grew are told of by `stock.received`. Raises Invalid when a bucket or a bin would fall
    below none or more would be unfit than is there, Retry when pieces were promised meanwhile that
    the caller made room for, InvalidTransition when only some of the keys are known.
    """
    if not moves:
        return False
    levels = lock_levels({move.level for move in moves})
    if are_posted({move.key for move in moves} - {None}):
        return False
    moves = with_lots(moves, levels, subject=subject)
    before = {pair: _free(level) for pair, level in levels.items()}
    entries = [_apply(move, levels[move.level]) for move in moves]
    _check(levels.values())
    update(list(levels.values()), sorted({move.bucket for move in moves}))
    _change_bins(moves)
    now = timezone.now()
    costs = _costs(moves)
    for entry, move in zip(entries, moves, strict=True):
        entry.reason, entry.subject, entry.actor, entry.at = move.reason or reason, subject, actor, move.at or now
        entry.recorded_at = now if move.at else None
        entry.unit_cost = costs.get(move.sku_id) if move.bucket == ON_HAND else None
    insert(entries)
    follow(entries, moves, levels)
    grown = {pair: _free(levels[pair]) - free for pair, free in before.items()}
    _tell({pair: pieces for pair, pieces in sorted(grown.items()) if pieces > 0}, actor)
    note_changes(sku_id for (sku_id, _), pieces in grown.items() if pieces)
    return True


def lock_levels(pairs):
    """Return {(sku id, location id): StockLevel} of `pairs`, locked; made where there is none yet.

    Whoever holds a level's lock is alone with its bins and its ledger's ON_HAND entries too.
    """
    levels = StockLevel.objects.lock(pairs)
    missing = sorted(pairs - levels.keys())
    if missing:
        StockLevel.objects.bulk_create(
            [StockLevel(sku_id=sku, location_id=location) for sku, location in missing], ignore_conflicts=True
        )
        levels = StockLevel.objects.lock(pairs)
    return levels


def are_posted(keys):
    """Say whether entries with these `keys` exist; raises InvalidTransition when only some do."""
    if not keys:
        return False
    posted = StockEntry.objects.filter(key__in=keys).count()
    if 0 < posted < len(keys):
        raise InvalidTransition("A part of this was booked before.")
    return posted > 0


def _costs(moves):
    """Return {sku id: what one piece costs us by now}: a correction is worth that, whatever comes later."""
    skus = {move.sku_id for move in moves if move.bucket == ON_HAND}
    return dict(Sku.objects.filter(pk__in=skus).values_list("pk", "unit_cost")) if skus else {}


def _free(level):
    return level.on_hand - level.reserved - level.unavailable


def _apply(move, level):
    """Change the bucket of `level`; returns the unsaved entry of it."""
    balance = getattr(level, move.bucket) + move.delta
    setattr(level, move.bucket, balance)
    return StockEntry(
        sku_id=move.sku_id,
        location_id=move.location_id,
        bin_id=move.bin_id,
        lot_id=move.lot_id,
        bucket=move.bucket,
        delta=move.delta,
        balance_after=balance,
        key=move.key,
    )


def _check(levels):
    for level in levels:
        if min(level.on_hand, level.reserved, level.unavailable, level.on_hand - level.unavailable) < 0:
            raise Invalid(f"{level.location} has not so many pieces of {level.sku}.", field="quantity")
        if _free(level) < 0:
            raise Retry(f"{level.sku} at {level.location} was promised meanwhile.")


def _change_bins(moves):
    deltas, withheld = Counter(), Counter()
    for move in moves:
        if move.bin_id:
            changed = deltas if move.bucket == ON_HAND else withheld
            changed[move.sku_id, move.bin_id, move.lot_id] += move.delta
    rows = _lock_bins(deltas.keys() | withheld.keys())
    for key, row in rows.items():
        if row.quantity + deltas[key] < 0:
            held = f"only {row.quantity}" if row.quantity else "none"
            raise Invalid(f"Bin {row.bin} holds {held} of {row.sku}.", field="bin")
        row.quantity += deltas[key]
        row.withheld = min(row.withheld + withheld[key], row.quantity)
    changed = [row for key, row in rows.items() if key in deltas or key in withheld]
    update(changed, ["quantity", "withheld"])


def _lock_bins(keys):
    pairs = {(sku, bin_id) for sku, bin_id, _ in keys}
    rows = BinStock.objects.lock(pairs)
    missing = sorted(keys - rows.keys(), key=str)
    if missing:
        BinStock.objects.bulk_create(
            [BinStock(sku_id=sku, bin_id=bin_id, lot_id=lot_id, quantity=0) for sku, bin_id, lot_id in missing],
            ignore_conflicts=True,
        )
        rows = BinStock.objects.lock(pairs)
    return rows


def _tell(grown, actor):
    """Publish that more can be promised of the levels `grown` ({(sku id, location id): pieces})."""
    publish_all(
        [
            Event(
                name="stock.received",
                subject=f"sku:{sku_id}",
                actor=actor,
                data={"sku": sku_id, "location": location_id, "pieces": pieces},
            )
            for (sku_id, location_id), pieces in grown.items()
        ]
    )

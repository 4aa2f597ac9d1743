"""The only writer of stock: nothing else touches StockLevel, BinStock or StockEntry.

Reservations are one conditional update a level, in (sku, location) order, its row count checked;
everything else locks levels, then bins, in that order, and writes through `_post`.
"""

from collections import Counter
from dataclasses import dataclass

from inventory.models import Bin, BinStock, StockEntry, StockLevel
from inventory.services.reserving import change_reserved
from oms.lib.commands import command
from oms.lib.errors import InsufficientStock, Invalid, Retry
from oms.lib.plugins import named
from oms.subscribers import BEFORE_SHRINK

ON_HAND = StockEntry.Bucket.ON_HAND
RESERVED = StockEntry.Bucket.RESERVED
UNAVAILABLE = StockEntry.Bucket.UNAVAILABLE

ADJUST_REASONS = (
    "damaged",
    "lost",
    "found",
    "theft",
    "expired",
    "recount",
    "write_off",
    "pos_overrun",
    "other",
)


@dataclass(frozen=True)
class Move:
    """A change of one bucket of the level (sku, location); one of ON_HAND happens in a bin."""

    sku_id: int
    location_id: int
    bucket: str
    delta: int
    bin_id: int | None = None

    @property
    def level(self):
        return self.sku_id, self.location_id


def reserve(pieces, *, subject, actor="system"):
    """Promise `pieces` ({(sku id, location id): pieces}) to `subject`: all or none.

    Raises Retry when another buyer was faster since the caller looked: the command starts again and
    sources anew. Call it last, so that the levels are locked for the shortest time.
    """
    if not change_reserved(pieces, reason="reserve", subject=subject, actor=actor):
        raise Retry(f"Stock of {subject} moved.")


def release(pieces, *, subject, actor="system"):
    """Give `pieces` ({(sku id, location id): pieces}) promised to `subject` back to all."""
    back = {level: -quantity for level, quantity in pieces.items()}
    if not change_reserved(back, reason="release", subject=subject, actor=actor):
        raise InsufficientStock(f"{subject} has fewer pieces reserved than it gives back.")


@command
def receive(sku, location, quantity, *, bin=None, reason="receive", subject="", key=None, actor="system"):
    """Book `quantity` pieces that came in, into `bin` or the DOCK. A second call with `key` does nothing."""
    if quantity <= 0:
        raise Invalid("Receive at least one piece.", field="quantity")
    if _is_posted(key):
        return
    bin_id = bin.pk if bin else system_bin(location, Bin.Kind.DOCK).pk
    _post([Move(sku.pk, location.pk, ON_HAND, quantity, bin_id)], reason, subject=subject, key=key, actor=actor)


@command
def move(sku, source, target, quantity, *, subject="", actor="system"):
    """Carry pieces from one bin to another of the same location. Raises Invalid when fewer lie there."""
    if source.location_id != target.location_id:
        raise Invalid("Both bins must be in the same location.", field="target")
    if quantity <= 0:
        raise Invalid("Move at least one piece.", field="quantity")
    _post(carry(sku.pk, source, target, quantity), "move", subject=subject, actor=actor)


@command
def adjust(sku, location, delta, *, reason, bin=None, subject="", key=None, actor="system"):
    """Correct what is on hand by `delta` pieces, in `bin` or where pieces lie.

    Reality is never refused: when fewer are left than are promised, the newest promises are
    backordered first. Raises Invalid when a bin would hold fewer than none.
    """
    if reason not in ADJUST_REASONS:
        raise Invalid(f"Choose one of {', '.join(ADJUST_REASONS)}.", field="reason")
    if delta == 0 or _is_posted(key):
        return
    if delta < 0:
        make_room(sku.pk, location.pk, -delta, actor=actor)
    moves = [Move(sku.pk, location.pk, ON_HAND, d, b) for b, d in _spread_bins(sku, location, bin, delta)]
    _post(moves, reason, subject=subject, key=key, actor=actor)


def make_room(sku_id, location_id, pieces, *, actor="system"):
    """See that `pieces` can leave on_hand, backordering the newest promises where they cannot."""
    level = StockLevel.objects.filter(sku=sku_id, location=location_id).first()
    short = pieces - (level.on_hand - level.reserved - level.unavailable) if level else 0
    if short > 0:
        named(BEFORE_SHRINK)(sku_id, location_id, short, actor=actor)


@command
def set_unavailable(sku, location, delta, *, reason, subject="", actor="system"):
    """Take `delta` pieces out of what can be sold (damaged, quarantine), or back when negative."""
    if delta > 0:
        make_room(sku.pk, location.pk, delta, actor=actor)
    _post([Move(sku.pk, location.pk, UNAVAILABLE, delta)], reason, subject=subject, actor=actor)


@command
def set_safety(sku, location, pieces):
    """Keep `pieces` of the level from being promised to anybody."""
    if pieces < 0:
        raise Invalid("Safety stock cannot be negative.", field="safety")
    StockLevel.objects.update_or_create(sku=sku, location=location, defaults={"safety": pieces})


def ship(pieces, *, subject, keys, actor="system"):
    """Consume reserved pieces out of STAGE: `pieces` is [(sku id, location, quantity)].

    `keys` names each of them once and for all, one ledger entry a shipped parcel line.
    """
    _through_stage(pieces, -1, "ship", subject=subject, keys=keys, actor=actor)


def unship(pieces, *, subject, keys, actor="system"):
    """Take back what `ship` did, by compensating entries: the pieces lie in STAGE, reserved."""
    _through_stage(pieces, +1, "unship", subject=subject, keys=keys, actor=actor)


def post(moves, reason, *, subject, actor="system"):
    """Write `moves` ([Move]) as they are: the floor's picks and the returns desk's dispositions."""
    _post(moves, reason, subject=subject, actor=actor)


def carry(sku_id, source, target, quantity):
    """Return the two moves that carry pieces between bins of one location."""
    return [
        Move(sku_id, source.location_id, ON_HAND, -quantity, source.pk),
        Move(sku_id, target.location_id, ON_HAND, quantity, target.pk),
    ]


def system_bin(location, kind):
    """Return the location's DOCK, STAGE or QUARANTINE, made on first use."""
    found = location.bins.filter(kind=kind).order_by("pk").first()
    return found or Bin.objects.get_or_create(location=location, code=kind.upper(), defaults={"kind": kind})[0]


def _through_stage(pieces, sign, reason, *, subject, keys, actor):
    stages = {location: system_bin(location, Bin.Kind.STAGE) for _, location, _ in pieces}
    moves, named_keys = [], []
    for (sku_id, location, quantity), key in zip(pieces, keys, strict=True):
        moves.append(Move(sku_id, location.pk, ON_HAND, sign * quantity, stages[location].pk))
        moves.append(Move(sku_id, location.pk, RESERVED, sign * quantity))
        named_keys += [key, None]
    _post(moves, reason, subject=subject, keys=named_keys, actor=actor)


def _is_posted(key):
    return key is not None and StockEntry.objects.filter(key=key).exists()


def _spread_bins(sku, location, bin, delta):
    """Return [(bin id, delta)]: the bin named, or for a loss the bins that hold pieces, fullest first."""
    if bin or delta > 0:
        return [((bin or system_bin(location, Bin.Kind.DOCK)).pk, delta)]
    shares, missing = [], -delta
    held = BinStock.objects.filter(sku=sku, bin__location=location, quantity__gt=0)
    # What was picked for somebody is lost last.
    for row in held.exclude(bin__kind=Bin.Kind.STAGE).order_by("-quantity", "pk").values("bin_id", "quantity"):
        taken = min(missing, row["quantity"])
        if taken:
            shares.append((row["bin_id"], -taken))
            missing -= taken
    if missing:
        raise Invalid(f"{location} has only {-delta - missing} pieces of {sku} in its bins.", field="quantity")
    return shares


def _post(moves, reason, *, subject, actor, key=None, keys=None):
    """Lock the levels, then the bins, change both, and write one ledger entry a move."""
    levels = _lock_levels({move.level for move in moves})
    entries = []
    for move_, key_ in zip(moves, keys or [key] + [None] * (len(moves) - 1), strict=True):
        level = levels[move_.level]
        balance = getattr(level, move_.bucket) + move_.delta
        setattr(level, move_.bucket, balance)
        entries.append(_entry(move_, max(balance, 0), reason, subject=subject, key=key_, actor=actor))
    _check(levels.values())
    StockLevel.objects.bulk_update(levels.values(), ["on_hand", "reserved", "unavailable"])
    _change_bins(moves)
    StockEntry.objects.bulk_create(entries)


def _lock_levels(keys):
    levels = StockLevel.objects.lock(keys)
    missing = sorted(keys - levels.keys())
    if missing:
        StockLevel.objects.bulk_create(
            [StockLevel(sku_id=sku, location_id=location) for sku, location in missing], ignore_conflicts=True
        )
        levels = StockLevel.objects.lock(keys)
    return levels


def _check(levels):
    for level in levels:
        if min(level.on_hand, level.reserved, level.unavailable) < 0:
            raise Invalid(f"{level.location} has not so many pieces of {level.sku}.", field="quantity")
        if level.on_hand < level.reserved + level.unavailable:
            # Room was made before the lock; somebody reserved in between.
            raise Retry(f"{level.sku} at {level.location} was reserved meanwhile.")


def _change_bins(moves):
    deltas = Counter()
    for move_ in moves:
        if move_.bin_id:
            deltas[move_.sku_id, move_.bin_id] += move_.delta
    rows = _lock_bins(deltas)
    for pair, delta in deltas.items():
        rows[pair].quantity += delta
        if rows[pair].quantity < 0:
            row = rows[pair]
            raise Invalid(f"Bin {row.bin} holds only {row.quantity - delta} of {row.sku}.", field="bin")
    BinStock.objects.bulk_update(rows.values(), ["quantity"])


def _lock_bins(deltas):
    def held():
        rows = BinStock.objects.filter(sku__in={s for s, _ in deltas}, bin__in={b for _, b in deltas})
        rows = rows.order_by("sku_id", "bin_id").select_for_update(of=("self",))
        return {(row.sku_id, row.bin_id): row for row in rows if (row.sku_id, row.bin_id) in deltas}

    rows = held()
    missing = sorted(deltas.keys() - rows.keys())
    if missing:
        BinStock.objects.bulk_create(
            [BinStock(sku_id=sku, bin_id=bin_id, quantity=0) for sku, bin_id in missing],
            ignore_conflicts=True,
        )
        rows = held()
    return rows


def _entry(move_, balance, reason, *, subject, key, actor):
    return StockEntry(
        sku_id=move_.sku_id,
        location_id=move_.location_id,
        bin_id=move_.bin_id,
        bucket=move_.bucket,
        delta=move_.delta,
        balance_after=balance,
        reason=reason,
        subject=subject,
        key=key,
        actor=actor,
    )

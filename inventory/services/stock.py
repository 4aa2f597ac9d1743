"""The only writer of stock: nothing else touches StockLevel, BinStock or StockEntry.

Reservations are one conditional update a level, in (sku, location) order, its row count checked
(`reserving`); everything else locks levels, then bins, in that order, and writes the ledger (`posting`).
"""

from django.db import transaction
from django.db.models import F, Sum

from inventory.models import Bin, BinStock, Sku, StockLevel
from inventory.services.bins import check_bin, system_bin
from inventory.services.make_room import make_room
from inventory.services.note_change import note_changes
from inventory.services.once import is_booked
from inventory.services.posting import ON_HAND, RESERVED, UNAVAILABLE, Move, lock_levels, post
from inventory.services.reserving import Wish, change_reserved, reserve_all
from oms.lib.commands import command
from oms.lib.errors import InsufficientStock, Invalid, Retry
from oms.outbox.publish import publish

__all__ = ["ON_HAND", "RESERVED", "UNAVAILABLE", "Move", "Wish", "make_room", "post", "system_bin"]

ADJUST_REASONS = {
    "damaged": "Damaged",
    "lost": "Lost",
    "found": "Found",
    "theft": "Stolen",
    "expired": "Expired",
    "recount": "Recounted",
    "write_off": "Written off",
    "to_supplier": "Back to the supplier",
    "pos_overrun": "Sold at a till beyond the book",
    "other": "Other",
}
# What can only be fewer, or only more, for such a reason.
LOSSES = ("damaged", "lost", "theft", "expired", "write_off", "to_supplier")
GAINS = ("found",)
# Reasons of entries that carry pieces from bin to bin: per level they sum to nothing (doctor, check 8).
CARRIES = ("move", "put_away", "refill", "quarantine", "clear", "pick", "put_back")
# No level counts so many, and a sum of them still fits the column.
MOST_PIECES = 100_000_000


def reserve(pieces, *, subject, keep=0, actor="system"):
    """Promise `pieces` ({(sku id, location id): pieces}) to `subject`: all or none.

    `keep` pieces of each level are not for this one: his channel's buffer. Raises Retry when another
    buyer was faster since the caller looked: the command starts again and sources anew. Call it last,
    so that the levels are locked for the shortest time.
    """
    if not change_reserved(pieces, reason="reserve", subject=subject, actor=actor, keep=keep):
        transaction.set_rollback(True)  # some levels were changed: whoever catches this cannot keep them
        raise Retry(f"Stock of {subject} moved.")


def reserve_many(wishes, *, actor="system"):
    """Promise what each of `wishes` ([Wish]) asks, as `reserve` would one after the other: all or none."""
    if not reserve_all(wishes, actor=actor):
        transaction.set_rollback(True)
        raise Retry("Stock moved.")


def release(pieces, *, subject, actor="system"):
    """Give `pieces` ({(sku id, location id): pieces}) promised to `subject` back to all: all or none."""
    back = {level: -quantity for level, quantity in pieces.items()}
    if not change_reserved(back, reason="release", subject=subject, actor=actor):
        transaction.set_rollback(True)
        raise InsufficientStock(f"{subject} has fewer pieces reserved than it gives back.")


@command
def receive(
    sku,
    location,
    quantity,
    *,
    bin=None,
    lot=None,
    serials=(),
    reason="receive",
    subject="",
    key=None,
    actor="system",
):
    """Book `quantity` pieces that came in, into `bin` or the DOCK; in a QUARANTINE bin they are unfit.

    They are of `lot`, and are the `serials` (unsaved ones of `serials.new`), where the SKU has such.

    Returns whether they were booked: a second call with `key` does nothing. Publishes `stock.received`.
    """
    check_stocked(sku, location)
    check_quantity(quantity)
    if sku.tracking == Sku.Tracking.LOT and lot is None:
        raise Invalid(f"{sku} is kept by lot: name the lot.", field="lot")
    target = check_bin(bin, location) or system_bin(location, Bin.Kind.DOCK)
    identity = {"lot_id": lot and lot.pk, "serials": tuple(serials)}
    moves = [Move(sku.pk, location.pk, ON_HAND, quantity, target.pk, key, **identity), *_unfit(sku, target, quantity)]
    return post(moves, reason, subject=subject, actor=actor)


@command
def move(sku, source, target, quantity, *, lot=None, serials=(), reason="move", subject="", key=None, actor="system"):
    """Carry pieces from one bin to another of the same location; into QUARANTINE they become unfit.

    Of `lot`, or the `serials` ([Serial]), else as `lots` and `serials` say. Raises Invalid when fewer lie there.
    Returns whether they were carried: a second call with `key` does nothing.
    """
    if is_booked(key):
        return False
    check_bin(target, source.location)
    check_quantity(quantity)
    if source.pk == target.pk:
        raise Invalid(f"They lie in {target} already.", field="target")
    moves = [
        *carry(sku.pk, source, target, quantity, lot=lot, serials=serials, key=key),
        *_unfit(sku, source, -quantity),
        *_unfit(sku, target, quantity),
    ]
    if target.kind == Bin.Kind.QUARANTINE != source.kind:
        make_room(sku.pk, source.location_id, _fit(sku, source, lot, quantity), actor=actor)
    return _post_new(moves, reason, subject=subject, actor=actor)


@command
def adjust(sku, location, delta, *, reason, bin=None, lot=None, serials=(), subject="", key=None, actor="system"):
    """Correct what is on hand by `delta` pieces, in `bin`; without one a gain goes to the DOCK, and a
    loss is taken from shelves and DOCK, the fullest first.

    Reality is never refused: when fewer are left than are promised, the newest promises are
    backordered first. Raises Invalid when a bin would hold fewer than none, or more without their lot.
    Returns whether something was booked: a second call with `key` does nothing.
    """
    check_stocked(sku, location)
    if reason not in ADJUST_REASONS:
        raise Invalid(f"Choose one of {', '.join(ADJUST_REASONS)}.", field="reason")
    if (delta > 0 and reason in LOSSES) or (delta < 0 and reason in GAINS):
        sign = "less than" if reason in LOSSES else "more than"
        raise Invalid(f"{ADJUST_REASONS[reason]}: the change is {sign} 0 then, not {delta:+}.", field="delta")
    if delta == 0 or is_booked(key):  # before promises are broken for it once more
        return False
    check_quantity(abs(delta))
    check_bin(bin, location)
    if delta > 0 and sku.tracking == Sku.Tracking.LOT and lot is None:
        raise Invalid(f"{sku} is kept by lot: name the lot.", field="lot")
    if delta < 0 and not (bin and bin.kind == Bin.Kind.QUARANTINE):
        make_room(sku.pk, location.pk, _fit(sku, bin, lot, -delta) if bin else -delta, actor=actor)
    lock_levels({(sku.pk, location.pk)})
    shares = (
        [(bin or system_bin(location, Bin.Kind.DOCK), delta)] if bin or delta > 0 else spread_loss(sku, location, delta)
    )
    moves = correction(sku, shares, key=key, lot=lot, serials=serials)
    return _post_new(moves, reason, subject=subject, actor=actor)


def correction(sku, shares, *, key=None, lot=None, serials=()):
    """Return the moves that change bins by `shares` ([(Bin, delta)]); the first carries `key`."""
    identity = {"lot_id": lot and lot.pk, "serials": tuple(serials)}
    moves = [
        Move(sku.pk, bin.location_id, ON_HAND, delta, bin.pk, None if position else key, **identity)
        for position, (bin, delta) in enumerate(shares)
    ]
    return moves + [move for bin, delta in shares for move in _unfit(sku, bin, delta)]


@command
def set_unavailable(sku, location, delta, *, reason, subject="", actor="system"):
    """Take `delta` pieces out of what can be sold wherever they lie, or back when negative.

    Promises that are not covered any more are broken, the newest first. Raises Invalid for 0, or when
    so many are not there, or not out of sale.
    """
    check_stocked(sku, location)
    check_quantity(abs(delta))
    make_room(sku.pk, location.pk, delta, actor=actor)
    post([Move(sku.pk, location.pk, UNAVAILABLE, delta)], reason, subject=subject, actor=actor)


@command
def set_safety(sku, location, pieces, *, actor="system"):
    """Keep `pieces` of the level from being promised to anybody; promises made before stay.

    Publishes `stock.safety_set` when it was another number; returns whether it was.
    """
    check_stocked(sku, location)
    if not 0 <= pieces <= MOST_PIECES:
        raise Invalid(f"Safety stock cannot be negative, or over {MOST_PIECES:,} pieces.", field="safety")
    level = lock_levels({(sku.pk, location.pk)})[sku.pk, location.pk]
    if level.safety == pieces:
        return False
    StockLevel.objects.filter(pk=level.pk).update(safety=pieces)
    note_changes([sku.pk])
    data = {"sku": sku.pk, "location": location.pk, "before": level.safety, "pieces": pieces}
    publish("stock.safety_set", f"sku:{sku.pk}", actor=actor, **data)
    return True


@command
def note_reorder_points(points):
    """Write at how many pieces levels are bought again, `points` ({(sku id, location id): pieces}), where that changed.

    A level that is not there yet is left out; promises do not look at it. Three statements at most.
    """
    levels = StockLevel.objects.filter(sku__in={sku for sku, _ in points}).order_by()
    known = {(sku, place): point for sku, place, point in levels.values_list("sku_id", "location_id", "reorder_point")}
    changed = {pair for pair, point in points.items() if known.get(pair, point) != point}
    if not changed:
        return
    locked = StockLevel.objects.lock(changed)
    for pair, level in locked.items():
        level.reorder_point = points[pair]
    StockLevel.objects.bulk_update(locked.values(), ["reorder_point"], batch_size=500)


def ship(pieces, *, subject, keys, identities=None, actor="system"):
    """Consume reserved pieces out of STAGE: `pieces` is [(sku id, Location, quantity)].

    `identities` names lot and serials of each, {"lot_id", "serials"}, where the SKU has such.

    `keys` names each of them once and for all, one ledger entry a shipped parcel line; a second call
    with the same ones does nothing. Of a location that does not count its stock nothing is written.
    """
    _through_stage(pieces, -1, "ship", subject=subject, keys=keys, identities=identities, actor=actor)


def unship(pieces, *, subject, keys, identities=None, actor="system"):
    """Take back what `ship` did, by compensating entries: the pieces lie in STAGE, reserved."""
    _through_stage(pieces, +1, "unship", subject=subject, keys=keys, identities=identities, actor=actor)


def carry(sku_id, source, target, quantity, *, lot=None, serials=(), key=None):
    """Return the two moves that carry pieces between bins of one location; what leaves the one comes into the other."""
    if source.location_id != target.location_id:
        raise Invalid("Both bins must be in the same location.", field="target")
    return [
        Move(
            sku_id,
            source.location_id,
            ON_HAND,
            -quantity,
            source.pk,
            key,
            lot_id=lot and lot.pk,
            serials=tuple(serials),
        ),
        Move(sku_id, target.location_id, ON_HAND, quantity, target.pk, lot_id=lot and lot.pk),
    ]


def spread_loss(sku, location, delta):
    """Return [(Bin, delta)] of a loss nobody saw: from the fullest shelf on, never what is picked or unfit.

    Raises Invalid when the shelves do not hold so many. The level is locked by the caller.
    """
    shares, missing = [], -delta
    held = BinStock.objects.filter(sku=sku, bin__location=location, quantity__gt=0).select_related("bin")
    for row in held.exclude(bin__kind__in=[Bin.Kind.STAGE, Bin.Kind.QUARANTINE]).order_by("-quantity", "pk"):
        taken = min(missing, row.quantity)
        if taken:
            shares.append((row.bin, -taken))
            missing -= taken
    if missing:
        raise Invalid(
            f"Only {-delta - missing} pieces of {sku} lie on the shelves of {location}; name the bin "
            "if they were picked or in quarantine.",
            field="quantity",
        )
    return shares


def check_stocked(sku, location):
    """Raise Invalid where there is nothing to count: a kit, a download, a place without stock of ours."""
    if not sku.is_stocked:
        raise Invalid(f"{sku} is a {sku.get_kind_display()} SKU: no pieces of it lie on a shelf.", field="sku")
    if not location.tracks_stock:
        raise Invalid(f"{location} does not count its stock.", field="location")


def check_quantity(quantity):
    """Raise Invalid unless `quantity` is a number of pieces that can be meant."""
    if not 0 < quantity <= MOST_PIECES:
        raise Invalid(f"Between 1 and {MOST_PIECES:,} pieces.", field="quantity")


def _post_new(moves, reason, *, subject, actor):
    """Post `moves`; where another call with their key was faster, undo the promises that were broken for them."""
    if not post(moves, reason, subject=subject, actor=actor):
        raise Retry("It was booked meanwhile.")
    return True


def _unfit(sku, bin, delta):
    """Return the move by which what lies in a QUARANTINE bin counts as unfit, if it is one."""
    return [Move(sku.pk, bin.location_id, UNAVAILABLE, delta)] if bin.kind == Bin.Kind.QUARANTINE else []


def _fit(sku, bin, lot, pieces):
    """Return how many of `pieces` that leave `bin` promises may give way for: what is withheld there leaves last."""
    rows = BinStock.objects.filter(sku=sku, bin=bin, **({"lot": lot} if lot else {}))
    return min(pieces, rows.aggregate(n=Sum(F("quantity") - F("withheld"), default=0))["n"])


def _through_stage(pieces, sign, reason, *, subject, keys, identities, actor):
    rows = zip(pieces, keys, identities or [{}] * len(pieces), strict=True)
    counted = [row for row in rows if row[0][1].tracks_stock]
    stages = {location: system_bin(location, Bin.Kind.STAGE) for (_, location, _), _, _ in counted}
    moves = []
    for (sku_id, location, quantity), key, identity in counted:
        moves.append(Move(sku_id, location.pk, ON_HAND, sign * quantity, stages[location].pk, key, **identity))
        moves.append(Move(sku_id, location.pk, RESERVED, sign * quantity))
    post(moves, reason, subject=subject, actor=actor)

"""Counting: entering what is there without seeing the book, then correcting the book by the difference.

A count says what was there at a moment. What the ledger booked after that moment happened too, so the
difference is taken against what the book said then, and is itself booked as of then: a second posting of
the same count finds no difference.
"""

from collections import defaultdict

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from inventory.models import Bin, BinStock, CountLine, CountSession, StockEntry, StockLevel
from inventory.services import stock
from inventory.services.bins import check_bin, system_bin
from inventory.services.posting import ON_HAND, lock_levels, post
from oms.lib.commands import command
from oms.lib.errors import DomainError, Invalid, InvalidTransition


@command
def open_count(location, *, bin=None, counted_at=None, actor="system"):
    """Begin a count of `location`, or of one `bin`, as of `counted_at` (now), and return it."""
    if not location.tracks_stock:
        raise Invalid(f"{location} does not count its stock.", field="location")
    check_bin(bin, location)
    counted_at = counted_at or timezone.now()
    if counted_at > timezone.now():
        raise Invalid("What is counted cannot lie in the future.", field="counted_at")
    return CountSession.objects.create(location=location, bin=bin, counted_at=counted_at, opened_by=actor)


@command
def enter(session_id, sku, pieces, *, bin=None, add=False):
    """Note that `pieces` of `sku` were counted in `bin` (the session's), or `add` them; returns the line."""
    session = lock(session_id)
    bin = check_bin(bin or session.bin, session.location)
    stock.check_stocked(sku, session.location)
    if session.bin and bin != session.bin:
        raise Invalid(f"This count is of bin {session.bin}.", field="bin")
    line, is_new = CountLine.objects.get_or_create(session=session, sku=sku, bin=bin, defaults={"counted": pieces})
    counted = line.counted + pieces if add and not is_new else pieces
    if not 0 <= counted <= stock.MOST_PIECES:
        raise Invalid(f"Between 0 and {stock.MOST_PIECES:,} pieces.", field="pieces")
    _refuse_both_ways(session, sku, bin)
    line.counted = counted
    line.save(update_fields=["counted"])
    return line


@command
def enter_missing(session_id):
    """Note none of all SKUs the book has in a bin that were not found there; returns how many SKUs."""
    session = lock(session_id)
    missing = [CountLine(session=session, sku_id=sku_id, bin=session.bin, counted=0) for sku_id in uncounted(session)]
    return len(CountLine.objects.bulk_create(missing))


def uncounted(session):
    """Return the ids of SKUs the book has in the session's bin that nobody entered; of a location: none."""
    if session.bin is None:
        return []
    held = BinStock.objects.filter(bin=session.bin, quantity__gt=0).exclude(sku__in=session.lines.values("sku"))
    return list(held.order_by("sku_id").values_list("sku_id", flat=True))


@command
def cancel(session_id):
    """Throw an open count away."""
    session = lock(session_id)
    session.status = CountSession.Status.CANCELLED
    session.save(update_fields=["status"])


@command
def post_count(session_id, *, actor="system"):
    """Correct the book to what was counted; returns the session, POSTED.

    Promises beyond what is left are broken, the newest first. A line that cannot be posted says why in
    `problem`, and the others are: count it anew. Raises InvalidTransition when it is not open.
    """
    session = lock(session_id)
    post_lines(session, list(session.lines.select_related("sku", "bin").order_by("sku_id", "pk")), actor=actor)
    close(session, actor=actor)
    return session


def close(session, *, actor):
    """Mark a locked session as POSTED."""
    session.status, session.posted_by, session.posted_at = CountSession.Status.POSTED, actor, timezone.now()
    session.save(update_fields=["status", "posted_by", "posted_at"])


def post_lines(session, lines, *, actor):
    """Post `lines` of a session, saved or not, in the caller's transaction, all those that can be posted.

    Saves them with what came of each.
    """
    for line in lines:
        line.problem = ""
    expect(session, lines)
    _make_room(session, lines, actor)
    lock_levels({(line.sku_id, session.location_id) for line in lines})
    expect(session, lines)
    dock = system_bin(session.location, Bin.Kind.DOCK)
    moves = [move for line in lines if not line.problem for move in _moves(session, line, dock)]
    post(moves, "recount", subject=session.subject, actor=actor, at=session.counted_at)
    for line in lines:
        line.difference = 0 if line.problem else line.difference
    new, known = ([line for line in lines if (line.pk is None) is is_new] for is_new in (True, False))
    CountLine.objects.bulk_create(new)
    CountLine.objects.bulk_update(known, ["counted", "expected", "difference", "problem"], batch_size=500)


def expect(session, lines):
    """Set `expected` of `lines` to what was there at the session's moment by the ledger, and `difference`.

    `now` of a line is what is there by the book at present. Three queries.
    """
    now, since = defaultdict(int), defaultdict(int)
    skus = {line.sku_id for line in lines}
    for sku_id, bin_id, pieces in BinStock.objects.filter(sku__in=skus, bin__location=session.location).values_list(
        "sku_id", "bin_id", "quantity"
    ):
        now[sku_id, bin_id] = pieces
    for sku_id, pieces in StockLevel.objects.filter(sku__in=skus, location=session.location).values_list(
        "sku_id", "on_hand"
    ):
        now[sku_id, None] = pieces
    later = StockEntry.objects.filter(
        sku__in=skus, location=session.location, bucket=ON_HAND, at__gt=session.counted_at
    )
    for sku_id, bin_id, pieces in later.order_by().values_list("sku_id", "bin_id").annotate(n=Sum("delta")):
        since[sku_id, bin_id] += pieces
        since[sku_id, None] += pieces
    for line in lines:
        line.now = now[line.sku_id, line.bin_id]
        line.expected = line.now - since[line.sku_id, line.bin_id]
        line.difference = line.counted - line.expected


def lock(session_id):
    """Return the locked open session; raises InvalidTransition when it is not open."""
    session = CountSession.objects.select_for_update(of=("self",)).select_related("location", "bin").get(pk=session_id)
    if not session.is_open:
        raise InvalidTransition(f"{session} is {session.get_status_display().lower()}.")
    return session


def _refuse_both_ways(session, sku, bin):
    """Counted per bin and as a whole, the same pieces would be corrected twice."""
    others = session.lines.filter(sku=sku, bin__isnull=bin is not None)
    if others.exists():
        raise Invalid(f"{sku} was counted {'as a whole' if bin else 'by bin'} in this count.", field="bin")


def _make_room(session, lines, actor):
    """Break promises on what all lines of a SKU together take away; where that cannot be, no loss is posted."""
    by_sku = defaultdict(list)
    for line in lines:
        if not (line.bin and line.bin.kind == Bin.Kind.QUARANTINE):
            by_sku[line.sku_id].append(line)
    losses = {sku_id: -sum(line.difference for line in group) for sku_id, group in by_sku.items()}
    for sku_id, lost in losses.items():
        if lost <= 0:
            continue
        try:
            with transaction.atomic():
                stock.make_room(sku_id, session.location_id, lost, actor=actor)
        except DomainError as error:
            for line in by_sku[sku_id]:
                line.problem = error.message[:200] if line.difference < 0 else ""


def _moves(session, line, dock):
    """Return the moves of a line's difference under the level's lock; none, and its problem, if it cannot be."""
    if line.now + line.difference < 0:
        line.problem = f"{-line.now - line.difference} pieces too few: more left since than were counted."
        return []
    if line.difference >= 0 or line.bin:
        shares = [(line.bin or dock, line.difference)]
    else:
        try:
            shares = stock.spread_loss(line.sku, session.location, line.difference)
        except Invalid as error:
            line.problem = error.message[:200]
            return []
    return stock.correction(line.sku, [share for share in shares if share[1]])

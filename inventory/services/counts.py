"""Counting: entering what is there without seeing the book, then correcting the book by the difference.

A line says what was there at a moment: when it was entered, or that of the whole count. What the ledger
booked after that moment happened too, so the difference is taken against what the book said then, and is
itself booked as of then: a second posting of the same count finds no difference.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from inventory.models import Bin, BinStock, CountLine, CountSession, Location, Sku
from inventory.services import stock
from inventory.services.bins import check_bin, system_bin
from inventory.services.count_again import count_again, hold_back, refuse_moved
from inventory.services.count_expect import expect
from inventory.services.in_hand import only_lot
from inventory.services.posting import lock_levels, post
from oms.lib.clock import today_at
from oms.lib.commands import command
from oms.lib.errors import DomainError, Invalid, InvalidTransition
from oms.outbox.publish import publish

ASKED_FOR = (CountSession.Origin.CYCLE, CountSession.Origin.SHORT, CountSession.Origin.TILL)
# What was there before says nothing of today: it is a slip in a date. Opening stock is imported, from any day.
OLDEST = timedelta(days=366)
COUNTING = (CountSession.Status.OPEN, CountSession.Status.RECOUNT)


@command
def open_count(location, *, bin=None, counted_at=None, actor="system"):
    """Begin a count of `location`, or of one `bin`, and return it.

    All of it is as of `counted_at`, or each line as of when it is entered.
    """
    if not location.tracks_stock:
        raise Invalid(f"{location} does not count its stock.", field="location")
    check_bin(bin, location)
    age = timezone.now() - counted_at if counted_at else timedelta()
    if age < timedelta():
        raise Invalid("What is counted cannot lie in the future.", field="counted_at")
    if age > OLDEST:
        raise Invalid("That is more than a year ago: send what is there now.", field="counted_at")
    return CountSession.objects.create(location=location, bin=bin, counted_at=counted_at, opened_by=actor)


@command
def ask_count(bin, *, origin=CountSession.Origin.SHORT, actor):
    """Have a bin counted of which the book was wrong, unless it is being counted: the CountSession, or None."""
    bin = Bin.objects.select_for_update(of=("self",), no_key=True).get(pk=bin.pk)
    if CountSession.objects.open().filter(bin=bin).exists():
        return None
    return CountSession.objects.create(location_id=bin.location_id, bin=bin, origin=origin, opened_by=actor)


@command
def count_bin(bin, *, actor):
    """Return the count of `bin` that `actor` goes on with, or begin one: two calls at once begin one."""
    bin = Bin.objects.select_for_update(of=("self",), no_key=True).select_related("location").get(pk=bin.pk)
    return waiting_count(bin, actor=actor) or open_count(bin.location, bin=bin, actor=actor)


@command
def count_across(location, *, actor):
    """Return the count across bins of `location` that `actor` began, or begin one: two calls at once begin one."""
    location = Location.objects.select_for_update(of=("self",), no_key=True).get(pk=location.pk)
    begun = CountSession.objects.filter(_own(actor), location=location, bin=None, status=CountSession.Status.OPEN)
    return begun.order_by("pk").first() or open_count(location, actor=actor)


def waiting_count(bin, *, actor):
    """Return the open count of `bin` that `actor` may go on with, or None.

    That is one he began, one that is to be counted again, or one that was asked for and that nobody began.
    """
    unbegun = Q(origin__in=ASKED_FOR) & ~Exists(CountLine.objects.filter(session=OuterRef("pk")))
    waiting = CountSession.objects.open().filter(bin=bin)
    return waiting.filter(unbegun | _own(actor) | Q(status=CountSession.Status.RECOUNT)).order_by("pk").first()


def _own(actor):
    """Counts that `actor` began, or of which all that is counted is his."""
    lines = CountLine.objects.filter(session=OuterRef("pk"))
    return (Q(opened_by=actor) | Exists(lines.filter(counted_by=actor))) & ~Exists(lines.exclude(counted_by=actor))


@command
def enter(session_id, sku, pieces, *, bin=None, add=False, actor="system"):
    """Note that `pieces` of `sku` were counted in `bin` (the session's), or `add` them; returns the line.

    In a recount only what is doubtful is taken, from another person than counted it first.
    """
    session = lock(session_id)
    if session.is_recount:
        return count_again(session, sku, pieces, bin=bin, add=add, actor=actor)
    bin = check_bin(bin or session.bin, session.location)
    stock.check_stocked(sku, session.location)
    if session.bin and bin != session.bin:
        raise Invalid(f"This count is of bin {session.bin}.", field="bin")
    if not add and not 0 <= pieces <= stock.MOST_PIECES:
        raise Invalid(f"Between 0 and {stock.MOST_PIECES:,} pieces.", field="pieces")
    line, is_new = CountLine.objects.get_or_create(
        session=session, sku=sku, bin=bin, defaults={"counted": pieces, "counted_by": actor}
    )
    if add and not is_new:
        refuse_moved(session, line)
    counted = line.counted + pieces if add and not is_new else pieces
    if not 0 <= counted <= stock.MOST_PIECES:
        raise Invalid(f"Between 0 and {stock.MOST_PIECES:,} pieces.", field="pieces")
    _refuse_both_ways(session, sku, bin)
    line.counted, line.counted_by, line.entered_at = counted, actor, None if session.counted_at else timezone.now()
    line.save(update_fields=["counted", "counted_by", "entered_at"])
    return line


@command
def enter_missing(session_id, *, actor="system"):
    """Note none of all SKUs the book has in a bin that were not found there; returns how many SKUs."""
    session = lock(session_id)
    if session.is_recount:
        return 0
    moment = None if session.counted_at else _looked_at(session)
    absent = {"session": session, "bin": session.bin, "counted": 0, "counted_by": actor, "entered_at": moment}
    missing = [CountLine(sku_id=sku_id, **absent) for sku_id in uncounted(session)]
    return len(CountLine.objects.bulk_create(missing))


def uncounted(session):
    """Return the ids of SKUs the book has in the session's bin that nobody entered; of a location: none."""
    if session.bin is None:
        return []
    held = BinStock.objects.filter(bin=session.bin, quantity__gt=0).exclude(sku__in=session.lines.values("sku"))
    return list(held.order_by("sku_id").values_list("sku_id", flat=True).distinct())


@command
def cancel(session_id):
    """Throw a count away that is not posted."""
    session = lock(session_id, [*COUNTING, CountSession.Status.TO_APPROVE])
    session.status = CountSession.Status.CANCELLED
    session.save(update_fields=["status"])


@command
def post_count(session_id, *, actor="system"):
    """Correct the book to what was counted; returns the session, POSTED.

    Or in RECOUNT when lines differ by more than the location's tolerance and nobody counted them again,
    or TO_APPROVE when the differences are worth more than its limit: then nothing is posted yet.
    Promises beyond what is left are broken, the newest first. A line that cannot be posted says why in
    `problem`, and the others are: count it anew. Raises Invalid when nothing was counted where the book
    has pieces, InvalidTransition when it is not open, or when items wait to be counted again.
    """
    session = lock(session_id)
    lines = _lines(session)
    if not lines and _has_pieces(session):
        raise Invalid("Nothing was counted: scan what is there, say that none of it is, or throw the count away.")
    expect(session, lines)
    if not hold_back(session, lines, actor=actor):
        finish(session, lines, actor=actor)
    return session


@command
def approve(session_id, *, actor):
    """Let a count be posted whose differences are worth more than the location's limit; returns it, POSTED.

    Raises Invalid for the one who submitted it, InvalidTransition when none waits for it.
    """
    session = lock(session_id, [CountSession.Status.TO_APPROVE])
    if session.submitted_by == actor:
        raise Invalid("Somebody else than who submitted the count approves it.", field="approved_by")
    session.approved_by, session.approved_at = actor, timezone.now()
    session.save(update_fields=["approved_by", "approved_at"])
    finish(session, _lines(session), actor=actor)
    return session


def finish(session, lines, *, actor):
    """Post the `lines` of a locked session and close it. Publishes `count.posted`."""
    post_lines(session, lines, actor=actor)
    close(session, actor=actor)
    wrong = sum(1 for line in lines if line.difference)
    publish("count.posted", session.subject, actor=actor, count=session.pk, corrections=wrong)


def close(session, *, actor):
    """Mark a locked session as POSTED."""
    session.status, session.posted_by, session.posted_at = CountSession.Status.POSTED, actor, timezone.now()
    session.save(update_fields=["status", "posted_by", "posted_at"])


def post_lines(session, lines, *, actor):
    """Post `lines` of a session, saved or not, in the caller's transaction, all those that can be posted.

    Saves them with what came of each.
    """
    dock = system_bin(session.location, Bin.Kind.DOCK)
    for line in lines:
        line.problem = ""
    _compare(session, lines, dock)
    _make_room(session, lines, actor)
    lock_levels({(line.sku_id, session.location_id) for line in lines})
    _compare(session, lines, dock)
    moves = [move for line in lines if not line.problem for move in _moves(session, line, dock)]
    post(moves, "recount", subject=session.subject, actor=actor)
    for line in lines:
        line.difference = 0 if line.problem else line.difference
    new, known = ([line for line in lines if (line.pk is None) is is_new] for is_new in (True, False))
    CountLine.objects.bulk_create(new)
    CountLine.objects.bulk_update(known, ["counted", "expected", "difference", "problem"], batch_size=500)


def _compare(session, lines, dock):
    expect(session, lines)
    for line in lines:
        if not line.problem:
            _check(line, dock)


def lock(session_id, statuses=COUNTING):
    """Return the locked session; raises InvalidTransition when it is in none of `statuses`."""
    session = CountSession.objects.select_for_update(of=("self",)).select_related("location", "bin").get(pk=session_id)
    if session.status not in statuses:
        raise InvalidTransition(f"{session} is {session.get_status_display().lower()}.")
    return session


def _lines(session):
    return list(session.lines.select_related("sku", "bin").order_by("sku_id", "pk"))


def _has_pieces(session):
    """Whether by the book anything lies where the session counts."""
    held = BinStock.objects.filter(quantity__gt=0, bin__location=session.location)
    return (held.filter(bin=session.bin) if session.bin else held).exists()


def _looked_at(session):
    """Return when somebody saw what is not in the bin: what was put there since he did not see."""
    entered = session.lines.aggregate(n=Max("entered_at"))["n"]
    return entered or (timezone.now() if session.origin in ASKED_FOR else session.opened_at)


def _refuse_both_ways(session, sku, bin):
    """Counted per bin and as a whole, the same pieces would be corrected twice."""
    others = session.lines.filter(sku=sku, bin__isnull=bin is not None)
    if others.exists():
        raise Invalid(f"{sku} was counted {'as a whole' if bin else 'by bin'} in this count.", field="bin")


def _check(line, dock):
    """Set the `lot` of what was found, and `problem` where a difference cannot be booked."""
    line.lot = None
    if line.now + line.difference < 0:
        line.problem = f"{-line.now - line.difference} pieces too few: more left since than were counted."
    elif line.difference > 0 and line.sku.tracking == Sku.Tracking.SERIAL:
        line.problem = f"{line.difference} more pieces than serial numbers: receive them, scanning each."
    elif line.difference > 0 and line.sku.tracking == Sku.Tracking.LOT:
        line.lot = only_lot(line.sku, line.bin or dock)
        if line.lot is None:
            line.problem = f"{line.difference} more pieces, of which lot nobody knows: adjust or receive them by lot."


def _make_room(session, lines, actor):
    """Break promises on what all lines of a SKU together take away; where that cannot be, no loss is posted."""
    by_sku = defaultdict(list)
    for line in lines:
        if not (line.problem or (line.bin and line.bin.kind == Bin.Kind.QUARANTINE)):
            by_sku[line.sku_id].append(line)
    losses = {sku_id: -sum(map(_fit, group)) for sku_id, group in by_sku.items()}
    for sku_id, lost in losses.items():
        if lost <= 0:
            continue
        try:
            with transaction.atomic():
                stock.make_room(sku_id, session.location_id, lost, actor=actor)
        except DomainError as error:
            for line in by_sku[sku_id]:
                line.problem = error.message[:200] if line.difference < 0 else ""


def _fit(line):
    """Return the difference in pieces that can be sold: what is withheld was promised to nobody, and is lost last."""
    if line.lot and line.lot.is_withheld(today_at(line.session.location)):
        return 0
    return max(line.difference, -max(line.fit, 0))


def _moves(session, line, dock):
    """Return the moves of a line's difference under the level's lock; none, and its problem, if it cannot be."""
    if line.difference >= 0 or line.bin:
        shares = [(line.bin or dock, line.difference)]
    else:
        try:
            shares = stock.spread_loss(line.sku, session.location, line.difference)
        except Invalid as error:
            line.problem = error.message[:200]
            return []
    moves = stock.correction(line.sku, [share for share in shares if share[1]], lot=line.lot)
    return [replace(move, at=line.counted_at) for move in moves]

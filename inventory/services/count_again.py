"""What is not posted at once: differences that somebody else counts again, or a lead approves."""

from django.utils import timezone

from inventory.models import CountLine, CountSession, StockEntry
from inventory.services import stock
from oms.lib.errors import Invalid, InvalidTransition
from oms.lib.money import ZERO
from oms.outbox.publish import publish


def hold_back(session, lines, *, actor):
    """Ask for a recount or for an approval where the location's rules do; returns whether nothing is posted yet.

    `lines` know what the book expected. Publishes `count.recount_asked` or `count.approval_asked`.
    Raises InvalidTransition while items wait to be counted again.
    """
    if session.is_recount:
        _refuse_unfinished(lines)
    elif _ask_recount(session, [line for line in lines if is_doubtful(session.location, line)], actor):
        return True
    limit = session.location.approve_count_over
    if limit is None or worth(lines) <= limit:
        return False
    session.status, session.submitted_by = CountSession.Status.TO_APPROVE, actor
    session.save(update_fields=["status", "submitted_by"])
    CountLine.objects.bulk_update(lines, ["expected", "difference"], batch_size=500)
    publish("count.approval_asked", session.subject, actor=actor, count=session.pk)
    return True


def is_doubtful(location, line):
    """Say whether a line differs from the book by more pieces, or more percent of it, than the location bears."""
    off = abs(line.difference)
    over_pieces = location.recount_pieces is not None and off > location.recount_pieces
    percent = location.recount_percent
    return over_pieces or (percent is not None and off * 100 > percent * max(line.expected, 0) and off > 0)


def worth(lines):
    """Return what the differences are worth at cost, found and lost added up: one does not hide the other."""
    return sum((abs(line.difference) * line.sku.unit_cost for line in lines), ZERO)


def count_again(session, sku, pieces, *, bin, add, actor):
    """Note in a locked session's recount that another person counted `pieces`; returns the line.

    The first number stays beside it. Raises Invalid for what is not doubtful, or for the same person.
    """
    bin = bin or session.bin
    line = session.lines.select_for_update(of=("self",)).filter(sku=sku, bin=bin, is_doubtful=True).first()
    if line is None:
        raise Invalid(f"{sku} need not be counted again{f' in {bin}' if bin else ''}.", field="sku")
    if line.counted_by == actor:
        raise Invalid(f"You counted {sku} first: somebody else counts it again.", field="counted_by")
    if not line.recounted_by:
        line.first_counted, line.counted, line.recounted_by = line.counted, 0, actor
    elif add:
        refuse_moved(session, line)
    counted = line.counted + pieces if add else pieces
    if not 0 <= counted <= stock.MOST_PIECES:
        raise Invalid(f"Between 0 and {stock.MOST_PIECES:,} pieces.", field="pieces")
    line.counted, line.entered_at = counted, timezone.now()
    line.save(update_fields=["counted", "first_counted", "recounted_by", "entered_at"])
    return line


def refuse_moved(session, line):
    """Raise Invalid when goods of a line moved between its scans: nobody knows which of them were scanned."""
    moved = StockEntry.objects.filter(
        sku_id=line.sku_id, location_id=session.location_id, bucket=StockEntry.Bucket.ON_HAND, at__gt=line.counted_at
    )
    moved = moved.filter(bin_id=line.bin_id) if line.bin_id else moved
    if moved.exists():
        said = f"{line.sku} came to or left {line.bin or session.location} while you counted it"
        raise Invalid(f"{said}: set the number that lies there.", field="pieces")


def _ask_recount(session, doubtful, actor):
    if not doubtful:
        return False
    for line in doubtful:
        line.is_doubtful = True
    CountLine.objects.bulk_update(doubtful, ["is_doubtful"])
    session.status = CountSession.Status.RECOUNT
    session.save(update_fields=["status"])
    publish("count.recount_asked", session.subject, actor=actor, count=session.pk, items=len(doubtful))
    return True


def _refuse_unfinished(lines):
    waiting = [line for line in lines if line.waits_for_recount]
    if waiting:
        codes = ", ".join(str(line.sku) for line in waiting[:5])
        raise InvalidTransition(f"{len(waiting)} items wait to be counted again by somebody else: {codes}.")

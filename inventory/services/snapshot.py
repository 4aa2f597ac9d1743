"""What a partner's own system says lies at his location, at a moment: a count that nobody of us made.

Movements that are booked for after that moment are played on top, as of any count. What is another by more than
BEARABLE_PERCENT is more often a mistake of his file than of our book: it waits for somebody to approve it.
"""

from inventory.models import CountLine, CountSession, StockLevel
from inventory.services import counts
from inventory.services.count_expect import expect
from oms.lib.commands import command
from oms.lib.errors import Invalid
from oms.outbox.publish import publish

BEARABLE_PERCENT = 20


@command
def take_snapshot(location, pieces, *, counted_at, is_whole=False, actor):
    """Correct the book to `pieces` ({Sku: pieces on hand}) that a location held at `counted_at`.

    `is_whole`: of what is not named there was none. Returns (the CountSession that was posted, the one that waits
    for approval), each None without lines. The same again finds no difference. Raises Invalid for a moment to come.
    """
    lines = [CountLine(sku=sku, counted=count, counted_by=actor) for sku, count in pieces.items()]
    if is_whole:
        named = {sku.pk for sku in pieces}
        held = StockLevel.objects.filter(location=location, on_hand__gt=0).exclude(sku__in=named).select_related("sku")
        lines += [CountLine(sku=level.sku, counted=0, counted_by=actor) for level in held.order_by("sku")]
    if not lines:
        raise Invalid("Name at least one SKU.", field="levels")
    session = _open(location, counted_at, lines, actor)
    expect(session, lines)
    waiting = [line for line in lines if _is_much(line)]
    bearable = [line for line in lines if not _is_much(line)]
    if not bearable:
        return None, _ask(session, waiting, actor)
    counts.finish(session, bearable, actor=actor)
    asked = _ask(_open(location, counted_at, waiting, actor), waiting, actor) if waiting else None
    return session, asked


def _open(location, counted_at, lines, actor):
    session = counts.open_count(location, counted_at=counted_at, actor=actor)
    session.origin = CountSession.Origin.PARTNER
    session.save(update_fields=["origin"])
    for line in lines:
        line.session = session
    return session


def _is_much(line):
    return abs(line.difference) * 100 > BEARABLE_PERCENT * max(line.expected, 0)


def _ask(session, lines, actor):
    """Have somebody approve the `lines` of a session before they are posted."""
    CountLine.objects.bulk_create(lines)
    session.status, session.submitted_by = CountSession.Status.TO_APPROVE, actor
    session.save(update_fields=["status", "submitted_by"])
    publish("count.approval_asked", session.subject, actor=actor, count=session.pk)
    return session

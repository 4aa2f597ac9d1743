"""What the book has to say of a count's lines, each at its own moment."""

from collections import Counter, defaultdict

from django.db.models import Max, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from inventory.models import BinStock, CountLine, CountSession, StockEntry, StockLevel
from inventory.models.ledger import UNEXPLAINED

OVERRULED = "It was counted again later, and that count was posted: it stands."


def expect(session, lines):
    """Set `expected` of `lines` to what was there at each one's moment by the book, and `difference`.

    What others corrected since, in the same direction, is taken to be the same pieces: the book knows of them.
    A line that a later count overrules says so in `problem`. `now` of a line is what is there by the book at
    present, `fit` what of that is not withheld. Four queries, five where moments differ.
    """
    skus = {line.sku_id for line in lines}
    now, fit = Counter(), Counter()
    held = BinStock.objects.filter(sku__in=skus, bin__location=session.location)
    for sku_id, bin_id, pieces, withheld in held.values_list("sku_id", "bin_id", "quantity", "withheld"):
        now[sku_id, bin_id] += pieces
        fit[sku_id, bin_id] += pieces - withheld
    levels = StockLevel.objects.filter(sku__in=skus, location=session.location)
    for sku_id, pieces, unfit in levels.values_list("sku_id", "on_hand", "unavailable"):
        now[sku_id, None], fit[sku_id, None] = pieces, pieces - unfit
    since = _booked_since({line.counted_at for line in lines}, session.location, skus)
    later = _counted_since(session, skus)
    for line in lines:
        place = line.sku_id, line.bin_id
        line.now, line.fit = now[place], fit[place]
        booked, corrected = since(line)
        line.difference = _not_yet(line.counted - line.now + booked, corrected)
        line.expected = line.counted - line.difference
        if place in later and later[place] > line.counted_at:
            line.difference, line.problem = 0, OVERRULED


def _not_yet(difference, corrected):
    """Return what of a difference was not `corrected` since: never more than it, nor beyond none."""
    if difference * corrected <= 0:
        return difference
    return difference - (min if difference > 0 else max)(difference, corrected)


def _booked_since(moments, location, skus):
    """Return a function of a line: (pieces that the ledger has after its moment, those of them in corrections)."""
    last = max(moments, default=timezone.now())
    booked = StockEntry.objects.filter(sku__in=skus, location=location, bucket=StockEntry.Bucket.ON_HAND).order_by()
    corrected = Coalesce(Sum("delta", filter=Q(reason__in=UNEXPLAINED)), 0)
    # What all lines share is summed by the database, however long ago the count was.
    shared = booked.filter(at__gt=last).values_list("sku_id", "bin_id").annotate(n=Sum("delta"), corrected=corrected)
    rows = [(*row, None) for row in shared]
    if len(moments) > 1:
        between = booked.filter(at__gt=min(moments), at__lte=last).values_list(
            "sku_id", "bin_id", "delta", "reason", "at"
        )
        rows += [(sku, bin, n, n if reason in UNEXPLAINED else 0, at) for sku, bin, n, reason, at in between]
    by_place = defaultdict(list)
    for sku_id, bin_id, *row in rows:
        for place in {(sku_id, bin_id), (sku_id, None)}:
            by_place[place].append(row)

    def since(line):
        rows = [row for row in by_place[line.sku_id, line.bin_id] if row[2] is None or row[2] > line.counted_at]
        return sum(row[0] for row in rows), sum(row[1] for row in rows)

    return since


def _counted_since(session, skus):
    """Return {(sku id, bin id): the latest moment of which another count of them was posted}."""
    posted = CountLine.objects.filter(session__location=session.location, session__status=CountSession.Status.POSTED)
    posted = posted.filter(sku__in=skus, problem="").exclude(session=session).order_by()
    latest = Max(Coalesce("entered_at", "session__counted_at"))
    return {(sku, bin): at for sku, bin, at in posted.values_list("sku_id", "bin_id").annotate(at=latest)}

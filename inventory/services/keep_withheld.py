"""What is withheld stays out of sale wherever it is carried, and what comes in of such a lot is withheld at once."""

from collections import Counter
from dataclasses import replace

from inventory.models import Bin, Lot, StockEntry
from oms.lib.clock import latest_today, today_at

Bucket = StockEntry.Bucket


def keep_withheld(moves, rows, levels):
    """Return the moves of UNAVAILABLE, each with bin and lot, by which `withheld` of bins follows `moves`.

    `rows` are the [BinStock] of the bins as they are now, `levels` {(sku id, location id): StockLevel}, both
    locked. Pieces that leave a bin are no longer withheld there. Those that come in are, where their lot is
    expired or blocked, as far as nobody was promised them: `withhold` breaks promises, not this.
    """
    places = {(move.sku_id, move.bin_id): move for move in moves if move.bucket == Bucket.ON_HAND}
    changes = Counter()
    for move in moves:
        if move.bucket == Bucket.ON_HAND:
            changes[move.sku_id, move.bin_id, move.lot_id] += move.delta
    gone = Counter({row.key: max(row.withheld - max(row.quantity + changes[row.key], 0), 0) for row in rows})
    come = _come(changes)
    if come:
        _limit(come, gone, places, _free(moves, gone, places, levels))
    gone = {key: -pieces for key, pieces in gone.items()}
    return [
        replace(places[key[:2]], bucket=Bucket.UNAVAILABLE, delta=pieces, lot_id=key[2], key=None, serials=())
        for key, pieces in [*gone.items(), *come.items()]
        if pieces
    ]


def _come(changes):
    """Return {(sku id, bin id, lot id): pieces} of withheld lots that come into bins where they could be sold."""
    come = {key: pieces for key, pieces in changes.items() if pieces > 0 and key[2]}
    lots = Lot.objects.withheld(latest_today()).in_bulk({lot_id for _, _, lot_id in come}) if come else {}
    come = {key: pieces for key, pieces in come.items() if key[2] in lots}
    fit = Bin.objects.exclude(kind=Bin.Kind.QUARANTINE).select_related("location")
    bins = fit.in_bulk({bin_id for _, bin_id, _ in come}) if come else {}
    return {
        (sku_id, bin_id, lot_id): pieces
        for (sku_id, bin_id, lot_id), pieces in come.items()
        if bin_id in bins and lots[lot_id].is_withheld(today_at(bins[bin_id].location))
    }


def _free(moves, gone, places, levels):
    """Return {(sku id, location id): pieces that are neither promised nor unavailable after `moves`}."""
    free = Counter({pair: level.on_hand - level.reserved - level.unavailable for pair, level in levels.items()})
    for move in moves:
        free[move.level] += move.delta if move.bucket == Bucket.ON_HAND else -move.delta
    for key, pieces in gone.items():
        free[places[key[:2]].level] += pieces
    return free


def _limit(come, gone, places, free):
    """Cut `come` to what is `free`; in STAGE, where goods are promised, to what was withheld before it came."""
    stages = set(Bin.objects.filter(pk__in={key[1] for key in come}, kind=Bin.Kind.STAGE).values_list("pk", flat=True))
    carried = Counter()
    for key, pieces in gone.items():
        carried[key[2]] += pieces
    for key in sorted(come):
        level = places[key[:2]].level
        limit = min(free[level], carried[key[2]]) if key[1] in stages else free[level]
        come[key] = max(min(come[key], limit), 0)
        free[level] -= come[key]

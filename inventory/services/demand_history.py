"""What each location sold of each SKU, week by week, and when it had none to sell."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import numpy as np
from django.utils import timezone

from inventory.models import Sku, StockEntry, StockLevel
from oms.lib.plugins import named
from oms.panels import WEEKLY_DEMAND

WEEKS = 104
WEEK = timedelta(days=7)
# So many days of a week without a piece, and what was sold in it says nothing of what was wanted.
MANY_DAYS = 4


@dataclass(frozen=True)
class History:
    """Pairs [(sku id, location id)], and of each its weeks up to the last whole one, the newest last.

    `demand` (pairs, weeks) is pieces, NaN before the first sign of life and where stock was out for most
    of a week; `ordered` the same without those gaps, 0 in their place; `days_out` (pairs, weeks) days
    without a piece to sell.
    """

    pairs: list
    weeks: list
    demand: np.ndarray
    ordered: np.ndarray
    days_out: np.ndarray


def monday(day):
    """Return the Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())


def kept_pairs(sku_ids):
    """Return {(sku id, location id): on hand} of goods that have a book of their own, at places of ours."""
    levels = StockLevel.objects.filter(
        sku__in=sku_ids, sku__kind=Sku.Kind.PHYSICAL, location__is_active=True, location__tracks_stock=True
    )
    rows = levels.order_by("sku_id", "location_id").values_list("sku_id", "location_id", "on_hand")
    return {(sku, location): on_hand for sku, location, on_hand in rows}


def planned_pairs(sku_ids):
    """Return {(sku id, location id): on hand} of what is bought again: goods that are sold, where they are kept.

    What never was anywhere is planned where its analogue is kept. Three statements.
    """
    rows = Sku.objects.active().filter(pk__in=sku_ids).values_list("pk", "analogue_id")
    analogues = dict(rows)
    kept = kept_pairs(analogues)
    started = {sku for sku, _ in kept}
    launches = {sku: other for sku, other in analogues.items() if other and sku not in started}
    places = defaultdict(list)
    for other, place in kept_pairs(launches.values()) if launches else ():
        places[other].append(place)
    return kept | {(sku, place): 0 for sku, other in launches.items() for place in places[other]}


def history(sku_ids, *, week, weeks=WEEKS, kept=None):
    """Return the `History` of the `weeks` before Monday `week`; of the pairs `kept`, or of all planned ones.

    What was sold nobody knows where counts where most of it lies now. Seven statements.
    """
    kept = planned_pairs(sku_ids) if kept is None else kept
    pairs = list(kept)
    first = week - weeks * WEEK
    begin, end = _moment(first), _moment(week)
    sold = named(WEEKLY_DEMAND)(sku_ids, since=begin, until=end)
    days_out, begun = _stock_outs(sku_ids, pairs, begin=begin, end=end)
    ordered = np.zeros((len(pairs), weeks))
    row_of = {pair: row for row, pair in enumerate(pairs)}
    fullest = {sku: place for (sku, place), _ in sorted(kept.items(), key=lambda item: item[1])}
    for (sku, location, day), pieces in sold.items():
        pair = sku, location or fullest.get(sku)
        if pair in row_of:
            ordered[row_of[pair], (day - first).days // 7] += pieces
    demand = ordered.copy()
    for row, pair in enumerate(pairs):
        seen = np.flatnonzero(ordered[row] > 0)
        start = min(begun.get(pair, weeks), seen[0] if len(seen) else weeks)
        demand[row, :start] = np.nan
    demand[days_out >= MANY_DAYS] = np.nan
    return History(pairs, [first + number * WEEK for number in range(weeks)], demand, ordered, days_out)


def _stock_outs(sku_ids, pairs, *, begin, end):
    """Return (days out, (pairs, weeks); {pair: week of its first entry}), both by the ledger's balances.

    A day is out when its balance at the end, and at the end of the day before, leaves nothing to sell.
    """
    weeks = (end - begin).days // 7 + ((end - begin).seconds > 43_200)
    days = weeks * 7
    nothing = np.zeros((len(pairs), days), dtype=bool)
    row_of = {pair: row for row, pair in enumerate(pairs)}
    begun = {}
    for pair, moves in _moves(sku_ids, end).items():
        if pair in row_of:
            begun[pair] = max(_day(moves[0][0], begin), 0) // 7
            nothing[row_of[pair]] = _days_empty(moves, begin, days)
    before = np.concatenate([nothing[:, :1], nothing[:, :-1]], axis=1)
    return (nothing & before).reshape(len(pairs), weeks, 7).sum(axis=2), begun


def _days_empty(moves, begin, days):
    """Return (days,): whether nothing could be sold at the end of each day; days before the first entry are not."""
    empty = np.zeros(days, dtype=bool)
    balance = {}
    for number, (at, bucket, after) in enumerate(moves):
        balance[bucket] = after
        left = balance.get("on_hand", 0) - balance.get("reserved", 0) - balance.get("unavailable", 0)
        following = moves[number + 1][0] if number + 1 < len(moves) else None
        until = days if following is None else _day(following, begin)
        empty[max(_day(at, begin), 0) : max(until, 0)] = left <= 0
    return empty


def _moves(sku_ids, end):
    """Return {pair: [(moment, bucket, balance after)]} of the ledger before `end`, oldest first."""
    entries = StockEntry.objects.filter(sku__in=sku_ids, at__lt=end).order_by("sku_id", "location_id", "pk")
    moves = defaultdict(list)
    for sku, location, *move in entries.values_list(
        "sku_id", "location_id", "at", "bucket", "balance_after"
    ).iterator():
        moves[sku, location].append(tuple(move))
    return moves


def _day(moment, begin):
    return (timezone.localtime(moment).date() - timezone.localtime(begin).date()).days


def _moment(day):
    return datetime.combine(day, time.min, timezone.get_current_timezone())

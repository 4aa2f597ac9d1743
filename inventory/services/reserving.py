"""Changing `reserved` of many levels at once: one statement on PostgreSQL, portable updates elsewhere.

PostgreSQL needs one round trip and a twelfth of the ORM's CPU; both paths do the same.
"""

from collections import Counter
from dataclasses import dataclass

from django.db import connection
from django.db.models import F
from django.utils import timezone

from inventory.models import StockEntry, StockLevel
from inventory.services.note_change import note_changes
from oms.lib.cursors import prepared_cursor
from oms.lib.insert import insert

FITS = "(delta <= 0 OR on_hand - reserved - unavailable - safety - %(keep)s >= delta) AND reserved + delta >= 0"
LEDGER = """, noted AS (
    INSERT INTO inventory_stockchange (sku_id, at) SELECT DISTINCT sku_id, %(at)s::timestamptz FROM changed
)
INSERT INTO inventory_stockentry (sku_id, location_id, bucket, delta, balance_after, reason, subject, actor, at)
SELECT sku_id, location_id, 'reserved', delta, reserved, %(reason)s, %(subject)s, %(actor)s, %(at)s FROM changed
ORDER BY sku_id, location_id
RETURNING 1
"""
# Most orders want one level: looked at and written as it is after the wait for other buyers.
ONE = f"""
WITH changed AS (
    UPDATE inventory_stocklevel level SET reserved = reserved + delta
    FROM (SELECT %(delta)s::int AS delta) want
    WHERE sku_id = %(sku)s AND location_id = %(location)s AND {FITS}
    RETURNING sku_id, location_id, delta, reserved
) {LEDGER}"""
# Several are locked in (sku, location) order first, so that two buyers never wait for each other; the
# update then checks each row as it is after the wait.
SEVERAL = f"""
WITH want AS (
    SELECT * FROM unnest(%(skus)s::bigint[], %(locations)s::bigint[], %(deltas)s::int[])
        AS w (sku_id, location_id, delta)
), locked AS MATERIALIZED (
    SELECT level.id, want.delta FROM want
    JOIN inventory_stocklevel level USING (sku_id, location_id)
    ORDER BY level.sku_id, level.location_id FOR NO KEY UPDATE OF level
), changed AS (
    UPDATE inventory_stocklevel level SET reserved = reserved + locked.delta
    FROM locked WHERE level.id = locked.id AND {FITS}
    RETURNING level.sku_id, level.location_id, locked.delta, level.reserved
) {LEDGER}"""

# Of many subjects at once: each level once, by the sum of what they take, where the neediest of them is served.
ALL = """
WITH want AS (
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::int[]) AS w (sku_id, location_id, delta, need)
), locked AS MATERIALIZED (
    SELECT level.id, want.delta, want.need FROM want
    JOIN inventory_stocklevel level USING (sku_id, location_id)
    ORDER BY level.sku_id, level.location_id FOR NO KEY UPDATE OF level
)
UPDATE inventory_stocklevel level SET reserved = reserved + locked.delta
FROM locked WHERE level.id = locked.id AND on_hand - reserved - unavailable - safety >= locked.need
RETURNING level.sku_id, level.location_id, level.reserved
"""
EACH = """
UPDATE inventory_stocklevel SET reserved = reserved + %s
WHERE sku_id = %s AND location_id = %s AND on_hand - reserved - unavailable - safety >= %s
RETURNING reserved
"""


@dataclass(frozen=True)
class Wish:
    """What `subject` takes, `pieces` {(sku id, location id): pieces}, of levels of which it must leave `keep`."""

    subject: str
    pieces: dict
    keep: int = 0


def reserve_all(wishes, *, actor):
    """Add the pieces of `wishes` ([Wish], as if one came after the other) to `reserved`, with a ledger entry each.

    Returns whether all were served; if not, the caller rolls back. Two statements on PostgreSQL.
    """
    deltas, needs = Counter(), {}
    for wish in wishes:
        for level, pieces in wish.pieces.items():
            deltas[level] += pieces
            needs[level] = max(needs.get(level, 0), deltas[level] + wish.keep)
    levels = sorted(deltas)
    change = _all_at_once if connection.vendor == "postgresql" else _each
    reserved = change(levels, deltas, needs) if levels else {}
    if len(reserved) < len(levels):
        return False
    balances = {level: reserved[level] - deltas[level] for level in levels}
    insert([_entry(wish, level, balances, actor) for wish in wishes for level in sorted(wish.pieces)])
    note_changes(sku_id for sku_id, _ in levels)
    return True


def _all_at_once(levels, deltas, needs):
    skus, locations = [sku for sku, _ in levels], [location for _, location in levels]
    with connection.cursor() as cursor:
        cursor.execute(ALL, [skus, locations, [deltas[level] for level in levels], [needs[level] for level in levels]])
        return {(sku_id, location_id): reserved for sku_id, location_id, reserved in cursor.fetchall()}


def _each(levels, deltas, needs):
    reserved = {}
    with connection.cursor() as cursor:
        for level in levels:
            cursor.execute(EACH, [deltas[level], *level, needs[level]])
            for (balance,) in cursor.fetchall():
                reserved[level] = balance
    return reserved


def _entry(wish, level, balances, actor):
    balances[level] += wish.pieces[level]
    sku_id, location_id = level
    return StockEntry(
        sku_id=sku_id,
        location_id=location_id,
        bucket=StockEntry.Bucket.RESERVED,
        delta=wish.pieces[level],
        balance_after=balances[level],
        reason="reserve",
        subject=wish.subject,
        actor=actor,
    )


def change_reserved(deltas, *, reason, subject, actor, keep=0):
    """Add `deltas` ({(sku id, location id): pieces}) to `reserved`, with a ledger entry each.

    A level whose available pieces do not cover its delta (whose reserved ones, for a negative one) is
    left as it is; `keep` pieces of each level are not for this taker. Returns whether all were changed;
    if not, the caller rolls back.
    """
    if not deltas:
        return True
    levels = sorted(deltas)
    change = in_one_statement if connection.vendor == "postgresql" else one_by_one
    return change(levels, deltas, reason, subject, actor, keep) == len(levels)


def in_one_statement(levels, deltas, reason, subject, actor, keep):
    words = {"reason": reason, "subject": subject, "actor": actor, "keep": keep, "at": timezone.now()}
    skus, locations = [sku for sku, _ in levels], [location for _, location in levels]
    with prepared_cursor() as cursor:
        if len(levels) == 1:
            words |= {"sku": skus[0], "location": locations[0], "delta": deltas[levels[0]]}
            cursor.execute(ONE, words)
        else:
            words |= {"skus": skus, "locations": locations, "deltas": [deltas[level] for level in levels]}
            cursor.execute(SEVERAL, words)
        return cursor.rowcount


def one_by_one(levels, deltas, reason, subject, actor, keep):
    entries = []
    for sku_id, location_id in levels:
        delta = deltas[sku_id, location_id]
        level = StockLevel.objects.filter(sku=sku_id, location=location_id)
        fits = (
            level.filter(reserved__gte=-delta)
            if delta < 0
            else level.filter(on_hand__gte=F("reserved") + F("unavailable") + F("safety") + keep + delta)
        )
        if not fits.update(reserved=F("reserved") + delta):
            continue
        balance = level.values_list("reserved", flat=True).get()
        entries.append(
            StockEntry(
                sku_id=sku_id,
                location_id=location_id,
                bucket=StockEntry.Bucket.RESERVED,
                delta=delta,
                balance_after=balance,
                reason=reason,
                subject=subject,
                actor=actor,
            )
        )
    StockEntry.objects.bulk_create(entries)
    note_changes(entry.sku_id for entry in entries)
    return len(entries)

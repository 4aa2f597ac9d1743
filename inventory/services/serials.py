"""The only writer of serials: where each piece with a number of its own is, by the ledger's entries.

`posting` calls `follow` with every entry of a SKU that is tracked by serial, the level locked.
"""

from collections import defaultdict

from inventory.models import Bin, Serial, SerialEntry, Sku, StockEntry
from oms.lib.commands import command
from oms.lib.errors import Invalid
from oms.lib.text import check_text

State = Serial.State
# What became of a piece that left; by any other reason it is scrapped.
GONE = {"ship": State.SHIPPED, "transfer_out": State.IN_TRANSIT, "to_supplier": State.RETURNED}


def new(sku, codes):
    """Return the unsaved [Serial] of `codes` as scanned; raises Invalid for a number that is wrong or known."""
    clean = [check_text(code, max_length=40, field="serials").upper() for code in codes]
    if not all(clean):
        raise Invalid("Scan each serial number.", field="serials")
    twice = sorted({code for code in clean if clean.count(code) > 1})
    if twice:
        raise Invalid(f"Serial {twice[0]} was scanned twice.", field="serials")
    known = Serial.objects.filter(sku=sku, code__in=clean).order_by("pk").first()
    if known:
        raise Invalid(f"Serial {known} of {sku} is known already: it {known.whereabouts}.", field="serials")
    return [Serial(sku=sku, code=code) for code in clean]


@command
def found_in(serial, bin):
    """A serial was scanned in `bin`: it lies there, and one that was only assumed there lies where it was."""
    if serial.bin_id == bin.pk:
        Serial.objects.filter(pk=serial.pk).update(is_assumed=False)
        return
    others = Serial.objects.filter(sku=serial.sku_id, bin=bin, state=State.IN_STOCK, is_assumed=True)
    other = others.order_by("pk").first()
    if serial.location_id != bin.location_id or other is None:
        raise Invalid(f"Serial {serial} is not known to lie in {bin}: it was not picked for this.", field="serial")
    Serial.objects.filter(pk=other.pk).update(bin=serial.bin_id)
    Serial.objects.filter(pk=serial.pk).update(bin=bin, is_assumed=False)


@command
def found_for(serial, other):
    """A serial that was only assumed to be written off was scanned where `other` was taken to lie: that one is gone."""
    where = ("state", "bin_id", "location_id", "subject")
    there, gone = [[getattr(row, name) for name in where] for row in (other, serial)]
    for row, values in ((serial, there), (other, gone)):
        for name, value in zip(where, values, strict=True):
            setattr(row, name, value)
    serial.is_assumed, other.is_assumed = False, True
    Serial.objects.bulk_update([serial, other], ["state", "bin", "location", "subject", "is_assumed"])


@command
def doubt(ids):
    """What was scanned was taken out again: whether these serials are the ones that lie there is not known."""
    Serial.objects.filter(pk__in=ids, state=State.IN_STOCK).update(is_assumed=True)


def follow(entries, moves, levels):
    """Move the serials that saved `entries` ([StockEntry], of `moves`) are about; one statement each of few.

    Raises Invalid where pieces came in whose numbers nobody knows.
    """
    ours = [
        (entry, move)
        for entry, move in zip(entries, moves, strict=True)
        if entry.bucket == StockEntry.Bucket.ON_HAND and levels[move.level].sku.tracking == Sku.Tracking.SERIAL
    ]
    pool = defaultdict(list)
    for entry, move in ours:
        if entry.delta < 0:
            _take(entry, move, pool)
        else:
            _put(entry, move, pool, levels[move.level].sku)


def _take(entry, move, pool):
    """Take the named serials out of the entry's bin, or else the oldest there."""
    here = Serial.objects.filter(sku=entry.sku_id, bin=entry.bin_id, state=State.IN_STOCK)
    if move.serials:
        rows = list(here.filter(pk__in=[serial.pk for serial in move.serials]))
    else:
        # Those that came here for the same order or transfer go first.
        there = sorted(here.order_by("pk"), key=lambda row: row.subject != (entry.subject or None))
        rows = there[: -entry.delta]
        for row in rows:
            row.is_assumed = row.is_assumed or len(there) > len(rows)
    if len(rows) != -entry.delta:
        raise Invalid(f"The serials of {entry.sku} in {entry.bin} are not those: scan them again.", field="serials")
    for row in rows:
        row.state, row.bin, row.location = GONE.get(entry.reason, State.SCRAPPED), None, None
        row.is_assumed = row.is_assumed and not move.serials
    _save(rows, entry)
    pool[entry.sku_id] += rows


def _put(entry, move, pool, sku):
    """Put serials into the entry's bin: the named, those just taken, or those that left for the same subject."""
    rows = list(move.serials)
    for row in rows:
        row.is_assumed = False
    if not rows:
        rows, pool[entry.sku_id] = pool[entry.sku_id][: entry.delta], pool[entry.sku_id][entry.delta :]
    if len(rows) < entry.delta and entry.subject:
        away = Serial.objects.filter(sku=sku, subject=entry.subject).exclude(state=State.IN_STOCK).order_by("pk")
        # One that was written off for it was never sent: it comes last.
        away = sorted(away.exclude(pk__in=[row.pk for row in rows]), key=lambda row: row.state == State.SCRAPPED)
        wanted = entry.delta - len(rows)
        back, others = away[:wanted], {row.state for row in away[wanted:]}
        for row in back:
            row.is_assumed = row.is_assumed or row.state in others
        rows += back
    if len(rows) != entry.delta:
        raise Invalid(f"{sku} has serial numbers: receive it, and scan each of the {entry.delta}.", field="serials")
    bin = Bin.objects.get(pk=entry.bin_id)
    for row in rows:
        row.state, row.bin, row.location = State.IN_STOCK, bin, bin.location
    Serial.objects.bulk_create([row for row in rows if row.pk is None])
    _save(rows, entry)


def _save(rows, entry):
    for row in rows:
        row.subject = entry.subject
    Serial.objects.bulk_update(rows, ["state", "bin", "location", "subject", "is_assumed"])
    SerialEntry.objects.bulk_create([SerialEntry(serial=row, entry=entry) for row in rows])

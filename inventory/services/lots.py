"""Which lots pieces are of where nobody said so; only `posting` comes here, the levels locked.

Out of a bin go first the lots that the same order or transfer brought there, then those that expire
first; expired and blocked ones last. What comes in is of the lots that went out, just now or before,
for the same subject.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import date

from django.db.models import Sum

from inventory.models import BinStock, Sku, StockEntry
from inventory.services.keep_withheld import keep_withheld
from oms.lib.clock import today_at

ON_HAND = StockEntry.Bucket.ON_HAND


def with_lots(moves, levels, *, subject):
    """Return `moves` with their lots, split where one is of several; those of other SKUs as they are.

    With them, moves of what is withheld (`keep_withheld`). No query without a SKU that is tracked by lot.
    """
    places = {
        (move.sku_id, move.bin_id)
        for move in moves
        if move.bin_id and levels[move.level].sku.tracking == Sku.Tracking.LOT
    }
    if not places:
        return moves
    rows = _rows(places)
    brought, left = _booked(places, subject)
    naming = _Naming(rows, brought, left)
    named = []
    for move in moves:
        named += naming.parts(move) if (move.sku_id, move.bin_id) in places else [move]
    return named + keep_withheld(named, rows, levels)


class _Naming:
    """The simulation of moves, one after the other, on the lots of the bins they touch."""

    def __init__(self, rows, brought, left):
        self.held = defaultdict(dict)
        for row in rows:
            self.held[row.sku_id, row.bin_id][row.lot_id] = row.quantity
        self.order = {row.key: _order(row, brought) for row in rows}
        self.left = left  # {sku id: {lot id: pieces that went out for the subject before}}
        self.pool = defaultdict(lambda: defaultdict(int))  # {sku id: {lot id: pieces that went out just now}}

    def parts(self, move):
        shares = [(move.lot_id, move.delta)] if move.lot_id else self._shares(move)
        held = self.held[move.sku_id, move.bin_id]
        for lot_id, delta in shares:
            held[lot_id] = held.get(lot_id, 0) + delta
            if delta < 0:
                self.pool[move.sku_id][lot_id] -= delta
            else:
                self._comes_back(move.sku_id, lot_id, delta)
        return [
            replace(move, lot_id=lot_id, delta=delta, key=None if number else move.key)
            for number, (lot_id, delta) in enumerate(shares)
        ]

    def _comes_back(self, sku_id, lot_id, pieces):
        """Take `pieces` off what is out, of now and then of before: the next move brings others."""
        for out in (self.pool[sku_id], self.left[sku_id]):
            taken = min(pieces, max(out[lot_id], 0))
            out[lot_id] -= taken
            pieces -= taken

    def _shares(self, move):
        """Return [(lot id or None, delta)] of a move that names no lot."""
        if move.delta < 0:
            place = move.sku_id, move.bin_id
            lots = sorted(self.held[place].items(), key=lambda item: self.order.get((*place, item[0]), (2, date.max)))
        else:
            lots = [*self.pool[move.sku_id].items(), *self.left[move.sku_id].items()]
        shares, missing, sign = [], abs(move.delta), 1 if move.delta > 0 else -1
        for lot_id, pieces in lots:
            taken = min(missing, pieces)
            if taken > 0:
                shares.append((lot_id, sign * taken))
                missing -= taken
        return shares + ([(None, sign * missing)] if missing else [])


def _rows(places):
    found = BinStock.objects.filter(sku__in={sku for sku, _ in places}, bin__in={bin for _, bin in places})
    rows = found.select_related("lot", "bin__location").order_by("pk")
    return [row for row in rows if (row.sku_id, row.bin_id) in places]


def _order(row, brought):
    """Return the sort key of a row: of the same subject, then first expired first out, withheld last."""
    if row.key in brought:
        return -1, date.min
    is_withheld = row.lot is not None and row.lot.is_withheld(today_at(row.bin.location))
    return int(is_withheld), (row.lot and row.lot.expires_on) or date.max


def _booked(places, subject):
    """Return what the ledger says of `subject`: {(sku, bin, lot)} it brought, {sku: {lot: pieces}} it took out."""
    brought, left = set(), defaultdict(lambda: defaultdict(int))
    if not subject:
        return brought, left
    entries = StockEntry.objects.filter(subject=subject, sku__in={sku for sku, _ in places}, lot__isnull=False)
    entries = entries.filter(bucket=ON_HAND)
    rows = entries.order_by().values_list("sku_id", "bin_id", "lot_id").annotate(n=Sum("delta"))
    for sku_id, bin_id, lot_id, pieces in rows:
        if pieces > 0:
            brought.add((sku_id, bin_id, lot_id))
        left[sku_id][lot_id] -= pieces
    return brought, left

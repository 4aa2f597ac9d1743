"""What stock is worth and how old it is at a moment, computed from the ledger and what receipts cost.

One SKU is followed through all its locations at a time, so memory holds one SKU's layers, however long
the ledger. It says what the book said at that moment: what was corrected later is not in it.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.utils import timezone

from inventory.models import Location, ReceiptLine, Sku, StockEntry
from inventory.services.posting import ON_HAND
from inventory.services.stock import CARRIES
from inventory.valuation.pile import AGES, Pile
from oms.lib.chunks import chunks
from oms.lib.money import ZERO

SKUS_AT_ONCE = 500


@dataclass(frozen=True)
class Worth:
    """Pieces of a SKU (its id) at a location (its id; None: on the way between two), both values, ages in AGES."""

    sku_id: int
    location_id: int | None
    pieces: int
    average: Decimal
    fifo: Decimal
    ages: tuple = (0,) * (len(AGES) + 1)

    def __add__(self, other):
        ages = tuple(map(sum, zip(self.ages, other.ages, strict=True)))
        sums = self.pieces + other.pieces, self.average + other.average, self.fifo + other.fifo
        return Worth(self.sku_id, self.location_id, *sums, ages)


def worth_at(moment, *, sku=None):
    """Yield Worth of each SKU and location with pieces at `moment`, by SKU; of one `sku` only where given."""
    skus = Sku.objects.filter(pk=sku.pk) if sku else Sku.objects.filter(kind=Sku.Kind.PHYSICAL)
    ids = skus.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=SKUS_AT_ONCE)
    today = timezone.localtime(moment).date()
    for sku_ids in chunks(ids, SKUS_AT_ONCE):
        costs = _receipt_costs(sku_ids, moment)
        entries = StockEntry.objects.recorded_by(moment).filter(sku__in=sku_ids, bucket=ON_HAND)
        rows = entries.exclude(reason__in=CARRIES).order_by("sku_id", "pk")
        rows = rows.values_list("sku_id", "location_id", "delta", "reason", "subject", "key", "unit_cost", "at")
        for sku_id, of_sku in groupby(rows.iterator(chunk_size=5000), key=lambda row: row[0]):
            yield from _followed(sku_id, of_sku, costs, today)


def totals(rows):
    """Return (Worth in all, {location id; None: on the way: Worth}) of `rows` (iterable of Worth)."""
    all_in_all = Worth(0, None, 0, ZERO, ZERO)
    by_place = defaultdict(lambda: Worth(0, None, 0, ZERO, ZERO))
    for row in rows:
        all_in_all += row
        by_place[row.location_id] += row
    places = Location.objects.in_bulk([pk for pk in by_place if pk])
    return all_in_all, dict(sorted(by_place.items(), key=lambda item: str(places.get(item[0], "~"))))


def _followed(sku_id, rows, costs, today):
    """Follow one SKU through its entries; yields Worth of its locations, then of what is on the way."""
    piles, on_the_way = defaultdict(Pile), defaultdict(Pile)
    for _, location_id, delta, reason, subject, key, unit_cost, at in rows:
        pile, way = piles[location_id], on_the_way[subject] if reason.startswith("transfer") else None
        if delta < 0:
            layers, value = pile.take_out(-delta)
            if reason == "transfer_out":
                way.join(layers, value)
        elif reason == "unship":
            pile.put_back(delta, _cost(pile, unit_cost), at)
        else:
            rest = delta - _arrived(pile, way, delta) if reason == "transfer_in" else delta
            if rest:
                pile.take_in(rest, costs.get(key, _cost(pile, unit_cost)), at)
    yield from _worths(sku_id, piles, on_the_way, today)


def _arrived(pile, way, pieces):
    """Let `pieces` join a pile from the way, as old and dear as they left; returns how many were on it."""
    layers, value = way.take_out(pieces)
    pile.join(layers, value)
    return sum(count for count, _, _ in layers)


def _worths(sku_id, piles, on_the_way, today):
    for location_id, pile in sorted(piles.items()):
        if pile.pieces:
            yield _worth(sku_id, location_id, pile, today)
    for pile in on_the_way.values():
        if pile.pieces:
            yield _worth(sku_id, None, pile, today)


def _worth(sku_id, location_id, pile, today):
    return Worth(sku_id, location_id, pile.pieces, pile.value, pile.fifo_value, tuple(pile.ages(today)))


def _cost(pile, unit_cost):
    """What nobody paid for now costs what the book said then; before the book said anything, as the others there."""
    return pile.average if unit_cost is None else unit_cost


def _receipt_costs(sku_ids, moment):
    """Return {ledger key: what one piece cost} of receipts, with freight and duty where known at `moment`."""
    costs = {}
    lines = ReceiptLine.objects.filter(sku__in=sku_ids, at__lte=moment).select_related("receipt").order_by()
    for line in lines.iterator(chunk_size=2000):
        is_landed = line.landed_cost is not None and line.receipt.costed_at and line.receipt.costed_at <= moment
        costs[line.good_key] = costs[line.damaged_key] = line.landed_cost if is_landed else line.cost
    return costs

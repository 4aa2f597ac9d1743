"""What can be promised now: on hand − reserved − unavailable − safety, never below nothing."""

from collections import defaultdict
from dataclasses import dataclass, field

from inventory.models import Location, Sku, StockLevel
from inventory.services import kits


@dataclass(frozen=True)
class Sellable:
    """How many pieces of `sku` can be sold, in all and {Location: pieces}; None: without end."""

    sku: Sku
    pieces: int | None
    at: dict = field(default_factory=dict)


def available(sku_ids, *, locations=None):
    """Return {(sku id, location id): pieces} at `locations` (ids; None: all active ones), in one query.

    Only levels that exist are in it; kits have none.
    """
    levels = StockLevel.objects.with_available().filter(sku__in=sku_ids)
    levels = levels.filter(location__is_active=True) if locations is None else levels.filter(location__in=locations)
    rows = levels.order_by().values_list("sku_id", "location_id", "available")
    return {(sku_id, location_id): max(pieces, 0) for sku_id, location_id, pieces in rows}


def sellable(codes, *, locations=None, keep=0):
    """Return {upper code: Sellable} of the SKUs `codes` at `locations` (ids; None: all active ones).

    Codes without a SKU, or whose SKU is not sold any more, are left out. Of a kit, per location what
    the parts there make, and in all what the parts of all locations make. Downloads, services and goods
    of a location that does not count its stock are without end. `keep` pieces of each level are not for
    sale: a channel's buffer. Four queries, however many SKUs.
    """
    skus = Sku.objects.active().by_codes(codes)
    parts = kits.components([sku.pk for sku in skus.values() if sku.is_kit])
    places = Location.objects.active().exclude(kind=Location.Kind.DIGITAL)
    places = list(places if locations is None else places.filter(pk__in=locations))
    goods = {sku.pk for sku in skus.values() if sku.is_stocked}
    goods |= {part.component_id for group in parts.values() for part in group}
    book = _Book(places, available(goods, locations=[place.pk for place in places]), keep)
    return {code: book.sellable(sku, parts.get(sku.pk, [])) for code, sku in skus.items()}


class _Book:
    """The levels of some SKUs at some places, as numbers."""

    def __init__(self, places, levels, keep):
        self.places = places
        self._levels = defaultdict(dict)
        for (sku_id, location_id), pieces in levels.items():
            self._levels[sku_id][location_id] = max(pieces - keep, 0)

    def sellable(self, sku, parts):
        if not sku.is_kit:
            return Sellable(sku, self.in_all(sku), {place: self.at(sku, place) for place in self.places})
        at = {place: kits.buildable(parts, lambda part, place=place: self.at(part, place)) for place in self.places}
        return Sellable(sku, kits.buildable(parts, self.in_all), at)

    def at(self, sku, place):
        if not (sku.is_stocked and place.tracks_stock):
            return None
        return self._levels[sku.pk].get(place.pk, 0)

    def in_all(self, sku):
        pieces = [self.at(sku, place) for place in self.places]
        return None if None in pieces or not sku.is_stocked else sum(pieces)

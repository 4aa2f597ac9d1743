"""What can be promised now: on hand − reserved − unavailable − safety, never below nothing."""

from dataclasses import dataclass, field

from django.db.models import Aggregate, JSONField
from django.db.models.functions import Greatest

from inventory.models import Location, Sku, StockLevel
from inventory.models.stock import AVAILABLE
from inventory.services import kits


@dataclass(frozen=True)
class Sellable:
    """How many pieces of `sku` can be sold, in all and {location code: pieces}; None: without end."""

    sku: Sku
    pieces: int | None
    at: dict = field(default_factory=dict)


class ObjectOf(Aggregate):
    """One JSON object {text: number} of a group's rows: 50,000 levels come as 1,000 rows, at a third of the CPU."""

    function = "JSON_OBJECT_AGG"  # jsonb sorts the keys, in three times the time
    template = "%(function)s(%(expressions)s)::text"
    output_field = JSONField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(
            compiler, connection, function="JSON_GROUP_OBJECT", template="%(function)s(%(expressions)s)", **context
        )


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
    skus = Sku.objects.active().only("code", "kind").by_codes(codes)
    parts = kits.components([sku.pk for sku in skus.values() if sku.is_kit])
    places = Location.objects.active().exclude(kind=Location.Kind.DIGITAL)
    places = list(places if locations is None else places.filter(pk__in=locations))
    goods = {sku.pk for sku in skus.values() if sku.is_stocked}
    goods |= {part.component_id for group in parts.values() for part in group}
    book = _Book(places, _levels(goods, [place for place in places if place.tracks_stock], keep))
    return {code: book.sellable(sku, parts.get(sku.pk, [])) for code, sku in skus.items()}


def _levels(sku_ids, places, keep):
    """Return {sku id: {location code: pieces}} of the levels that exist, less `keep` of each."""
    levels = StockLevel.objects.filter(sku__in=sku_ids, location__in=places).order_by().values_list("sku_id")
    return dict(levels.annotate(pieces=ObjectOf("location__code", Greatest(AVAILABLE - keep, 0))))


class _Book:
    """The levels of some SKUs at some places, as numbers."""

    def __init__(self, places, levels):
        self._without_end = {place.code: None for place in places}
        self._nothing = {place.code: 0 if place.tracks_stock else None for place in places}
        self._levels = levels

    def sellable(self, sku, parts):
        if not sku.is_kit:
            at = self.at(sku)
            return Sellable(sku, _in_all(sku, at), at)
        stock = {part.component_id: self.at(part.component) for part in parts}
        at = {code: kits.buildable(parts, lambda part, code=code: stock[part.pk][code]) for code in self._nothing}
        return Sellable(sku, kits.buildable(parts, lambda part: _in_all(part, stock[part.pk])), at)

    def at(self, sku):
        """Return {location code: pieces}."""
        return self._nothing | self._levels.get(sku.pk, {}) if sku.is_stocked else self._without_end


def _in_all(sku, at):
    """Return how many pieces of a SKU there are in all, of {location code: pieces}; None: without end."""
    return None if not sku.is_stocked or None in at.values() else sum(at.values())

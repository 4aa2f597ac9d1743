"""What can be promised now: on hand − reserved − unavailable − safety, never below nothing."""

import json
from dataclasses import dataclass, field
from struct import unpack
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Aggregate, BigIntegerField, BinaryField, ExpressionWrapper, F
from django.db.models.functions import Greatest, Upper

from inventory.models import Location, Sku, StockLevel
from inventory.models.stock import AVAILABLE
from inventory.services import kits
from oms.lib.among import among
from oms.lib.cursors import binary_cursor

LEVELS = """SELECT sku_id, location_id, on_hand - reserved - unavailable - safety FROM inventory_stocklevel
    WHERE sku_id IN ({skus}) AND location_id IN ({places})"""
ACTIVE = "SELECT id FROM inventory_location WHERE is_active"


class Good(NamedTuple):
    """What this module asks of a SKU; a thousand rows of the model take as long as all their levels."""

    pk: int
    code: str
    kind: str
    made_at_id: int | None

    @property
    def is_kit(self):
        return self.kind == Sku.Kind.KIT

    @property
    def is_stocked(self):
        return self.kind == Sku.Kind.PHYSICAL


@dataclass(frozen=True)
class Sellable:
    """How many pieces of `sku` can be sold, in all and {location code: pieces}; None: without end."""

    sku: "Good"
    pieces: int | None
    at: dict = field(default_factory=dict)


class Packed(Aggregate):
    """The levels of a group as one value, each a number: its location, then in 32 bits `pieces`.

    50,000 levels come as 1,000 rows, at a third of their time.
    """

    template = "STRING_AGG(INT8SEND(%(expressions)s), '')"
    output_field = BinaryField()

    def __init__(self, pieces):
        number = F("location_id").bitleftshift(32).bitor(pieces)
        super().__init__(ExpressionWrapper(number, BigIntegerField()))

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="JSON_GROUP_ARRAY(%(expressions)s)", **context)


def available(sku_ids, *, locations=None):
    """Return {(sku id, location id): pieces} at `locations` (ids; None: all active ones), in one query.

    Only levels that exist are in it; kits have none.
    """
    skus, places = list(sku_ids), None if locations is None else list(locations)
    if not skus or places == []:
        return {}
    where = ACTIVE if places is None else _marks(places)
    with connection.cursor() as cursor:
        # Each order asks this: its text is made here, as the ORM would take longer than the database.
        cursor.execute(LEVELS.format(skus=_marks(skus), places=where), [*skus, *(places or [])])
        return {(sku_id, location_id): max(pieces, 0) for sku_id, location_id, pieces in cursor.fetchall()}


def _marks(values):
    return ", ".join(["%s"] * len(values))


def sellable(codes, *, locations=None, keep=0):
    """Return {upper code: Sellable} of the SKUs `codes` at `locations` (ids; None: all active ones).

    Codes without a SKU, or whose SKU is not sold any more, are left out. Of a kit, per location what
    the parts there make, and in all what the parts of all locations make. Downloads, services, goods
    of a location that does not count its stock, and what is made to order there, are without end. `keep`
    pieces of each level are not for sale: a channel's buffer. Four queries, however many SKUs.
    """
    wanted = among("upper_code", {code.upper() for code in codes})
    rows = Sku.objects.active().annotate(upper_code=Upper("code")).filter(wanted).order_by()
    skus = {upper: Good(*row) for upper, *row in rows.values_list("upper_code", "pk", "code", "kind", "made_at_id")}
    parts = kits.components([sku.pk for sku in skus.values() if sku.is_kit])
    places = Location.objects.active().exclude(kind=Location.Kind.DIGITAL)
    places = list(places if locations is None else places.filter(pk__in=locations))
    goods = {sku.pk for sku in skus.values() if sku.is_stocked}
    goods |= {part.component_id for group in parts.values() for part in group}
    counted = [place for place in places if place.tracks_stock]
    book = _Book(places, _levels(goods, counted, keep, is_all=locations is None))
    return {code: book.sellable(sku, parts.get(sku.pk, [])) for code, sku in skus.items()}


def _levels(sku_ids, places, keep, *, is_all):
    """Return {sku id: {location code: pieces}} of the levels that exist at `places`, less `keep` of each.

    Of all places, levels of the others are dropped here: a condition costs more than the few that are closed.
    """
    codes = {place.pk: place.code for place in places}
    levels = StockLevel.objects.filter(among("sku_id", sku_ids))
    if not is_all:
        levels = levels.filter(among("location_id", codes))
    levels = levels.order_by().values_list("sku_id").annotate(packed=Packed(Greatest(AVAILABLE - keep, 0)))
    try:
        sql, parameters = levels.query.sql_with_params()
    except EmptyResultSet:
        return {}
    with binary_cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    found = {}
    for sku_id, packed in rows:
        at, pieces = _unpacked(packed)
        found[sku_id] = dict(zip(map(codes.get, at), pieces, strict=True))
        found[sku_id].pop(None, None)
    return found


def _unpacked(packed):
    """Return (ids of the locations, their pieces) of what Packed gave."""
    if isinstance(packed, bytes):
        halves = unpack(f">{len(packed) // 4}I", packed)
        return halves[::2], halves[1::2]
    numbers = json.loads(packed)
    return [number >> 32 for number in numbers], [number & 0xFFFFFFFF for number in numbers]


class _Book:
    """The levels of some SKUs at some places, as numbers."""

    def __init__(self, places, levels):
        self._codes = {place.pk: place.code for place in places}
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
        if not sku.is_stocked:
            return self._without_end
        levels = self._levels.get(sku.pk, {})
        if sku.made_at_id in self._codes:
            return self._nothing | levels | {self._codes[sku.made_at_id]: None}
        return levels if len(levels) == len(self._nothing) else self._nothing | levels


def _in_all(sku, at):
    """Return how many pieces of a SKU there are in all, of {location code: pieces}; None: without end."""
    return None if not sku.is_stocked or None in at.values() else sum(at.values())

"""Where the pieces of one SKU are: each location's buckets, and what is on its way there."""

from dataclasses import dataclass, field

from django.db.models import F, Sum

from inventory.models import Bin, BinStock, Location, PurchaseLine, StockLevel, Transfer, TransferLine
from inventory.services import kits
from inventory.services.availability import sellable


@dataclass
class Whereabouts:
    """Pieces of a SKU at a location; `unfit` is [(cause, pieces)], `in_transit` left another location of ours."""

    location: Location
    level: StockLevel
    unfit: list = field(default_factory=list)
    in_transit: int = 0
    ordered: int = 0

    @property
    def more(self):
        """What is out of sale, kept or coming, for people: [(words, pieces)] without zeros."""
        coming = [("in transit", self.in_transit), ("ordered", self.ordered)]
        return [pair for pair in [*self.unfit, ("kept as safety stock", self.level.safety), *coming] if pair[1]]


def whereabouts(sku):
    """Return [Whereabouts] of `sku` by location, also where nothing is yet but something comes. Five statements."""
    levels = StockLevel.objects.with_available().filter(sku=sku).select_related("location")
    found = {level.location_id: Whereabouts(level.location, level) for level in levels}
    coming = {"in_transit": in_transit([sku.pk]), "ordered": _ordered(sku)}
    new = {place for pieces in coming.values() for _, place in pieces} - found.keys()
    for place in Location.objects.filter(pk__in=new):
        level = StockLevel(sku=sku, location=place)
        level.available = 0
        found[place.pk] = Whereabouts(place, level)
    for name, pieces in coming.items():
        for (_, place), n in pieces.items():
            setattr(found[place], name, n)
    causes = _causes(sku)
    for place, row in found.items():
        row.unfit = why_unfit(row.level.unavailable, causes.get(place))
    return sorted(found.values(), key=lambda row: row.location.code)


def in_transit(sku_ids):
    """Return {(sku id, location id): pieces} that left another location of ours and are expected there."""
    lines = TransferLine.objects.with_in_transit().filter(sku__in=sku_ids, transfer__status=Transfer.Status.SHIPPED)
    lines = lines.filter(in_transit__gt=0).order_by().values_list("sku_id", "transfer__target_id")
    return {(sku, place): pieces for sku, place, pieces in lines.annotate(n=Sum("in_transit"))}


def unfit_at(level):
    """Return [(cause, pieces)] of what is out of sale of one level. One statement."""
    return why_unfit(level.unavailable, _causes(level.sku, location=level.location).get(level.location_id))


def why_unfit(unavailable, causes):
    """Return [(cause, pieces)] that add up to `unavailable`; `causes` is (in quarantine, expired or blocked)."""
    quarantined, withheld = causes or (0, 0)
    rest = unavailable - quarantined - withheld
    named = [("in quarantine", quarantined), ("expired or blocked", withheld), ("set aside", rest)]
    return [(cause, pieces) for cause, pieces in named if pieces]


def makeable(kit):
    """Return (kits that can be made in all, {location code: kits}, [its KitComponents]); None: without end."""
    found = sellable([kit.code]).get(kit.code.upper())
    parts = kits.components([kit.pk]).get(kit.pk, [])
    return (found.pieces, found.at, parts) if found else (0, {}, parts)


def _ordered(sku):
    lines = PurchaseLine.objects.inbound().filter(sku=sku).order_by().values_list("sku_id", "order__location_id")
    return {(sku_id, place): n for sku_id, place, n in lines.annotate(n=Sum(F("quantity") - F("received")))}


def _causes(sku, **of):
    """Return {location id: (pieces in quarantine, pieces of expired or blocked lots elsewhere)}."""
    held = BinStock.objects.filter(sku=sku, **{f"bin__{name}": value for name, value in of.items()})
    found = {}
    for place, kind, quantity, withheld in held.values_list("bin__location_id", "bin__kind", "quantity", "withheld"):
        unfit, late = found.get(place, (0, 0))
        is_unfit = kind == Bin.Kind.QUARANTINE
        found[place] = (unfit + quantity, late) if is_unfit else (unfit, late + withheld)
    return found

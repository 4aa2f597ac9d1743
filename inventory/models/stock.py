from collections import defaultdict
from functools import cache, reduce
from operator import or_

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from inventory.models.location import Bin, Location
from inventory.models.lot import Lot
from inventory.models.sku import Sku
from inventory.models.transfer import Transfer, TransferLine
from oms.lib.prepared import Param, prepared

AVAILABLE = F("on_hand") - F("reserved") - F("unavailable") - F("safety")
FEW = 10  # pairs, for each number of which a statement is kept


def _any_pair(pairs, first, second):
    """Return the condition that (first, second) is one of `pairs`: no other row is read or locked."""
    grouped = defaultdict(set)
    for one, two in pairs:
        grouped[two].add(one)
    groups = (Q(**{f"{first}__in": ones, second: two}) for two, ones in sorted(grouped.items()))
    # The first of the two alone finds the few rows by index; the groups then sort out the others.
    return Q(**{f"{first}__in": {one for one, _ in pairs}}) & reduce(or_, groups, Q(pk__in=()))


def _lock(rows, first, second):
    """Return `lock(pairs)`: those of `rows` whose (first, second) is one of `pairs`; prepared where they are few."""

    @cache
    def few(number):
        pairs = [(Param(f"{first}{i}"), Param(f"{second}{i}")) for i in range(number)]
        return prepared(lambda: rows().filter(reduce(or_, (Q((first, one), (second, two)) for one, two in pairs))))

    def lock(pairs):
        pairs = set(pairs)
        if not 0 < len(pairs) <= FEW:
            return rows().filter(_any_pair(pairs, first, second))
        ids = {f"{name}{i}": pk for i, pair in enumerate(pairs) for name, pk in zip((first, second), pair, strict=True)}
        return few(len(pairs))(**ids)

    return lock


class StockLevelQuerySet(models.QuerySet):
    def with_available(self):
        """Annotate `available`: what can be promised now; below zero where safety stock is eaten."""
        return self.annotate(available=AVAILABLE)

    def with_in_transit(self):
        """Annotate `in_transit`: pieces that left another location of ours and are expected at this one."""
        lines = TransferLine.objects.with_in_transit().filter(
            sku=models.OuterRef("sku"),
            transfer__target=models.OuterRef("location"),
            transfer__status=Transfer.Status.SHIPPED,
        )
        pieces = lines.order_by().values("sku").annotate(n=models.Sum("in_transit")).values("n")
        return self.annotate(in_transit=Coalesce(models.Subquery(pieces), 0))

    def low(self):
        """Levels of goods on sale, at places of ours, with no more available than their reorder point."""
        kept = self.filter(sku__is_active=True, sku__made_at=None)
        ours = kept.filter(location__is_active=True, location__tracks_stock=True)
        return ours.with_available().filter(reorder_point__gt=0, available__lte=F("reorder_point"))


class StockLevelManager(models.Manager.from_queryset(StockLevelQuerySet)):
    def lock(self, pairs):
        """Return {(sku id, location id): level} of `pairs`, locked in (sku, location) order."""
        return {(row.sku_id, row.location_id): row for row in _lock_levels(pairs)}


_lock_levels = _lock(
    lambda: StockLevel.objects.order_by("sku_id", "location_id").select_related("sku").select_for_update(of=("self",)),
    "sku_id",
    "location_id",
)


class StockLevel(models.Model):
    """How many pieces of a SKU a location has, and how many of them are promised or unfit.

    Written only by `inventory.services.stock`. No table has a foreign key to it: a row locked for
    a key check would block every buyer of the SKU.
    """

    sku = models.ForeignKey(Sku, models.PROTECT, related_name="levels")
    location = models.ForeignKey(Location, models.PROTECT, related_name="levels")
    on_hand = models.IntegerField(default=0, help_text="pieces in the building")
    reserved = models.IntegerField(default=0, help_text="pieces promised to orders and transfers")
    unavailable = models.IntegerField(default=0, help_text="pieces damaged or in quarantine")
    safety = models.IntegerField(default=0, help_text="pieces never promised")
    reorder_point = models.PositiveIntegerField(default=0, help_text="pieces at which it is bought again; 0: never")

    objects = StockLevelManager()

    class Meta:
        ordering = ["sku", "location"]
        permissions = [
            ("receive_stock", "Can book goods in"),
            ("move_stock", "Can carry goods from bin to bin"),
            ("count_stock", "Can count what is there"),
            ("adjust_stock", "Can correct what is on hand and post counts"),
            ("set_safety", "Can set safety stock"),
            ("see_value", "Can see what the stock is worth"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["sku", "location"], name="stock_once_per_sku_and_location"),
            models.CheckConstraint(
                condition=Q(on_hand__gte=0, reserved__gte=0, unavailable__gte=0, safety__gte=0),
                name="stock_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(on_hand__gte=F("reserved") + F("unavailable")), name="stock_not_oversold"
            ),
        ]

    def __str__(self):
        return f"{self.sku} at {self.location}: {self.on_hand}"


class BinStockQuerySet(models.QuerySet):
    def pieces(self, sku, bin):
        """Return how many pieces of `sku` lie in `bin`, of all lots."""
        return self.filter(sku=sku, bin=bin).aggregate(n=models.Sum("quantity", default=0))["n"]

    def pickable(self, today):
        """Rows of which pieces may leave on the day `today`: not of an expired or blocked lot."""
        return self.exclude(lot__expires_on__lt=today).exclude(lot__blocked_at__isnull=False)


class BinStockManager(models.Manager.from_queryset(BinStockQuerySet)):
    def lock(self, pairs):
        """Return {(sku id, bin id, lot id or None): row} of `pairs` (sku id, bin id), locked in (sku, bin) order."""
        return {row.key: row for row in _lock_bins(pairs)}


_lock_bins = _lock(
    lambda: BinStock.objects.order_by("sku_id", "bin_id", "pk").select_for_update(of=("self",)), "sku_id", "bin_id"
)


class BinStock(models.Model):
    """How many pieces of a SKU, of one lot if it has lots, lie in a bin; bins add up to on_hand.

    `withheld` of them are expired or blocked, and counted as unavailable for that.
    """

    sku = models.ForeignKey(Sku, models.PROTECT, related_name="+")
    bin = models.ForeignKey(Bin, models.PROTECT, related_name="stock")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="held", null=True, blank=True)
    quantity = models.IntegerField(help_text="pieces")
    withheld = models.IntegerField(default=0, help_text="pieces of an expired or blocked lot, out of sale")

    objects = BinStockManager()

    class Meta:
        ordering = ["bin__sort_key", "sku__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["sku", "bin"], name="bin_stock_once_per_sku", condition=Q(lot__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["sku", "bin", "lot"], name="bin_stock_once_per_lot", condition=Q(lot__isnull=False)
            ),
            models.CheckConstraint(
                condition=Q(withheld__gte=0, withheld__lte=F("quantity")), name="bin_stock_withholds_what_is_there"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="bin_stock_not_negative"),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.sku} in {self.bin}"

    @property
    def key(self):
        return self.sku_id, self.bin_id, self.lot_id

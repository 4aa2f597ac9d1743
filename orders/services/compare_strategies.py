"""A dry run: past orders sourced by two strategies in today's network, side by side. Writes nothing."""

from collections import Counter
from copy import copy
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.db.models import Prefetch
from django.utils import timezone

from inventory.models import Sku, StockLevel
from inventory.services.past_stock import available_then
from oms.lib.chunks import chunks
from orders.models import Order, OrderLine
from orders.services.allocate import Shelves, find
from orders.services.network import arrival_from, begun_at, network
from orders.sourcing.plan import ENDLESS, Plan, amount
from orders.sourcing.rules import Strategy

MOST_ORDERS = 20_000
MOST_DIFFERENT = 100
AT_ONCE = 200
STOCKS = {
    "then": "as it was believed when each was placed",
    "now": "as it is now, for each order",
    "endless": "as much as is asked, wherever the SKU ever lay",
}


@dataclass
class Side(Shelves):
    """What sourcing by one strategy came to. Costs are amounts in the seller's home currency, without penalties.

    `late` counts orders that would arrive later than was promised first, `days` adds up days until they arrive,
    of those that arrive at all; `places` is {location code: orders}. It is its own shelves: the stock of the order
    at hand, and the days that its own orders have filled.
    """

    strategy: Strategy
    orders: int = 0
    shipping: Decimal = Decimal(0)
    handling: Decimal = Decimal(0)
    parcels: int = 0
    split: int = 0
    late: int = 0
    arriving: int = 0
    days: int = 0
    missing: int = 0
    places: Counter = field(default_factory=Counter)
    begun: Counter = field(default_factory=Counter)
    stock: dict = field(default_factory=dict)

    @property
    def name(self):
        return self.strategy.name or "no strategy"

    @property
    def cost(self):
        return self.shipping + self.handling

    @property
    def mean_days(self):
        return self.days / self.arriving if self.arriving else 0

    def available(self, demand, places, *, now):
        return {(sku, place): n for (sku, place), n in self.stock.items() if place in places}

    def full(self, order, places, *, now):
        """Count the run's own orders only: what other channels took of a day is not known here."""
        if order.method == Order.Method.PICKUP:
            return {}
        days = {place.pk: begun_at(place, now) for place in places if place.daily_capacity is not None}
        taken = {
            place.pk: (self.begun[place.pk, days[place.pk]], place.daily_capacity)
            for place in places
            if place.pk in days
        }
        return {pk: (n, limit) for pk, (n, limit) in taken.items() if n >= limit}

    def source(self, order, goods, *, promised, now):
        """Source `goods` of an order and count what it comes to; returns the best Plan."""
        plan = find(order, goods, strategy=self.strategy, shelves=self, now=now).best
        self.orders += 1
        self.shipping += amount(plan.terms["shipping"])
        self.handling += amount(plan.terms["handling"])
        self.parcels += len(plan.sites)
        self.split += len(plan.sites) > 1
        self.missing += sum(plan.missing.values())
        known = network()
        arrivals = []
        for site in plan.sites:
            place = known.place(site.id)
            self.places[site.code] += 1
            self.begun[site.id, begun_at(place, now)] += 1
            arrivals.append(arrival_from(place, now, site.transit_days))
        if arrivals:
            self.arriving += 1
            self.days += (max(arrivals).date() - now.date()).days
            self.late += bool(promised and max(arrivals) > promised)
        return plan


@dataclass(frozen=True)
class Difference:
    """An order that the two strategies would send from elsewhere, or of which one would send more."""

    order: Order
    a: Plan
    b: Plan


@dataclass
class Comparison:
    """The two sides, and the orders that differ: their number, and the newest of them."""

    a: Side
    b: Side
    differing: int = 0
    shown: list = field(default_factory=list)

    @property
    def places(self):
        """[(location code, orders by a, orders by b)]."""
        return [(code, self.a.places[code], self.b.places[code]) for code in sorted(self.a.places | self.b.places)]

    def as_json(self):
        """Return the figures for programs."""
        names = ("name", "orders", "shipping", "handling", "cost", "parcels", "split", "late", "mean_days", "missing")
        sides = {
            key: {name: _plain(getattr(side, name)) for name in names} | {"places": dict(side.places)}
            for key, side in (("a", self.a), ("b", self.b))
        }
        return sides | {"differing": self.differing, "orders": [difference.order.number for difference in self.shown]}


def past_orders(channel, *, most, days=None):
    """Return the ids of a channel's last `most` orders, at most `days` old, oldest first; not drafts or cancelled."""
    orders = Order.objects.filter(channel=channel)
    orders = orders.exclude(status__in=[Order.Status.DRAFT, Order.Status.CANCELLED])
    if days is not None:
        orders = orders.filter(ordered_at__gte=timezone.now() - timedelta(days=days))
    return list(orders.order_by("-pk").values_list("pk", flat=True)[: min(most, MOST_ORDERS)])[::-1]


def compare(order_ids, a, b, *, stock="then", progress=lambda done: None):
    """Source the orders by the Strategies `a` and `b`; returns a Comparison. Two statements a chunk, one an order.

    Each order stands as it was placed: all its goods, at the hour it was placed, promised nothing yet. `stock` is one
    of STOCKS. No order takes stock from another; a location's daily capacity is shared by the run's orders.
    `progress(orders done)` is called now and then.
    """
    found = Comparison(Side(a), Side(b))
    done = 0
    for pks in chunks(order_ids, AT_ONCE):
        for order in _read(pks):
            _compare_one(found, order, stock)
        done += len(pks)
        progress(done)
    return found


def _read(pks):
    goods = OrderLine.objects.filter(kind=Sku.Kind.PHYSICAL).select_related("sku")
    orders = Order.objects.filter(pk__in=pks).select_related("channel").order_by("pk")
    return orders.prefetch_related(Prefetch("lines", goods, to_attr="goods"))


def _compare_one(found, order, stock):
    if not order.goods:
        return
    now = order.placed_at or order.ordered_at
    asked = copy(order)
    asked.promised_original = None
    found.a.stock = found.b.stock = _stock_of({line.sku_id for line in order.goods}, stock, now)
    one, two = (
        side.source(asked, order.goods, promised=order.promised_original, now=now) for side in (found.a, found.b)
    )
    if one.pieces != two.pieces:
        found.differing += 1
        found.shown.append(Difference(order, one, two))
        del found.shown[:-MOST_DIFFERENT]


def _stock_of(skus, stock, moment):
    """Return {(sku id, location id): pieces} by one of STOCKS."""
    if stock == "then":
        return available_then(skus, moment)
    levels = StockLevel.objects.with_available().filter(sku__in=skus).values_list("sku_id", "location_id", "available")
    return {(sku, place): ENDLESS if stock == "endless" else pieces for sku, place, pieces in levels}


def _plain(value):
    return str(value) if isinstance(value, Decimal) else round(value, 2) if isinstance(value, float) else value

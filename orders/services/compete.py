"""Open orders that compete for the same pieces, as one problem for sourcing: rows, locations, costs, stock."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
from django.utils import timezone

from inventory.models import Sku, StockLevel
from orders.models import Allocation, Gathering, Order
from orders.services import allocate
from orders.services.network import network, strategy_of
from orders.sourcing.batch import Batch
from orders.sourcing.groups import NOWHERE
from orders.sourcing.subsets import NEVER

Status = Allocation.Status
# What a piece that waits counts, beside the dearest way to send one parcel: waiting is always worse than paying.
WAITING = 10
BY_PRIORITY = {Order.Priority.URGENT: 8, Order.Priority.HIGH: 4, Order.Priority.NORMAL: 2, Order.Priority.LOW: 1}
EXPRESS = 1.5
# An order that was promised a day that is near or past.
DUE = 1.5
SOON = timedelta(days=3)
# Who has his pieces keeps them, but for somebody who clearly comes first.
HELD = 1.4


@dataclass
class Contest:
    """`orders` [order], their movable `rows` (Allocations) [line], `places` (ids) [site], the Batch of it, and where
    the rows are now (`site` [line]); `left_out` are orders that cannot take part."""

    orders: list
    rows: list
    places: list
    batch: Batch
    site: np.ndarray
    left_out: list = field(default_factory=list)

    def missing(self, site):
        """Return how many pieces wait in a solution, by order: int[order]."""
        waits = np.where(site == NOWHERE, self.batch.pieces, 0)
        return np.bincount(self.batch.order, waits, minlength=len(self.orders)).astype(int)

    def spent(self, site):
        """Return what sending costs in a solution, by order, in units of money, and nothing for what waits."""
        waits = np.where(site == NOWHERE, self.batch.missing, 0)
        spent = self.batch.by_order(site) - np.bincount(self.batch.order, waits, minlength=len(self.orders))
        split = np.array([strategy_of(order.channel).objective.split for order in self.orders], dtype=float)
        sends = np.isin(np.arange(len(self.orders)), self.batch.order[site != NOWHERE])
        return spent - np.where(sends, split, 0)  # the batch counts the first parcel as one more, too


def movable():
    """Return the allocations that can still come from elsewhere: physical, of an open order, not on the floor.

    What is being gathered is on its way to where it leaves from: it stays as it is.
    """
    rows = Allocation.objects.filter(
        status__in=[Status.RESERVED, Status.BACKORDERED], order__in=Order.objects.open(), sku__kind=Sku.Kind.PHYSICAL
    )
    return rows.exclude(order__in=Gathering.objects.open().values("order"))


def contest(orders):
    """Return the Contest of `orders` (with channel), or None when nothing of them can move.

    An order some of whose pieces are reserved where it may not ship from any more is left out. Two statements, and
    those of `allocate.sites_for` for each order.
    """
    by_order = defaultdict(list)
    for row in movable().filter(order__in=orders).select_related("sku", "line").order_by("order_id", "pk"):
        by_order[row.order_id].append(row)
    offers, left_out = {}, []
    for order in orders:
        rows = by_order[order.pk]
        if not rows:
            continue
        sites = allocate.sites_for(order, rows, strategy=strategy_of(order.channel))[0]
        if {row.location_id for row in rows} - {None} <= {site.id for site in sites}:
            offers[order.pk] = {site.id: site for site in sites}
        else:
            left_out.append(order)
    chosen = [order for order in orders if order.pk in offers]
    return _contest(chosen, by_order, offers, left_out) if chosen else None


def _contest(orders, by_order, offers, left_out):
    places = sorted({pk for sites in offers.values() for pk in sites})
    index = {pk: i for i, pk in enumerate(places)}
    rows = [row for order in orders for row in by_order[order.pk]]
    skus = {pk: i for i, pk in enumerate(sorted({row.sku_id for row in rows}))}
    fixed = _parcels(orders, offers, index)
    cost = _carried(rows, offers, index)
    dearest = fixed[fixed < NEVER].max(initial=1.0) + cost[cost < NEVER].max(initial=0.0)
    weight = {order.pk: _weight(order) for order in orders}
    numbers = {order.pk: i for i, order in enumerate(orders)}
    batch = Batch(
        order=np.array([numbers[row.order_id] for row in rows], dtype=np.intp),
        sku=np.array([skus[row.sku_id] for row in rows], dtype=np.intp),
        pieces=np.array([row.quantity for row in rows], dtype=np.int64),
        fixed=fixed,
        cost=cost,
        missing=np.array([dearest * WAITING * row.quantity * weight[row.order_id] * _held(row) for row in rows]),
        stock=_stock(orders, rows, skus, index),
        capacity=np.full(len(places), len(rows) + 1, dtype=np.int64),
    )
    site = np.array([NOWHERE if row.location_id is None else index[row.location_id] for row in rows], dtype=np.intp)
    return Contest(orders, rows, places, batch, site, left_out)


def _parcels(orders, offers, index):
    """Return what a parcel costs: float[order, site], units; each counts as one more, the first one too."""
    fixed = np.full((len(orders), len(index)), float(NEVER))
    for i, order in enumerate(orders):
        objective = strategy_of(order.channel).objective
        for pk, site in offers[order.pk].items():
            fixed[i, index[pk]] = objective.parcel(site) + objective.split
    return fixed


def _carried(rows, offers, index):
    """Return what a row costs on top: float[line, site], units; NEVER where it may not come from."""
    cost = np.full((len(rows), len(index)), float(NEVER))
    for line, row in enumerate(rows):
        for pk, site in offers[row.order_id].items():
            if row.sku_id not in site.barred:
                cost[line, index[pk]] = site.carries(row.sku_id, row.quantity, row.sku.weight_g)
    return cost


def _weight(order):
    """Return how much an order's waiting counts: by its priority, its method and the day it was promised."""
    due = order.promised_original or order.promised_current
    is_due = due is not None and due < timezone.now() + SOON
    return BY_PRIORITY[order.priority] * (EXPRESS if order.method == "express" else 1) * (DUE if is_due else 1)


def _held(row):
    return HELD if row.status == Status.RESERVED else 1


def _stock(orders, rows, skus, index):
    """Return the pieces [sku, site] that these rows have or may take: above the largest buffer of their channels."""
    keep = max(order.channel.buffer for order in orders)
    stock = np.zeros((len(skus), len(index)), dtype=np.int64)
    levels = StockLevel.objects.with_available().filter(sku__in=skus, location__in=index)
    for sku, place, available in levels.values_list("sku_id", "location_id", "available"):
        stock[skus[sku], index[place]] = max(0, available - keep)
    for row in rows:
        if row.location_id:
            stock[skus[row.sku_id], index[row.location_id]] += row.quantity
    endless = [i for pk, i in index.items() if not network().place(pk).tracks_stock]
    wanted = np.bincount([skus[row.sku_id] for row in rows], [row.quantity for row in rows], minlength=len(skus))
    stock[:, endless] = wanted.astype(np.int64)[:, None]
    return stock

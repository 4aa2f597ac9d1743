"""Many orders that compete for scarce stock and the day's capacity: the problem, and its independent checker.

A solution says, for each line, the site that sends all of it, or NOWHERE: it waits.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orders.sourcing.groups import MOST_LINES, NOWHERE, Numbers, Places, assign
from orders.sourcing.subsets import NEVER

Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Batch:
    """Lines by order, what they cost from each site, and what there is.

    `order`, `sku` [line] are indexes, lines of an order together; `pieces` [line]. `fixed` [order, site] is what a
    parcel costs, penalties for splitting and lateness in it; `cost` [line, site] what a line costs on top (NEVER: it
    may not come from there); `missing` [line] what it counts that the line waits, the order's priority a factor in
    it. `stock` [sku, site] in pieces, `capacity` [site] in parcels. An order may name a SKU twice.
    """

    order: Places
    sku: Places
    pieces: Counts
    fixed: Numbers
    cost: Numbers
    missing: Numbers
    stock: Counts
    capacity: Counts

    def total(self, site: Places) -> float:
        """Return what a solution costs, the penalties of what waits in it."""
        return float(self.by_order(site).sum())

    def by_order(self, site: Places) -> Numbers:
        """Return what a solution costs: float[order]."""
        served = site != NOWHERE
        lines = np.where(served, self.cost[np.arange(len(site)), site], self.missing)
        costs: Numbers = np.bincount(self.order, lines, minlength=len(self.fixed)).astype(np.float64)
        parcels = self.parcels(site)
        return costs + np.bincount(parcels[0], self.fixed[parcels[0], parcels[1]], minlength=len(self.fixed))

    def parcels(self, site: Places) -> tuple[Places, Places]:
        """Return (orders, sites) of the parcels of a solution."""
        served = site != NOWHERE
        sites = self.fixed.shape[1]
        found = np.unique(self.order[served] * sites + site[served])
        return found // sites, found % sites

    def left(self, site: Places) -> tuple[Counts, Counts]:
        """Return (stock [sku, site], capacity [site]) that a solution leaves."""
        served = np.flatnonzero(site != NOWHERE)
        stock = self.stock.copy()
        np.subtract.at(stock, (self.sku[served], site[served]), self.pieces[served])
        return stock, self.capacity - np.bincount(self.parcels(site)[1], minlength=len(self.capacity))

    def paying(self, stock: Numbers, capacity: Numbers) -> "Batch":
        """Return the same with prices, by piece [sku, site] and by parcel [site], on top of the costs."""
        return replace(self, fixed=self.fixed + capacity, cost=self.cost + self.pieces[:, None] * stock[self.sku])

    def only(self, orders: Places, stock: Counts, capacity: Counts) -> tuple["Batch", Places]:
        """Return (the Batch of some orders with what is given to them, the indexes of their lines)."""
        new = np.full(len(self.fixed), NOWHERE)
        new[orders] = np.arange(len(orders))
        lines = np.flatnonzero(new[self.order] != NOWHERE)
        lines = lines[np.argsort(new[self.order[lines]], kind="stable")]
        part = Batch(
            order=new[self.order[lines]],
            sku=self.sku[lines],
            pieces=self.pieces[lines],
            fixed=self.fixed[orders],
            cost=self.cost[lines],
            missing=self.missing[lines],
            stock=stock,
            capacity=capacity,
        )
        return part, lines


class Pricing:
    """The cheapest plan of every order at given prices of stock and capacity: the order's own problem, solved exactly.

    An order of more than six lines is planned six lines at a time, as if they were several orders.
    """

    def __init__(self, batch: Batch):
        self.batch = batch
        self.cost = batch.cost
        self.limit(batch.stock, batch.capacity)
        starts = np.flatnonzero(np.diff(batch.order, prepend=-1))
        ends = np.append(starts[1:], len(batch.order))
        parts = [
            np.arange(i, min(i + MOST_LINES, end))
            for start, end in zip(starts, ends, strict=True)
            for i in range(start, end, MOST_LINES)
        ]
        sizes = np.array([len(part) for part in parts])
        self.part = np.repeat(np.arange(len(parts)), sizes)
        self.blocks = [
            np.array([parts[i] for i in np.flatnonzero(sizes == size)])
            for size in range(1, MOST_LINES + 1)
            if size in sizes
        ]

    def limit(self, stock: Counts, capacity: Counts) -> None:
        """From now on use no site for a line that has too little of it, or no capacity."""
        enough = (stock[self.batch.sku] >= self.batch.pieces[:, None]) & (capacity > 0)
        self.cost = np.where(enough, self.batch.cost, NEVER)

    def __call__(self, stock_price: Numbers, capacity_price: Numbers) -> tuple[Numbers, Places]:
        """Return (cost with prices by first line: float[line], site [line])."""
        batch = self.batch
        totals, site = np.zeros(len(batch.order)), np.full(len(batch.order), NOWHERE)
        for lines in self.blocks:
            cost = self.cost[lines] + batch.pieces[lines][:, :, None] * stock_price[batch.sku[lines]]
            fixed = batch.fixed[batch.order[lines[:, 0]]] + capacity_price
            totals[lines[:, 0]], site[lines] = assign(fixed, cost, batch.missing[lines])
        return totals, site


def violations(batch: Batch, site: Places) -> list[str]:
    """Return what is wrong with a solution, in words, by plain counting that shares no code with what made it."""
    wrong = []
    pieces: dict[tuple[int, int], int] = {}
    parcels: dict[int, set[int]] = {}
    if len(site) != len(batch.order):
        return [f"{len(site)} of {len(batch.order)} lines have an answer"]
    for line, place in enumerate(site.tolist()):
        if place == NOWHERE:
            continue
        if not 0 <= place < len(batch.capacity) or batch.cost[line, place] >= NEVER:
            wrong.append(f"line {line} may not come from site {place}")
            continue
        key = int(batch.sku[line]), place
        pieces[key] = pieces.get(key, 0) + int(batch.pieces[line])
        parcels.setdefault(place, set()).add(int(batch.order[line]))
    wrong += [
        f"SKU {key[0]} at site {key[1]}: {n} pieces of {batch.stock[key]}"
        for key, n in pieces.items()
        if n > batch.stock[key]
    ]
    wrong += [
        f"site {at}: {len(of)} parcels of {batch.capacity[at]}"
        for at, of in parcels.items()
        if len(of) > batch.capacity[at]
    ]
    return wrong

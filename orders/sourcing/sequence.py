"""Orders one after the other out of what is left: the naive rules, and the mending of a solution by reinsertion."""

import numpy as np

from orders.sourcing.batch import Batch
from orders.sourcing.groups import MOST_LINES, NOWHERE, Numbers, Places, assign
from orders.sourcing.subsets import NEVER


def first_come(batch: Batch) -> Places:
    """Return the site of each line when each order in turn takes what is cheapest for itself of what is left."""
    shelf = Shelf(batch, np.full(len(batch.order), NOWHERE))
    for lines in lines_by_order(batch):
        shelf.insert(lines)
    return shelf.site


def most_coverage(batch: Batch) -> Places:
    """Return the site of each line when each order goes to the site that has most of it, then the rest likewise."""
    shelf = Shelf(batch, np.full(len(batch.order), NOWHERE))
    for lines in lines_by_order(batch):
        while len(lines):
            fixed, cost = shelf.offers(lines)
            able = (cost < NEVER) & (fixed < NEVER)
            price = fixed + np.where(able, cost, 0).sum(0)
            best = np.lexsort((price, -able.sum(0)))[0]
            chosen = lines[able[:, best]]
            if not len(chosen):
                break
            # Of a SKU that the order names twice, a line at a time: there may be enough for one of them only.
            chosen = chosen[np.unique(batch.sku[chosen], return_index=True)[1]]
            shelf.take(chosen, best)
            lines = np.setdiff1d(lines, chosen)
    return shelf.site


def reinserted(batch: Batch, site: Places, *, passes: int = 2) -> Places:
    """Return a solution that is no worse: each order in turn is taken out and put back where it costs least now."""
    shelf = Shelf(batch, site.copy())
    for _ in range(passes):
        before = shelf.site.copy()
        for lines in lines_by_order(batch):
            old = shelf.site[lines]
            shelf.free(lines)
            cost = shelf.insert(lines)
            if cost > shelf.cost_of(lines, old):
                shelf.free(lines)
                shelf.put(lines, old)
        if (before == shelf.site).all():
            break
    return shelf.site


def lines_by_order(batch: Batch) -> list[Places]:
    """Return the lines of each order, orders in their order."""
    return np.split(np.arange(len(batch.order)), np.flatnonzero(np.diff(batch.order)) + 1)


class Shelf:
    """What a solution leaves of stock and capacity, kept up as orders come and go."""

    def __init__(self, batch: Batch, site: Places):
        self.batch, self.site = batch, site
        self.stock, self.capacity = batch.left(site)
        _, first = np.unique(batch.order * len(batch.stock) + batch.sku, return_index=True)
        self.repeats = set(np.delete(batch.order, first).tolist())  # orders that name a SKU twice

    def offers(self, lines: Places) -> tuple[Numbers, Numbers]:
        """Return (fixed [site], cost [line, site]) of lines of one order out of what is left: NEVER is too little."""
        batch = self.batch
        enough = self.stock[batch.sku[lines]] >= batch.pieces[lines][:, None]
        cost = np.where(enough, batch.cost[lines], NEVER)
        order = batch.order[lines[0]]
        fixed = np.where(self.capacity > 0, batch.fixed[order], NEVER)
        return fixed, cost

    def insert(self, lines: Places, together: int = MOST_LINES) -> float:
        """Serve lines of one order at least cost, which is returned; more than a few lines, a few at a time."""
        total = 0.0
        for i in range(0, len(lines), together):
            part = lines[i : i + together]
            fixed, cost = self.offers(part)
            totals, sites = assign(fixed[None], cost[None], self.batch.missing[part][None])
            if together > 1 and self.batch.order[part[0]] in self.repeats and not self.fits(part, sites[0]):
                total += self.insert(part, together=1)  # two lines want the same pieces
                continue
            self.put(part, sites[0])
            total += float(totals[0])
        return total

    def cost_of(self, lines: Places, sites: Places) -> float:
        """Return what lines of one order cost from `sites`."""
        batch, served = self.batch, sites != NOWHERE
        opened = np.unique(sites[served])
        by_line = np.where(served, batch.cost[lines, sites], batch.missing[lines])
        return float(by_line.sum() + batch.fixed[batch.order[lines[0]], opened].sum())

    def put(self, lines: Places, sites: Places) -> None:
        """Serve lines of one order from `sites` [line], NOWHERE where they wait."""
        for place in set(sites.tolist()) - {NOWHERE}:
            self.take(lines[sites == place], place)

    def fits(self, lines: Places, sites: Places) -> bool:
        """Return whether lines of one order can come from `sites` out of what is left."""
        lines, sites = lines[sites != NOWHERE], sites[sites != NOWHERE]
        sku = self.batch.sku[lines]
        same = (sku[:, None] == sku) & (sites[:, None] == sites)
        enough = self.stock[sku, sites] >= same @ self.batch.pieces[lines]
        return bool(enough.all() and (self.capacity[sites] > 0).all())

    def take(self, lines: Places, place: int) -> None:
        """Send lines of one order from a place in one parcel."""
        self.site[lines] = place
        np.subtract.at(self.stock[:, place], self.batch.sku[lines], self.batch.pieces[lines])
        self.capacity[place] -= 1

    def free(self, lines: Places) -> None:
        """Take lines of one order back from everywhere."""
        sites = self.site[lines]
        served = sites != NOWHERE
        np.add.at(self.stock, (self.batch.sku[lines[served]], sites[served]), self.batch.pieces[lines[served]])
        self.capacity[np.unique(sites[served])] += 1
        self.site[lines] = NOWHERE

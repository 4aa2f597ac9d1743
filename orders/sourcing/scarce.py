"""Sourcing many orders at once where stock is scarce: column generation, then diving and small restricted MILPs.

Orders that each take what is best for themselves leave the others short. The linear programme over all plans of
all orders puts a price on every scarce piece; it is solved by column generation, whose pricing problem is the single
order, and also bounds what any solution costs. Acimovic & Graves 2015; Jasin & Sinha 2015, "An LP-based correlated
rounding scheme for multi-item e-commerce order fulfillment".
"""

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orders.sourcing.batch import Batch, Pricing
from orders.sourcing.columns import Master
from orders.sourcing.groups import NOWHERE, Numbers, Places
from orders.sourcing.sequence import Shelf, first_come, most_coverage, reinserted

CHUNK = 1000
MOST_ROUNDS = 60
# Half of the way back to the prices that gave the best bound: the master's own prices leap at first.
SMOOTHING = 0.5
# A dive fixes whole columns, and the largest of the others, a tenth of the parts each time.
WHOLE = 0.97
DIVE_SHARE = 0.1
DIVE_UNTIL = 0.8
NEIGHBOURS = 220
VARIANTS = 8
# So many neighbourhoods in a row without a better solution, and it is left as it is.
PATIENCE = 12


@dataclass(frozen=True, eq=False)
class Prices:
    """What a piece [sku, site] and a parcel [site] are worth to all orders together, and the bound they prove."""

    stock: Numbers
    capacity: Numbers
    bound: float


def solve(batch: Batch, *, seconds: float = 3.5, seed: int = 1, chunk: int = CHUNK) -> Places:
    """Return the site of each line, NOWHERE where it waits: never worse than the naive rules.

    Orders beyond `chunk` are solved a chunk after the other, each paying for pieces what they are worth to all.
    `seconds` is how much processor time each chunk may be improved for; its linear programme is not counted.
    """
    if len(batch.fixed) <= chunk * 1.5:
        return _Solver(batch, seed).solve(seconds)
    site = _by_chunks(batch, seconds, seed=seed, chunk=chunk)
    return min([reinserted(batch, site), *naive(batch)], key=batch.total)


def naive(batch: Batch) -> list[Places]:
    """Return the solutions by the naive rules: first come, first served, and most coverage first."""
    return [first_come(batch), most_coverage(batch)]


def bound(batch: Batch) -> float:
    """Return the value of the linear programme over all plans, within a ten-thousandth: no solution costs less."""
    return _Solver(batch, seed=1).generate(tolerance=1e-4).bound


def shared_prices(batch: Batch) -> Prices:
    """Return what pieces and parcels are worth to all orders, within half a percent, and the bound that they prove."""
    return _Solver(batch, seed=1).generate(tolerance=5e-3)


def _by_chunks(batch: Batch, seconds: float, *, seed: int, chunk: int) -> Places:
    prices = shared_prices(batch)
    site = np.full(len(batch.order), NOWHERE)
    stock, capacity = batch.stock, batch.capacity
    for orders in np.array_split(np.arange(len(batch.fixed)), -(-len(batch.fixed) // chunk)):
        some, lines = batch.only(orders, stock, capacity)
        priced = some.paying(prices.stock, prices.capacity)
        site[lines] = _Solver(priced, seed).solve(seconds)
        stock, capacity = batch.left(site)
    return site


def _lagrangian(batch: Batch, totals: Numbers, stock: Numbers, capacity: Numbers) -> float:
    return float(totals.sum() - (stock * batch.stock).sum() - (capacity * batch.capacity).sum())


class _Solver:
    def __init__(self, batch: Batch, seed: int):
        self.batch, self.random = batch, np.random.default_rng(seed)
        self.pricing = Pricing(batch)
        self.part = self.pricing.part
        self.master = Master(batch, self.part)
        self.master.add(np.full(len(batch.order), NOWHERE))
        self.naive = naive(batch)
        for site in self.naive:
            self.master.add(site)

    def solve(self, seconds: float) -> Places:
        prices = self.generate(tolerance=1e-3)
        until = time.process_time() + seconds
        dived, free = self._dive(until)
        best = min([reinserted(self.batch, dived), *self.naive], key=self.batch.total)
        idle = 0
        while idle < PATIENCE and time.process_time() < until and self.batch.total(best) > prices.bound * 1.001:
            found = self._improve(best, free, prices, until)
            idle = 0 if self.batch.total(found) < self.batch.total(best) else idle + 1
            best = min(best, found, key=self.batch.total)
            free = self._neighbours(best)
        return best

    def generate(self, *, tolerance: float) -> Prices:
        """Add columns until the linear programme's value is within `tolerance` of the bound that its prices prove."""
        batch, smoothing = self.batch, SMOOTHING
        best = Prices(np.zeros(batch.stock.shape), np.zeros(len(batch.capacity)), -np.inf)
        for _ in range(MOST_ROUNDS):
            value, stock, capacity = self.master.prices()
            stock = smoothing * best.stock + (1 - smoothing) * stock
            capacity = smoothing * best.capacity + (1 - smoothing) * capacity
            totals, site = self.pricing(stock, capacity)
            proved = _lagrangian(batch, totals, stock, capacity)
            if proved > best.bound:
                best = Prices(stock, capacity, proved)
            new = self.master.add(site)
            if value - best.bound <= tolerance * abs(best.bound) or (not new and not smoothing):
                break
            smoothing = SMOOTHING if new > self.master.parts // 20 else 0.0
        return best

    def _dive(self, until: float) -> tuple[Places, NDArray[np.bool_]]:
        """Fix the largest columns of the linear programme, solve it again, and so on: (solution, parts left)."""
        shelf = Shelf(self.batch, np.full(len(self.batch.order), NOWHERE))
        free = np.ones(self.master.parts, dtype=bool)
        while free.mean() > 1 - DIVE_UNTIL and time.process_time() < until:
            _, stock, capacity = self.master.prices()
            self.pricing.limit(shelf.stock, shelf.capacity)
            self.master.add(self.pricing(stock, capacity)[1], np.flatnonzero(free))
            if not self._fix(self.master.shares(), shelf, free):
                break
        for part in np.flatnonzero(free):
            shelf.insert(np.arange(self.master.start[part], self.master.start[part + 1]))
        return shelf.site, free

    def _fix(self, shares: Numbers, shelf: Shelf, free: NDArray[np.bool_]) -> int:
        most, fixed = max(10, int(DIVE_SHARE * len(free))), 0
        for column in np.argsort(-shares, kind="stable"):
            part = self.master.column_part[column]
            if shares[column] < (WHOLE if fixed >= most else 0.05):
                break
            lines, sites = self.master.plan(int(column))
            if free[part] and shelf.fits(lines, sites):
                shelf.put(lines, sites)
                self.master.fix(int(column))
                free[part] = False
                fixed += 1
        return fixed

    def _improve(self, site: Places, free: NDArray[np.bool_], prices: Prices, until: float) -> Places:
        """Let `free` parts choose anew among known columns and some at prices that are shaken."""
        held = site.copy()
        held[free[self.part]] = NOWHERE
        self.pricing.limit(*self.batch.left(held))
        parts = np.flatnonzero(free)
        for _ in range(VARIANTS):
            shaken = prices.stock * self.random.gamma(2.0, 0.5, prices.stock.shape)
            self.master.add(self.pricing(shaken, prices.capacity)[1], parts)
        seconds = min(1.0, max(0.1, until - time.process_time()))
        return reinserted(self.batch, self.master.choose(site, free, seconds=seconds), passes=1)

    def _neighbours(self, site: Places) -> NDArray[np.bool_]:
        """Return which parts to free next: those that wait, and others of the SKUs that somebody waits for."""
        waits = site == NOWHERE
        wanted = np.bincount(self.batch.sku[waits], minlength=len(self.batch.stock)) + 0.05
        score = np.bincount(self.part, wanted[self.batch.sku]) * self.random.random(self.master.parts)
        free = np.zeros(self.master.parts, dtype=bool)
        free[np.argsort(-score)[:NEIGHBOURS]] = True
        free[self.random.permutation(np.unique(self.part[waits]))[:NEIGHBOURS]] = True
        return free

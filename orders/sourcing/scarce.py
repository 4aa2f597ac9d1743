"""Sourcing many orders at once where stock is scarce: fair prices, columns at them, diving, and small restricted MILPs.

Orders that each take what is best for themselves leave the others short. The linear programme over all plans of
all orders puts a price on every scarce piece; its pricing problem is the single order, and its value bounds what any
solution costs. Acimovic & Graves 2015; Jasin & Sinha 2015, "An LP-based correlated rounding scheme for multi-item
e-commerce order fulfillment".
"""

import time

import numpy as np

from orders.sourcing.ascent import Prices, ascend
from orders.sourcing.batch import Batch, Pricing
from orders.sourcing.columns import Master
from orders.sourcing.dive import dive
from orders.sourcing.groups import NOWHERE, Places
from orders.sourcing.nearby import improved
from orders.sourcing.sequence import first_come, most_coverage, reinserted

# Processor time for every thousand orders.
SECONDS = 5.0
CHUNK = 1000
MOST_ROUNDS = 60
# Half of the way back to the prices that gave the best bound: the master's own prices leap at first.
SMOOTHING = 0.5
# The linear programme of more orders takes minutes; the ascent comes close to it in seconds.
MOST_EXACT = 2000
PATIENT_ROUNDS = 200


def solve(
    batch: Batch, *, start: Places | None = None, seconds: float | None = None, seed: int = 1, chunk: int = CHUNK
) -> Places:
    """Return the site of each line, NOWHERE where it waits: never worse than the naive rules, nor than `start`.

    `seconds` is the processor time after which it is not improved any more: five for every thousand orders unless
    told. Beyond `chunk` orders, a chunk after the other is rounded, each paying for pieces what they are worth to all.
    """
    thousands = max(1.0, len(batch.fixed) / 1000)
    until = time.process_time() + (SECONDS * thousands if seconds is None else seconds)
    known = naive(batch) if start is None else [start, *naive(batch)]
    prices, plans = ascend(batch, upper=min(map(batch.total, known)))
    rounded = reinserted(batch, _rounded(batch, prices, [*plans, *known], until=until, chunk=chunk), passes=1)
    best = min([*known, rounded], key=batch.total)
    return improved(batch, best, prices, until=until, seed=seed)


def naive(batch: Batch) -> list[Places]:
    """Return the solutions by the naive rules: first come, first served, and most coverage first."""
    return [first_come(batch), most_coverage(batch)]


def bound(batch: Batch) -> float:
    """Return what no solution costs less than: the value of the linear programme over all plans.

    Within a ten-thousandth of it up to 2,000 orders; of more orders what a long ascent proves, a little less.
    """
    known = naive(batch)
    upper = min(map(batch.total, known))
    if len(batch.fixed) > MOST_EXACT:
        return ascend(batch, upper=upper, rounds=PATIENT_ROUNDS)[0].bound
    prices, plans = ascend(batch, upper=upper)
    return _generated(batch, prices, [*plans, *known], tolerance=1e-4)


def _rounded(batch: Batch, prices: Prices, plans: list[Places], *, until: float, chunk: int) -> Places:
    if len(batch.fixed) <= chunk * 1.5:
        return dive(batch, plans, until=until)
    site = np.full(len(batch.order), NOWHERE)
    stock, capacity = batch.stock, batch.capacity
    for orders in np.array_split(np.arange(len(batch.fixed)), -(-len(batch.fixed) // chunk)):
        some, lines = batch.only(orders, stock, capacity)
        priced = some.paying(prices.stock, prices.capacity)
        site[lines] = dive(priced, [_as_far_as_there_is(some, plan[lines]) for plan in plans], until=until)
        stock, capacity = batch.left(site)
    return site


def _as_far_as_there_is(batch: Batch, site: Places) -> Places:
    """Return a solution in which lines wait whose site has too little of them, or no capacity."""
    enough = (batch.stock[batch.sku, site] >= batch.pieces) & (batch.capacity[site] > 0)
    return np.where(enough, site, NOWHERE)


def _generated(batch: Batch, best: Prices, plans: list[Places], *, tolerance: float) -> float:
    """Add columns until the linear programme's value is within `tolerance` of the bound that its prices prove."""
    pricing, smoothing = Pricing(batch), SMOOTHING
    master = Master(batch, pricing.part)
    for site in [np.full(len(batch.order), NOWHERE), *plans]:
        master.add(site)
    for _ in range(MOST_ROUNDS):
        value, stock, capacity = master.prices()
        stock = smoothing * best.stock + (1 - smoothing) * stock
        capacity = smoothing * best.capacity + (1 - smoothing) * capacity
        totals, site = pricing(stock, capacity)
        proved = float(totals.sum() - (stock * batch.stock).sum() - (capacity * batch.capacity).sum())
        if proved > best.bound:
            best = Prices(stock, capacity, proved)
        new = master.add(site)
        if value - best.bound <= tolerance * abs(best.bound) or (not new and not smoothing):
            break
        smoothing = SMOOTHING if new > master.parts // 20 else 0.0
    return best.bound

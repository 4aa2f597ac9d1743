"""Large-neighbourhood search: a hundred orders that compete choose anew, all others stay; the best found is kept.

Each neighbourhood is a small batch of what the others leave: column generation for its own prices, then a MILP over
its columns. Shaw 1998; Pisinger & Ropke 2010, "Large neighborhood search".
"""

import time

import numpy as np

from orders.sourcing.ascent import Prices
from orders.sourcing.batch import Batch, Pricing
from orders.sourcing.columns import Master
from orders.sourcing.groups import NOWHERE, Numbers, Places

ORDERS = 100
# Times what the pieces are worth to all: the first columns of a neighbourhood, before it has prices of its own.
AROUND = (1.0, 0.7, 1.3)
ROUNDS = 3
# So many neighbourhoods in a row without a better solution, and it is left as it is; likewise so near to the bound.
PATIENCE = 40
NEAR = 1.001
# How much an order that shares no SKU with the first one counts in the choice of the others.
STRANGER = 0.02


def improved(batch: Batch, site: Places, prices: Prices, *, until: float, seed: int) -> Places:
    """Return a solution that costs no more than `site`; stops at the process time `until` at the latest."""
    random, idle, total = np.random.default_rng(seed), 0, batch.total(site)
    paying = batch.paying(prices.stock, prices.capacity)
    totals, _ = Pricing(batch)(prices.stock, prices.capacity)
    least = np.bincount(batch.order, totals, minlength=len(batch.fixed))
    regret = paying.by_order(site) - least
    while idle < PATIENCE and time.process_time() < until and total > prices.bound * NEAR:
        found = _chosen_anew(batch, site, _rivals(batch, regret, random), prices)
        cost = batch.total(found)
        idle = 0 if cost < total else idle + 1
        if cost < total:
            site, total = found, cost
            regret = paying.by_order(site) - least
    return site


def _rivals(batch: Batch, regret: Numbers, random: np.random.Generator) -> Places:
    """Return an order that pays much more than it need at fair prices, and others that want its SKUs; sorted."""
    weight = np.maximum(regret, 1.0)
    first = random.choice(len(regret), p=weight / weight.sum())
    wanted = np.full(len(batch.stock), STRANGER)
    wanted[batch.sku[batch.order == first]] += 1
    score = np.bincount(batch.order, wanted[batch.sku], minlength=len(regret)) * random.random(len(regret))
    score[first] = np.inf
    return np.sort(np.argsort(-score)[:ORDERS])


def _chosen_anew(batch: Batch, site: Places, orders: Places, prices: Prices) -> Places:
    """Return a solution that costs no more, in which only `orders` may differ."""
    moves = np.zeros(len(batch.fixed), dtype=bool)
    moves[orders] = True
    part, lines = batch.only(orders, *batch.left(np.where(moves[batch.order], NOWHERE, site)))
    found = site.copy()
    found[lines] = _small(part, site[lines], prices)
    return found


def _small(batch: Batch, site: Places, prices: Prices) -> Places:
    pricing = Pricing(batch)
    master = Master(batch, pricing.part)
    master.add(np.full(len(site), NOWHERE))
    master.add(site)
    for factor in AROUND:
        master.add(pricing(prices.stock * factor, prices.capacity * factor)[1])
    for _ in range(ROUNDS):
        _, stock, capacity = master.prices()
        if not master.add(pricing(stock, capacity)[1]):
            break
    return master.choose(site)

"""Random orders and locations on a map, the same for the same seed: what `bench sourcing` solves."""

import numpy as np

from orders.sourcing.batch import Batch
from orders.sourcing.plan import Site
from orders.sourcing.subsets import NEVER

LINES = [1, 2, 3, 4, 5]
SHARES = [0.1, 0.2, 0.4, 0.2, 0.1]
PRIORITIES = [1, 1, 1, 2, 4]


def make_batch(orders, locations, *, seed, lines=None, supply=1.05, room=1.15):
    """Return a Batch: `supply` is stock over demand, `room` capacity over the parcels of two for each order.

    About three lines an order (or exactly `lines`) of a SKU for ten orders, sold unevenly; each SKU lies at a third
    of the locations. A parcel costs by distance, a line by weight and distance, a line that waits 1,000 by priority.
    """
    random = np.random.default_rng(seed)
    counts = np.full(orders, lines) if lines else random.choice(LINES, size=orders, p=SHARES)
    skus = max(10, orders // 10)
    popularity = 1 / np.arange(1, skus + 1) ** 0.5
    sku = np.concatenate([random.choice(skus, size=n, replace=False, p=popularity / popularity.sum()) for n in counts])
    order = np.repeat(np.arange(orders), counts)
    pieces = random.choice([1, 2], size=len(order), p=[0.8, 0.2])
    distance = np.linalg.norm(random.random((orders, 1, 2)) - random.random((1, locations, 2)), axis=2)
    kilos = random.gamma(2.0, 0.6, skus)[sku] * pieces
    handling = random.integers(50, 250, locations)
    stock = _stock(random, np.bincount(sku, pieces, minlength=skus) * supply, locations)
    return Batch(
        order=order,
        sku=sku,
        pieces=pieces,
        fixed=np.rint(400 + 600 * distance) + handling,
        cost=np.rint(kilos[:, None] * (40 + 120 * distance[order])),
        missing=1000.0 * random.choice(PRIORITIES, orders)[order],
        stock=stock,
        capacity=np.ceil(stock.sum(0) / stock.sum() * orders * 2 * room).astype(np.int64),
    )


def _stock(random, pieces, locations):
    """Spread so many pieces of each SKU over a third of the locations."""
    stock = np.zeros((len(pieces), locations), dtype=np.int64)
    for sku, count in enumerate(np.ceil(pieces).astype(int)):
        at = random.choice(locations, size=max(1, locations // 3), replace=False)
        stock[sku, at] = random.multinomial(count, random.dirichlet(np.ones(len(at))))
    return stock


def as_sites(orders, locations, *, seed, lines):
    """Yield (demand, sites, weights, tables) of single orders of so many lines, each of which some site has whole.

    `tables` is the same order as the kernels take it, written down from the numbers and not from the sites.
    """
    random = np.random.default_rng(seed)
    for _ in range(orders):
        base, handling = random.integers(40_000, 120_000, locations), random.integers(2_000, 12_000, locations)
        per_kg, grams = random.integers(2_000, 30_000, locations), random.integers(100, 4_000, lines)
        pieces = random.integers(1, 4, lines)
        has = random.integers(1, 9, (lines, locations)) * (random.random((lines, locations)) < 0.35)
        has[np.arange(lines), random.integers(0, locations, lines)] = 9
        cost = (per_kg * (grams * pieces)[:, None] + 500) // 1000
        tables = (base + handling).tolist(), np.where(has >= pieces[:, None], cost, NEVER).tolist(), [NEVER] * lines
        sites = [
            Site(
                id=i,
                code=f"L{i}",
                base=int(base[i]),
                handling=int(handling[i]),
                per_kg=int(per_kg[i]),
                stock=dict(enumerate(has[:, i].tolist())),
            )
            for i in range(locations)
        ]
        yield dict(enumerate(pieces.tolist())), sites, dict(enumerate(grams.tolist())), tables

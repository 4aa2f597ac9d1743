"""What parcels cost by all services of a rate card: one at once, a thousand shopped, beside a loop over the rules."""

import time

import numpy as np

from fulfilment.rating import naive
from fulfilment.rating.price import price
from fulfilment.rating.table import compile_card
from oms.management.bench.measure import median_ms
from oms.management.bench.rate_cards import from_file, made

OPTIONS = ("file", "services", "parcels", "seed")
RUNS = 200
MOST_NAIVE = 100
DEAREST = 2**62


def add_arguments(parser):
    """Take a file with a card and parcels; without one, both are made."""
    parser.add_argument("file", nargs="?", help="JSON with card, on and parcels (from, to, weight_g, sides_mm …)")
    parser.add_argument("--services", type=int, default=30, help="of the card that is made")
    parser.add_argument("--parcels", type=int, default=1000, help="how many are made")
    parser.add_argument("--seed", type=int, default=1, help="of the card and the parcels that are made")


def run(bench, *, scale=1.0, file=None, services=30, parcels=1000, seed=1):
    """Add the milliseconds of one parcel and the seconds of all, and how many bills the loop makes out otherwise."""
    if file:
        panel = from_file(file)
    else:
        bench.add(seed=seed)
        panel = made(services=services, parcels=max(10, round(parcels * scale)), seed=seed)
    bench.add(services=len(panel.card.services), parcels=len(panel.pieces), surcharges=len(panel.card.surcharges))
    began = time.perf_counter()
    table = compile_card(panel.card, panel.on)
    bench.add(compile_ms=(time.perf_counter() - began) * 1000)
    bench.add(one_parcel_ms=median_ms(lambda: _shopped(table, panel.pieces[:1]), max(3, round(RUNS * scale))))
    began, cpu = time.perf_counter(), time.process_time()
    prices, bills = _shopped(table, panel.pieces)
    bench.add(all_parcels_s=time.perf_counter() - began, all_parcels_cpu_s=time.process_time() - cpu)
    _compare(bench, panel, prices)
    if file:
        _instances(bench, panel, table, bills)


def _shopped(table, pieces):
    """Return the Prices, and of each piece the bills of the two cheapest services, as many as take it."""
    prices = price(table, pieces)
    order = np.where(prices.offered, prices.total, DEAREST).argsort(axis=1, kind="stable")[:, :2]
    bills = [[prices.bill(p, s) for s in row if prices.offered[p, s]] for p, row in enumerate(order.tolist())]
    return prices, bills


def _compare(bench, panel, prices):
    """Rate the first pieces a rule at a time; count the bills that differ in any line."""
    some = panel.pieces[:MOST_NAIVE]
    began = time.perf_counter()
    plain = naive.rate(panel.card, some, panel.on)
    bench.add(naive_one_parcel_ms=(time.perf_counter() - began) * 1000 / len(some))
    differ = 0
    for p, row in enumerate(plain):
        for s, terms in enumerate(row):
            ours = prices.terms[:, p, s].tolist() if prices.offered[p, s] else None
            differ += ours != (terms and [int(term) for term in terms])
    bench.add(compared=len(some) * len(panel.card.services), differing=differ)


def _instances(bench, panel, table, bills):
    """Add of each parcel of a file its cheapest bill, beside the least that the file says."""
    for i, (piece, least) in enumerate(zip(panel.pieces, panel.least, strict=True), start=1):
        began = time.perf_counter()
        price(table, [piece])
        ms = (time.perf_counter() - began) * 1000
        best = bills[i - 1][0] if bills[i - 1] else None
        reference = None if least is None else least / 10**panel.card.decimals
        name = f"parcel {i}, {best.service.code if best else 'no service'}"
        bench.instance(name, float(best.total) if best else None, ms=ms, reference=reference)

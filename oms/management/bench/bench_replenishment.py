"""A year of sales again, day by day: the replenishment rules beside a min/max rule tuned on its first months."""

import re
import time
from collections import defaultdict
from csv import DictReader
from datetime import date
from itertools import product
from statistics import median

import numpy as np
from django.core.management.base import CommandError

from inventory.forecasting.replay import Terms, fixed, replay, replenished
from oms.management.bench.series import opened

OPTIONS = ("file", "lead_days", "tuned_days", "fill")
GOODS = re.compile(r"\d{5}[A-Z]*")  # other codes are postage, fees and corrections
COVERS = (7, 10, 14, 18, 22, 28, 35, 42, 56, 70, 90)  # days of mean demand
LOTS = (7, 14, 28, 56)


def add_arguments(parser):
    """Take a file of sales lines in the columns of the UCI Online Retail set."""
    parser.add_argument(
        "file", help="CSV with InvoiceNo, StockCode, Quantity, InvoiceDate and UnitPrice; .gz and .xz too"
    )
    parser.add_argument("--lead-days", type=int, default=7, help="days from an order to the shelf")
    parser.add_argument("--tuned-days", type=int, default=90, help="first days: the history of both rules")
    parser.add_argument("--fill", type=float, default=0.95, help="share of pieces sold that min/max is tuned for")


def run(bench, *, scale=1.0, file, lead_days=7, tuned_days=90, fill=0.95):
    """Add fill rate, mean stock value and orders of the rules after the first days, on what was sold in these.

    Ours twice: each SKU with the service of its class, and classes that have it in the mean (`pooled`).

    Demand is what was bought of goods in a day, less what was cancelled the same day; stock is at median prices.
    Min/max has for all SKUs the days of mean demand that cost least in the first days at the fill rate wanted. What
    it would need for our fill rate is chosen afterwards, which nobody could have known. `scale` takes the first
    share of the SKUs.
    """
    demand, price, first = _sales(file)
    if demand.shape[1] <= tuned_days:
        raise CommandError(f"--tuned-days {tuned_days}: the file has {demand.shape[1]} days.")
    known = np.flatnonzero(demand[:, :tuned_days].any(axis=1))
    known = known[: max(1, round(len(known) * scale))]
    demand, price = demand[known], price[known]
    terms = Terms(lead_time=lead_days)
    bench.add(skus=len(demand), first_day=first.isoformat(), tuned_days=tuned_days, lead_days=lead_days)
    begun = time.perf_counter()
    ours = replay(demand, replenished(terms, price), start=tuned_days, terms=terms, unit_cost=price)
    _add(bench, "replenishment", ours, terms, time.perf_counter() - begun)
    begun = time.perf_counter()
    together = replay(demand, replenished(terms, price, is_pooled=True), start=tuned_days, terms=terms, unit_cost=price)
    _add(bench, "pooled", together, terms, time.perf_counter() - begun)
    _compare(bench, ours, demand=demand, price=price, tuned_days=tuned_days, terms=terms, fill=fill)


def _compare(bench, ours, *, demand, price, tuned_days, terms, fill):
    begun = time.perf_counter()
    daily = demand[:, :tuned_days].mean(axis=1)
    cover, lot = _tuned(demand[:, :tuned_days], price, daily, terms, fill)

    def minmax(days):
        return replay(demand, fixed(daily, cover=days, lot=lot), start=tuned_days, terms=terms, unit_cost=price)

    _add(bench, "minmax", minmax(cover), terms, time.perf_counter() - begun)
    curve = np.array([(one.fill_rate, one.stock_value) for one in map(minmax, COVERS)]).T
    reached = bool(curve[0].max() >= ours.fill_rate)
    bench.add(minmax_cover_days=cover, minmax_lot_days=lot)
    bench.add(minmax_stock_value_at_our_fill=float(np.interp(ours.fill_rate, *curve)) if reached else None)


def _tuned(demand, price, daily, terms, fill):
    """Return (cover, lot) in days: the cheapest with the fill rate wanted on `demand`, or that which fills most."""
    tried = {
        days: replay(demand, fixed(daily, cover=days[0], lot=days[1]), start=0, terms=terms, unit_cost=price)
        for days in product(COVERS, LOTS)
    }
    enough = [days for days, result in tried.items() if result.fill_rate >= fill]
    if not enough:
        return max(tried, key=lambda days: tried[days].fill_rate)
    return min(enough, key=lambda days: tried[days].cost(terms))


def _add(bench, name, result, terms, seconds):
    bench.add(days=result.days, pieces_wanted=result.wanted)
    bench.add(**{f"{name}_fill_rate": result.fill_rate, f"{name}_stock_value": result.stock_value})
    bench.add(**{f"{name}_orders": result.orders, f"{name}_cost": result.cost(terms), f"{name}_s": seconds})


def _sales(path):
    """Return demand (SKUs, days) in pieces, median prices (SKUs,), and the first day."""
    pieces, prices, days = defaultdict(int), defaultdict(list), set()
    try:
        with opened(path) as file:
            for row in DictReader(file):
                day, code, price = row["InvoiceDate"][:10], row["StockCode"].upper(), float(row["UnitPrice"])
                if GOODS.fullmatch(code) and price > 0:
                    days.add(day)
                    pieces[code, day] += int(row["Quantity"])
                    prices[code].append(price)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error}") from None
    except (KeyError, ValueError) as error:
        raise CommandError(f"{path} is no file of sales: {error!r}") from None
    if not days:
        raise CommandError(f"{path} has no sales of goods.")
    first, last = date.fromisoformat(min(days)), date.fromisoformat(max(days))
    codes = {code: number for number, code in enumerate(sorted(prices))}
    demand = np.zeros((len(codes), (last - first).days + 1))
    for (code, day), count in pieces.items():
        demand[codes[code], (date.fromisoformat(day) - first).days] = max(count, 0)
    return demand, np.array([median(prices[code]) for code in codes]), first

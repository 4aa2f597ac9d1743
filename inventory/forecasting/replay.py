"""A year again, day by day: what a replenishment rule would have sold, held and ordered."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from inventory.forecasting.assortment import LeadTimes, pooled_points, shared_variance, typical_dispersion, worth
from inventory.forecasting.demand import Matrix
from inventory.forecasting.ensemble import forecast
from inventory.forecasting.ordering import SERVICE, abc, economic_quantities, packed
from inventory.forecasting.reorder import Pieces, reorder_points

WEEK = 7
LEAST_COST = 0.01  # money: what costs nothing would be stocked without end
LEAST_DAYS = 3  # seen in a week, below which the week counts as unseen


@dataclass(frozen=True)
class Terms:
    """What buying costs: days from order to shelf, money an order line, share of its value a piece costs a year."""

    lead_time: int = 7
    order_cost: float = 2.0
    holding: float = 0.25


@dataclass(frozen=True)
class Levels:
    """Order when on hand and on its way fall to `point`, up to `up_to`; pieces, (series,) each."""

    point: Pieces
    up_to: Pieces


@dataclass(frozen=True)
class Replay:
    """What came of it: share of pieces sold, mean stock in money, order lines placed, pieces wanted and lost, days."""

    fill_rate: float
    stock_value: float
    orders: int
    wanted: int
    lost: int
    days: int

    def cost(self, terms: Terms) -> float:
        """Return money spent on ordering and holding."""
        return self.orders * terms.order_cost + self.stock_value * terms.holding * self.days / 365


# From what was seen so far, (series, days) with NaN where a shelf was empty, to the levels of the days to come.
Rule = Callable[[Matrix], Levels]


def replay(demand: Matrix, rule: Rule, *, start: int, terms: Terms, unit_cost: Matrix) -> Replay:
    """Return what `rule` does with demand (series, days) from day `start`; what is not on hand is lost.

    Each day deliveries come first, then sales, then orders, which come `lead_time` days later. The rule sees the
    days before `start` whole and then only what was sold, an empty shelf as NaN; it is asked at the start and each
    week. The shelves start at its `up_to`.
    """
    seen = np.array(demand[:, :start], dtype=float)
    levels = rule(seen)
    on_hand = levels.up_to.copy()
    due = np.zeros((terms.lead_time + 1, len(demand)), dtype=np.int64)
    value, orders, lost = 0.0, 0, 0
    days = demand.shape[1] - start
    for day in range(days):
        if day and day % WEEK == 0:
            levels = rule(seen)
        slot = day % len(due)
        on_hand += due[slot]
        due[slot] = 0
        wanted = demand[:, start + day].astype(np.int64)
        sold = np.minimum(wanted, on_hand)
        on_hand -= sold
        lost += int((wanted - sold).sum())
        seen = np.column_stack([seen, np.where((on_hand > 0) | (sold > 0), sold, np.nan)])
        bought = _bought(levels, on_hand + due.sum(axis=0))
        due[(slot + terms.lead_time) % len(due)] += bought
        orders += int(np.count_nonzero(bought))
        value += float(on_hand @ unit_cost)
    wanted_all = int(demand[:, start:].sum())
    return Replay(1 - lost / max(wanted_all, 1), value / max(days, 1), orders, wanted_all, lost, days)


def _bought(levels: Levels, position: Pieces) -> Pieces:
    return np.asarray(np.where(position <= levels.point, np.maximum(levels.up_to - position, 0), 0), dtype=np.int64)


def replenished(terms: Terms, unit_cost: Matrix, *, is_pooled: bool = False) -> Rule:
    """Return the rule of replenishment: weekly forecasts, negative binomial points, economic quantities.

    The service is that of each series' class by value (A 97 %, B 95 %, C 90 %), of the class in the mean where
    `is_pooled`; protected is the lead time and the day until the next look.
    """

    def levels(seen: Matrix) -> Levels:
        history = weeks(seen)
        expected = forecast(history, 1)
        span = (terms.lead_time + 1) / WEEK
        weekly = expected.mean[:, 0]
        classes = abc(np.nansum(seen, axis=1) * unit_cost)
        service = np.array([SERVICE[name] for name in classes], dtype=float)
        point = reorder_points(weekly * span, expected.variance * span, service=service)
        for name in SERVICE if is_pooled else ():
            rows = classes == name
            cost = np.maximum(unit_cost[rows], LEAST_COST)
            point[rows] = _together(weekly[rows] * span, expected.dispersion[rows], cost, service=SERVICE[name])
        lot = economic_quantities(weekly * 52, order_cost=terms.order_cost, unit_cost=unit_cost, holding=terms.holding)
        return Levels(point, point + packed(lot))

    return levels


def _together(mean: Matrix, dispersion: Matrix, cost: Matrix, *, service: float) -> Pieces:
    """Return the points of a class that has `service` in the mean."""
    variance = shared_variance(mean, dispersion, typical=typical_dispersion(dispersion))
    now = LeadTimes(mean, variance, cost)
    return pooled_points(now, threshold=worth(now, service=service), service=service)


def weeks(seen: Matrix) -> Matrix:
    """Return (series, weeks): daily pieces (series, days) as weeks that end on the last day.

    A week with days unseen has the mean of the others for them; one with fewer than 3 days seen is NaN.
    """
    count = seen.shape[1] // WEEK
    daily = seen[:, seen.shape[1] - count * WEEK :].reshape(len(seen), count, WEEK)
    days = np.count_nonzero(~np.isnan(daily), axis=2)
    return np.where(days >= LEAST_DAYS, np.nansum(daily, axis=2) * WEEK / np.maximum(days, 1), np.nan)


def fixed(daily: Matrix, *, cover: float, lot: float) -> Rule:
    """Return the min/max rule: order at `cover` days of the mean `daily` demand (series,), up to `lot` days more."""
    point = np.ceil(daily * cover).astype(np.int64)
    levels = Levels(point, point + np.maximum(np.ceil(daily * lot), 1).astype(np.int64))
    return lambda seen: levels

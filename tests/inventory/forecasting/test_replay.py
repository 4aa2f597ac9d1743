"""The replay against one SKU at a time in plain Python, and what the rules make of demand that is known."""

from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.forecasting.replay import Levels, Terms, fixed, replay, replenished, weeks
from tests.inventory.forecasting.strategies import matrices


def by_hand(days, *, point, up_to, lead_time, price):
    """Return (pieces lost, mean stock value, orders) of one SKU."""
    on_hand, coming, lost, value, orders = up_to, [], 0, 0.0, 0
    for day, wanted in enumerate(days):
        on_hand += sum(pieces for due, pieces in coming if due == day)
        coming = [(due, pieces) for due, pieces in coming if due > day]
        sold = min(wanted, on_hand)
        on_hand -= sold
        lost += wanted - sold
        position = on_hand + sum(pieces for _, pieces in coming)
        if position <= point and up_to > position:
            coming.append((day + lead_time, up_to - position))
            orders += 1
        value += on_hand * price
    return lost, value / len(days), orders


@given(demand=matrices(longest=40), point=st.integers(0, 60), lot=st.integers(1, 80), lead_time=st.integers(1, 9))
def test_a_replay_is_that_of_one_sku_at_a_time(demand, point, lot, lead_time):
    price = np.arange(1.0, len(demand) + 1)
    levels = Levels(np.full(len(demand), point), np.full(len(demand), point + lot))
    found = replay(demand, lambda seen: levels, start=0, terms=Terms(lead_time=lead_time), unit_cost=price)
    alone = [
        by_hand(days.astype(int).tolist(), point=point, up_to=point + lot, lead_time=lead_time, price=price[row])
        for row, days in enumerate(demand)
    ]
    assert found.lost == sum(lost for lost, _, _ in alone)
    assert found.stock_value == pytest.approx(sum(value for _, value, _ in alone))
    assert found.orders == sum(orders for _, _, orders in alone)
    assert found.fill_rate == pytest.approx(1 - found.lost / max(found.wanted, 1))


def test_a_rule_is_asked_each_week_and_sees_only_what_was_sold_before():
    demand = np.full((1, 24), 3.0)
    asked = []

    def rule(seen):
        asked.append(seen.copy())
        return Levels(np.zeros(1, dtype=np.int64), np.full(1, 7))

    replay(demand, rule, start=8, terms=Terms(lead_time=3), unit_cost=np.ones(1))
    assert [seen.shape[1] for seen in asked] == [8, 15, 22]
    # 7 on the shelf: 3, 3, the last 1 and then nothing until 7 come, three days after the order.
    expected = [3.0] * 10 + [1.0, nan, nan, 3.0, 3.0]
    assert np.array_equal(asked[1][0], expected, equal_nan=True)


@settings(max_examples=50)
@given(seen=matrices(st.one_of(st.integers(0, 9).map(float), st.just(nan)), shortest=7, longest=30))
def test_weeks_are_sums_of_what_was_seen_for_seven_days(seen):
    found = weeks(seen)
    for row, days in enumerate(seen):
        for week in range(found.shape[1]):
            end = len(days) - 7 * (found.shape[1] - week - 1)
            known = [day for day in days[end - 7 : end] if not isnan(day)]
            assert (
                isnan(found[row, week])
                if len(known) < 3
                else found[row, week] == pytest.approx(sum(known) * 7 / len(known))
            )


def test_replenishment_follows_demand_that_grew_where_a_fixed_rule_runs_dry():
    rate = np.concatenate([np.full(90, 2.0), np.full(150, 6.0)])
    demand = np.random.default_rng(8).poisson(rate, (60, 240)).astype(float)
    terms, price = Terms(), np.full(60, 4.0)
    daily = demand[:, :90].mean(axis=1)
    ours = replay(demand, replenished(terms, price), start=90, terms=terms, unit_cost=price)
    theirs = replay(demand, fixed(daily, cover=12, lot=28), start=90, terms=terms, unit_cost=price)
    assert ours.fill_rate > 0.95 > theirs.fill_rate


def test_replenishment_holds_the_service_of_steady_demand():
    demand = np.random.default_rng(9).poisson(5, (80, 250)).astype(float)
    terms, price = Terms(lead_time=6), np.full(80, 10.0)
    result = replay(demand, replenished(terms, price), start=90, terms=terms, unit_cost=price)
    assert result.fill_rate > 0.98
    assert result.stock_value / 80 / 10 < 5 * 40, "not more than forty days"
    assert result.cost(terms) == pytest.approx(result.orders * 2 + result.stock_value * 0.25 * 160 / 365)

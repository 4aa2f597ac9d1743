import itertools
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.forecasting.ordering import abc, economic_quantities, expected_lost, packed, within_budget
from inventory.forecasting.transfers import transfers


def test_the_economic_quantity_is_the_cheapest_of_all():
    yearly, order_cost, unit_cost, holding = 1_200.0, 8.0, 2.5, 0.25
    quantity = economic_quantities(
        np.array([yearly]), order_cost=order_cost, unit_cost=np.array([unit_cost]), holding=holding
    )[0]

    def cost(pieces):
        return yearly / pieces * order_cost + pieces / 2 * unit_cost * holding

    assert round(quantity) == min(range(1, 1_200), key=cost)


def test_economic_quantities_of_odd_items():
    found = economic_quantities(
        np.array([0.0, 30.0, 2.0]), order_cost=10, unit_cost=np.array([5.0, 0.0, 0.01]), holding=0.2
    )
    assert found.tolist() == [1, 30, 2], "one piece at least, what is free for a year, never more than a year"


@given(wanted=st.floats(-5, 200), least=st.integers(1, 60), pack=st.integers(1, 30))
def test_orders_are_whole_packs_of_at_least_the_minimum(wanted, least, pack):
    found = int(packed(np.array([wanted]), least=least, pack=pack)[0])
    candidates = [pieces for pieces in range(0, 400, pack) if pieces >= wanted and pieces >= least]
    assert found == (candidates[0] if wanted > 0 else 0)


def test_classes_are_cut_by_the_value_they_add_up_to():
    assert abc(np.array([5.0, 80.0, 0.0, 15.0])).tolist() == ["C", "A", "C", "B"]
    assert abc(np.array([100.0, 1.0])).tolist() == ["A", "C"], "the one that passes the cut belongs before it"
    assert abc(np.zeros(2)).tolist() == ["C", "C"]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 20)), max_size=7), st.integers(0, 25))
def test_a_budget_is_kept_and_no_proposal_that_fits_is_left(proposals, budget):
    cost, saved = (np.array([float(row[column]) for row in proposals]) for column in (0, 1))
    bought = within_budget(cost, saved, budget=budget)
    spent = cost[bought].sum()
    assert spent <= budget
    assert all(cost[left] > budget - spent for left in np.flatnonzero(~bought))
    best = max(
        (
            sum(saved[list(some)])
            for size in range(len(cost) + 1)
            for some in itertools.combinations(range(len(cost)), size)
            if sum(cost[list(some)]) <= budget
        ),
        default=0,
    )
    dearest = max((saved[row] for row in range(len(cost)) if cost[row] <= budget), default=0)
    assert saved[bought].sum() + dearest >= best - 1e-9, "greedy and the best single one are half of the best"


def test_what_saves_most_for_its_money_is_bought_first():
    assert within_budget(np.array([10.0, 5, 0]), np.array([30.0, 20, 0]), budget=10).tolist() == [False, True, True]


def test_lost_pieces_are_what_chance_says():
    draws = np.random.default_rng(2).normal(20, 6, 400_000)
    for position in (5.0, 20.0, 31.0):
        lost = expected_lost(np.array([20.0]), np.array([36.0]), np.array([position]))[0]
        assert lost == pytest.approx(np.maximum(draws - position, 0).mean(), abs=0.03)


def test_near_surplus_is_moved_before_far_surplus_and_before_buying():
    cost = np.array([[0, 1, 9], [1, 0, 2], [9, 2, 0.0]])
    position, keep, need = np.array([20, 0, 30]), np.array([15, 10, 10]), np.array([0, 12, 0])
    assert transfers(position, keep, need, cost) == [(0, 1, 5), (2, 1, 7)]
    cost[2, 1] = np.inf
    assert transfers(position, keep, need, cost) == [(0, 1, 5)]


@pytest.mark.parametrize("seed", range(30))
def test_no_location_gives_what_it_keeps_or_takes_more_than_it_lacks(seed):
    chance = random.Random(seed)
    places = range(4)
    position, keep, need = (np.array([chance.randrange(12) for _ in places]) for _ in range(3))
    moves = transfers(position, keep, need, np.array([[chance.random() for _ in places] for _ in places]))
    given_away = [sum(move.pieces for move in moves if move.source == place) for place in places]
    got = [sum(move.pieces for move in moves if move.target == place) for place in places]
    for place in places:
        assert given_away[place] == 0 or need[place] == 0
        assert given_away[place] <= max(position[place] - keep[place], 0)
        assert got[place] <= need[place]
    spare = sum(max(position[place] - keep[place], 0) for place in places if need[place] == 0)
    assert sum(got) == min(spare, need.sum()), "what can be moved is"

import numpy as np
from hypothesis import given

from orders.sourcing.groups import MOST_LINES, NOWHERE, assign
from orders.sourcing.subsets import NEVER
from tests.orders.sourcing.problems import optimum, tables


@given(tables(sites=5, lines=MOST_LINES))
def test_no_subset_of_any_size_is_cheaper(problem):
    totals, places = assign(*(np.array([numbers], dtype=float) for numbers in problem))
    best = optimum(*problem)
    assert (totals[0] == best) if best < NEVER else (totals[0] >= NEVER)
    assert cost_of(places[0], *problem) == totals[0]


def cost_of(places, fixed, cost, free):
    opened = {int(place) for place in places} - {NOWHERE}
    lines = zip(places, cost, free, strict=True)
    return sum(fixed[i] for i in opened) + sum(none if i == NOWHERE else line[i] for i, line, none in lines)


def test_many_orders_at_once_are_each_solved_alone():
    random = np.random.default_rng(7)
    fixed, cost = random.integers(1, 90, (2000, 40)), random.integers(0, 60, (2000, 4, 40))
    free = random.integers(0, 120, (2000, 4))
    totals, places = assign(fixed, cost, free)
    for i in (0, 1, 1234, 1999):
        alone, place = assign(fixed[i : i + 1], cost[i : i + 1], free[i : i + 1])
        assert (totals[i], list(places[i])) == (alone[0], list(place[0]))

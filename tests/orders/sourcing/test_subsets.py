from hypothesis import given, settings

from orders.sourcing.subsets import NEVER, bound_of_more, cheapest_subsets, priced
from tests.orders.sourcing.problems import every, optimum, tables, total

KEEP = 5


@given(tables())
def test_plain_loops_find_the_best_three_sites(problem):
    found, _ = cheapest_subsets(*problem, keep=KEEP)
    assert (found[0][0] if found else NEVER) == optimum(*problem, most=3)


@settings(max_examples=60)
@given(tables(least=9, sites=13))
def test_arrays_keep_every_subset_worth_keeping(problem):
    """Whatever is cheaper than the last one kept, and of which no site is idle, is kept too."""
    found, _ = cheapest_subsets(*problem, keep=KEEP)
    assert (found[0][0] if found else NEVER) == optimum(*problem, most=3)
    assert all(total(subset, *problem) == cost for cost, subset in found)
    limit = found[-1][0] if len(found) == KEEP else NEVER
    for cost, subset in every(*problem, most=min(3, len(problem[1]))):
        smaller = (tuple(i for i in subset if i != idle) for idle in subset)
        if cost < limit and all(total(each, *problem) > cost for each in smaller):
            assert (cost, subset) in found


def test_few_sites_in_triples_still_gives_the_pairs():
    fixed, cost, free = [1] * 12, [[i for i in range(12)], [12 - i for i in range(12)]], [NEVER, NEVER]
    found, _ = cheapest_subsets(fixed, cost, free, keep=1, in_triples=3)
    assert found == [(optimum(fixed, cost, free), (0, 11))]


@given(tables())
def test_bound_of_four_sites_is_never_above_them(problem):
    fixed, cost, _ = problem
    bound = bound_of_more(*problem)
    useful = [each for each, subset in every(*problem) if len(subset) >= 4 and each < NEVER]
    if len(cost) >= 4 and len(fixed) >= 4:
        assert all(bound <= each for each in useful)


def test_priced_takes_the_cheapest_open_site_or_none():
    assert priced((0, 1), [5, 7, 9], [[3, 1, 0], [4, 6, 0]], [NEVER, 2]) == (15, (0, 1))

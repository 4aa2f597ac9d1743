from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from orders.sourcing.plan import Objective
from orders.sourcing.search import search
from tests.orders.sourcing.problems import site

FEWEST = Objective(split=10_000_000)


def find(demand, *sites, objective=FEWEST):
    return search(demand, sites, weights=dict.fromkeys(demand, 1000), objective=objective).best


def test_cheapest_of_those_that_have_all():
    best = find({1: 2}, site(1, {1: 5}, 9), site(2, {1: 5}, 4), site(3, {1: 1}, 1))
    assert best.pieces == {(1, 2): 2}


def test_high_split_penalty_means_fewest_parcels():
    best = find({1: 1, 2: 1}, site(1, {1: 1}, 1), site(2, {2: 1}, 1), site(3, {1: 1, 2: 1}, 90))
    assert [place.id for place in best.sites] == [3]


def test_two_cheap_parcels_beat_a_dear_one_where_splitting_costs_little():
    sites = site(1, {1: 1}, 10), site(2, {2: 1}, 10), site(3, {1: 1, 2: 1}, 90)
    best = find({1: 1, 2: 1}, *sites, objective=Objective(split=60))
    assert ([place.id for place in best.sites], best.cost) == ([1, 2], 80)
    assert best.terms == {"shipping": 20, "handling": 0, "split": 60, "late": 0, "scarce": 0}
    assert len(find({1: 1, 2: 1}, *sites, objective=Objective(split=80)).sites) == 1


def test_line_that_nobody_has_whole_is_split_largest_stock_first():
    best = find({1: 5}, site(1, {1: 2}), site(2, {1: 4}))
    assert best.pieces == {(1, 2): 4, (1, 1): 1}


def test_rest_of_a_split_line_comes_from_the_cheapest_that_has_it():
    best = find({1: 5}, site(1, {1: 3}, 90), site(2, {1: 4}), site(3, {1: 2}, 10))
    assert best.pieces == {(1, 2): 4, (1, 3): 1}


def test_other_lines_go_with_the_parcel_of_a_split_line():
    best = find({1: 5, 2: 1}, site(1, {1: 4}), site(2, {1: 3, 2: 1}, 70), site(3, {2: 1}, 10), objective=Objective())
    assert best.pieces == {(1, 1): 4, (1, 2): 1, (2, 2): 1}


def test_what_nobody_has_is_missing_and_the_rest_is_served_from_everywhere():
    best = find({1: 9}, *(site(i, {1: 1}) for i in range(5)))
    assert (len(best.sites), best.missing) == (5, {1: 4})


def test_weight_counts():
    best = find({1: 10}, site(1, {1: 10}, 10_000, 20_000), site(2, {1: 10}, 50_000, 10_000))
    assert (best.sites[0].id, best.cost) == (2, 150_000)


def test_late_parcel_loses_to_a_dearer_one_in_time():
    sites = site(1, {1: 1}, 50, late_days=2), site(2, {1: 1}, 90)
    assert find({1: 1}, *sites, objective=Objective(late_per_day=19)).sites[0].id == 1
    assert find({1: 1}, *sites, objective=Objective(late_per_day=21)).sites[0].id == 2


def test_store_keeps_its_last_pieces_while_they_cost_more_than_another_lane():
    store = site(1, {1: 2}, 50, scarce={1: 30})
    assert find({1: 2}, store, site(2, {1: 9}, 111)).terms["scarce"] == 60
    assert find({1: 2}, store, site(2, {1: 9}, 109)).sites[0].id == 2


def test_four_places_where_nothing_less_is_cheaper():
    """Beyond what enumeration looks at: few lines by their groups, many by the MILP."""
    for lines in (4, 8):
        alone = [site(i, {i: 1}, 10) for i in range(lines)]
        best = find(dict.fromkeys(range(lines), 1), *alone, site(99, None, 1000), objective=Objective(split=5))
        assert (len(best.sites), best.cost) == (lines, lines * 15 - 5)


def test_nothing_anywhere_is_all_missing():
    found = search({1: 3}, [site(1, {})], weights={1: 0})
    assert (found.best.missing, found.excluded) == ({1: 3}, {"L1": "nothing in stock"})


def test_nothing_wanted_is_nothing_sent():
    found = search({}, [site(1, {1: 1})], weights={})
    assert (found.best.sites, found.best.missing, found.best.cost) == ((), {}, 0)


def test_supplier_has_whatever_is_asked():
    assert find({1: 999}, site(1, None)).pieces == {(1, 1): 999}


def test_ten_plans_are_kept_best_first():
    found = search({1: 1}, [site(i, {1: 1}, 100 - i) for i in range(30)], weights={1: 1})
    assert [plan.cost for plan in found.plans] == list(range(71, 81))
    assert found.considered == 31


stocks = st.lists(
    st.tuples(
        st.dictionaries(st.integers(1, 3), st.integers(0, 4), max_size=3), st.integers(1, 20), st.integers(0, 5000)
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=150)
@given(stocks, st.dictionaries(st.integers(1, 3), st.integers(1, 4), min_size=1, max_size=3), st.integers(0, 30))
def test_no_assignment_of_whole_lines_is_better(sites, demand, split):
    """Against a brute force over every assignment of lines to single sites, which the plan may not lose to."""
    places = [site(i, stock, base, per_kg) for i, (stock, base, per_kg) in enumerate(sites)]
    best = find(demand, *places, objective=Objective(split=split))
    check(best, places, demand)
    able = [[place for place in places if place.has(sku) >= wanted] for sku, wanted in demand.items()]
    costs = []
    for choice in product(*able):
        parcels = {place.id: place.base for place in choice}
        lines = zip(choice, demand.items(), strict=True)
        by_weight = sum((place.per_kg * pieces * 1000 + 500) // 1000 for place, (_, pieces) in lines)
        costs.append(sum(parcels.values()) + split * (len(parcels) - 1) + by_weight)
    if costs:
        assert (best.cost, best.missing) == (min(costs), {})


def check(plan, places, demand):
    """Stock is never exceeded, and every piece is served or missing."""
    for (sku, id_), pieces in plan.pieces.items():
        assert 0 < pieces <= places[id_].has(sku)
    for sku, wanted in demand.items():
        served = sum(pieces for (code, _), pieces in plan.pieces.items() if code == sku)
        assert served + plan.missing.get(sku, 0) == wanted
    assert {place.id for place in plan.sites} == {id_ for _, id_ in plan.pieces}
    assert plan.cost == sum(plan.terms.values())

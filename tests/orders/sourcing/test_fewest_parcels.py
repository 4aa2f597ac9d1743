from decimal import Decimal
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from orders.sourcing.fewest_parcels import search
from orders.sourcing.plan import Site


def site(id_, stock, base="5", per_kg="0"):
    return Site(id_, f"L{id_}", Decimal(base), Decimal(per_kg), 1, stock)


def find(demand, *sites):
    return search(demand, sites, weights=dict.fromkeys(demand, 1000)).best


def test_cheapest_of_those_that_have_all():
    best = find({1: 2}, site(1, {1: 5}, "9"), site(2, {1: 5}, "4"), site(3, {1: 1}, "1"))
    assert best.pieces == {(1, 2): 2}


def test_one_parcel_beats_two_cheap_ones():
    best = find({1: 1, 2: 1}, site(1, {1: 1}, "1"), site(2, {2: 1}, "1"), site(3, {1: 1, 2: 1}, "90"))
    assert [place.id for place in best.sites] == [3]


def test_line_that_nobody_has_whole_is_split_largest_stock_first():
    best = find({1: 5}, site(1, {1: 2}), site(2, {1: 4}))
    assert best.pieces == {(1, 2): 4, (1, 1): 1}


def test_weight_counts():
    best = find({1: 10}, site(1, {1: 10}, "1", "2"), site(2, {1: 10}, "5", "1"))
    assert best.sites[0].id == 2
    assert best.cost == 15


def test_nothing_anywhere_is_all_missing():
    found = search({1: 3}, [site(1, {})], weights={1: 0})
    assert (found.best.missing, found.excluded) == ({1: 3}, {"L1": "nothing in stock"})


def test_supplier_has_whatever_is_asked():
    assert find({1: 999}, site(1, None)).pieces == {(1, 1): 999}


stocks = st.lists(
    st.tuples(st.dictionaries(st.integers(1, 3), st.integers(0, 4), max_size=3), st.integers(1, 20)),
    min_size=1,
    max_size=4,
)


@given(stocks, st.dictionaries(st.integers(1, 3), st.integers(1, 4), min_size=1, max_size=3))
def test_no_assignment_of_whole_lines_is_better(sites, demand):
    """Against a brute force over every assignment of lines to single sites, which the plan may not lose to."""
    places = [site(i, stock, str(base)) for i, (stock, base) in enumerate(sites)]
    best = find(demand, *places)
    for (sku, id_), pieces in best.pieces.items():
        assert pieces <= places[id_].has(sku)
    for sku, wanted in demand.items():
        served = sum(pieces for (code, _), pieces in best.pieces.items() if code == sku)
        assert served + best.missing.get(sku, 0) == wanted
    for choice in product(places, repeat=len(demand)):
        if all(place.has(sku) >= wanted for place, (sku, wanted) in zip(choice, demand.items(), strict=True)):
            used = {place.id: place for place in choice}
            cost = sum(place.base for place in used.values())
            assert best.rank[:3] <= (0, len(used), cost)

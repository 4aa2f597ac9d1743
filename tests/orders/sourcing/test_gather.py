from orders.sourcing.gather import Route, gathered
from orders.sourcing.plan import Objective
from tests.orders.sourcing.problems import site

NEAR, FAR, HUB = site(1, {}, 10), site(2, {}, 10), site(3, {}, 10)
GRAMS = {1: 1000, 2: 500}
CHEAP = Route(base=3, per_kg=2)


def found(*targets, routes, split=0, late=0):
    sources = {1: NEAR, 2: FAR}
    return gathered(GRAMS, sources, {each.id: each for each in targets}, routes, Objective(split, late))


def test_one_parcel_and_a_cheap_ride_beat_two_parcels():
    best = found(NEAR, FAR, routes={(2, 1): CHEAP})
    assert (best.site, best.terms["gathering"], best.cost, best.saves) == (NEAR, 4, 14, 6)


def test_parcels_apart_that_cost_no_more_stay_apart():
    assert found(NEAR, routes={(2, 1): Route(base=10, per_kg=0)}) is None


def test_split_penalty_counts_for_gathering():
    assert found(NEAR, routes={(2, 1): Route(base=10, per_kg=0)}, split=1).saves == 1


def test_nothing_goes_where_no_route_leads():
    assert found(NEAR, FAR, HUB, routes={(1, 3): CHEAP}) is None


def test_a_place_that_has_nothing_of_it_can_be_the_cheapest():
    hub = site(3, {}, 1)
    best = found(NEAR, hub, routes={(1, 3): CHEAP, (2, 3): CHEAP, (2, 1): Route(base=9, per_kg=0)})
    assert (best.site, best.cost) == (hub, 1 + 5 + 4)


def test_a_late_parcel_is_no_choice_unless_late_days_have_their_price():
    late = site(1, {}, 10, late_days=2)
    assert found(late, routes={(2, 1): CHEAP}) is None
    assert found(late, routes={(2, 1): CHEAP}, late=1).terms["late"] == 2
    assert found(late, routes={(2, 1): CHEAP}, late=3) is None

import json
from decimal import Decimal

import pytest

from orders.sourcing.plan import Objective, amount, units
from orders.sourcing.search import search
from tests.orders.sourcing.problems import site


def test_money_goes_to_units_and_back_to_cents():
    assert (units(Decimal("4.9")), amount(49_049), amount(49_050)) == (49_000, Decimal("4.90"), Decimal("4.90"))
    assert amount(49_051) == Decimal("4.91")


def test_plan_for_people_leaves_out_terms_of_nothing():
    sites = [site(1, {1: 1}, 40_000, handling=5_000), site(2, {2: 2}, 20_000)]
    found = search({1: 1, 2: 3}, sites, weights={1: 0, 2: 0}, objective=Objective(split=30_000))
    assert found.as_json() == {
        "plans": [
            {
                "locations": ["L1", "L2"],
                "parcels": 2,
                "missing": 1,
                "cost": "9.50",
                "terms": {"shipping": "6.00", "handling": "0.50", "split": "3.00"},
            }
        ],
        "excluded": {},
        "considered": found.considered,
    }


@pytest.mark.parametrize("sites", [60, 300])
def test_decision_never_takes_more_than_4_kb(sites):
    many = [site(i, {1: 1, 2: 1, 3: 1}, 10_000 + i) for i in range(sites)]
    reasons = {f"STORE-NUMBER-{i}": "no lane to DE by standard" for i in range(sites)}
    found = search({1: 40, 2: 1, 3: 1}, many, weights={1: 1, 2: 1, 3: 1}, excluded=reasons)
    kept = found.as_json()
    assert len(json.dumps(kept)) <= 4096
    assert kept["plans"][0]["parcels"] == 40
    assert len(kept["excluded"]) + kept.get("more_excluded", 0) == sites

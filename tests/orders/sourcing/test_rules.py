"""Rules in their order: the first that fits a location and an order decides."""

from dataclasses import replace

import pytest

from orders.sourcing.plan import Site
from orders.sourcing.rules import Facts, Rule, Strategy

FACTS = Facts(location=7, kind="store", method="express", zones=frozenset({"US", "US-CA"}), channel=3)
LATE = replace(FACTS, is_too_late=True)
HAZARDOUS = replace(FACTS, is_hazmat=True)


@pytest.mark.parametrize(
    ("rule", "fitting", "other"),
    [
        (Rule(location=7), FACTS, replace(FACTS, location=8)),
        (Rule(kind="store"), FACTS, replace(FACTS, kind="warehouse")),
        (Rule(method="express"), FACTS, replace(FACTS, method="standard")),
        (Rule(zone="US"), FACTS, replace(FACTS, zones=frozenset({"DE"}))),
        (Rule(zone="US-CA"), FACTS, replace(FACTS, zones=frozenset({"US", "US-NY"}))),
        (Rule(channel=3), FACTS, replace(FACTS, channel=4)),
        (Rule(is_hazmat=True), HAZARDOUS, FACTS),
        (Rule(is_too_late=True), LATE, FACTS),
    ],
)
def test_each_condition_fits_what_it_says_and_nothing_else(rule, fitting, other):
    assert (rule.fits(fitting), rule.fits(other)) == (True, False)


def test_all_conditions_of_a_rule_have_to_fit():
    rule = Rule(kind="store", method="express", zone="US")
    assert rule.fits(FACTS)
    assert not rule.fits(replace(FACTS, method="standard"))


def test_first_rule_that_fits_decides_and_without_one_it_serves():
    but_this_one = Strategy(rules=(Rule(1, is_served=True, location=7), Rule(2, "parcels", kind="store")))
    assert but_this_one.why_not(FACTS) == ""
    assert but_this_one.why_not(replace(FACTS, location=8)) == "rule 2: no parcels"
    assert but_this_one.why_not(replace(FACTS, location=8, kind="3pl")) == ""
    turned = Strategy(rules=but_this_one.rules[::-1])
    assert turned.why_not(FACTS) == "rule 2: no parcels"


def test_barred_goods_are_not_there_however_many_lie_there():
    site = Site(1, "L1", stock={1: 5, 2: 5}, barred=frozenset({1}))
    assert (site.has(1), site.has(2)) == (0, 5)
    assert Site(1, "L1", barred=frozenset({1})).has(1) == 0


@pytest.mark.parametrize(
    ("rules", "never"),
    [
        ([], False),
        ([Rule(location=1)], True),
        ([Rule(kind="store", channel=7)], True),
        ([Rule(location=2)], False),
        ([Rule(channel=8)], False),
        ([Rule(location=1, zone="US")], False),
        ([Rule(location=1, zone="US"), Rule(kind="store")], True),
        ([Rule(location=1, is_served=True, is_hazmat=True), Rule(kind="store")], False),
    ],
)
def test_a_location_serves_never_what_no_order_gets_from_it(rules, never):
    assert Strategy(rules=tuple(rules)).serves_never(1, "store", 7) == never

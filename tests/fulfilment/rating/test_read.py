from copy import deepcopy
from datetime import date

import pytest

from fulfilment.rating.card import CardError
from fulfilment.rating.read import read
from fulfilment.rating.table import compile_card
from fulfilment.rating.zones import NO_ZONE, place, prefixes
from tests.fulfilment.rating.cards import PARCEL


def changed(*path, to):
    """The sound card with what stands at `path` replaced."""
    card = deepcopy(PARCEL)
    inner = card
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = to
    return card


@pytest.mark.parametrize(
    ("path", "value", "where", "why"),
    [
        (["weight_unit"], "stone", "weight_unit", "Choose of lb, kg, g."),
        (["weight_step"], "0.3333", "weight_step", "Give a step"),
        (["weight_step"], "x/0", "weight_step", "Give a step"),
        (["colour"], "red", "colour", "There is no such field"),
        (["zones"], [], "zones", "Give a list of 1"),
        (["zones", 0, "to"], ["12"], "zones[1].to", "is no prefix"),
        (["zones", 1, "to"], ["US119-100"], "zones[2].to", "is no range"),
        (["zones", 2, "to"], ["US105"], "zones[3].to", "has another zone already"),
        (["services", 0, "breaks", 1], "1.5", "services[1].breaks", "no multiple of 1"),
        (["services", 0, "breaks", 1], "1", "services[1].breaks", "ascend"),
        (["services", 0, "prices", "2"], ["1"], "services[1].prices.2", "There are 1 prices for 6 breaks"),
        (["services", 0, "prices", "2", 3], "9.999", "services[1].prices.2", "more than 2 decimals"),
        (["services", 0, "prices", "2", 3], -1, "services[1].prices.2", "is no number from 0"),
        (["services", 0, "prices", "2", 3], "NaN", "services[1].prices.2", "is no number from 0"),
        (["services", 0, "prices", "2", 3], True, "services[1].prices.2", "is no number from 0"),
        (["services", 0, "prices", "7"], [], "services[1].prices.7", "There is no such field; known: 5, 2, 3, 8."),
        (["services", 0, "prices"], [1], "services[1].prices", "Give an object"),
        (["services", 1, "code"], "ground", "services", "Two services have one code"),
        (["services", 1, "cut_off"], "25:00", "services[2].cut_off", "as 17:00"),
        (["services", 1, "days"], 90, "services[2].days", "More than 60 days"),
        (["services", 2, "dimensional", "divisor"], 0, "services[3].dimensional.divisor", "whole number from 1"),
        (["services", 2, "limits", "smell"], 1, "services[3].limits.smell", "There is no such field"),
        (["surcharges", 0, "percent"], "2", "surcharges[1].amount", "Give one of"),
        (["surcharges", 3, "amount"], None, "surcharges[4].amount", "Give an amount"),
        (["surcharges", 1, "when", "weight"], 50, "surcharges[2].when.weight", "Give one of above"),
        (["surcharges", 1, "services"], ["sea"], "surcharges[2].services", "sea is none of ground"),
        (["surcharges", 6, "per_value", "step"], "0", "surcharges[7].per_value.step", "insures"),
        (["surcharges", 7, "from"], "soon", "surcharges[8].from", "as 2025-08-18"),
        (["fuel", 0, "percent"], "1001", "fuel[1].percent", "is a mistake"),
        (["fuel", 0, "percent"], None, "fuel[1].percent", "Give a percentage"),
        (["sides", 0, "from"], "2025-08-18", "sides[2].from", "twice"),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(path, value, where, why):
    with pytest.raises(CardError) as refused:
        read(changed(*path, to=value))
    assert why in refused.value.problems[where]


@pytest.mark.parametrize("document", [None, [], "card", 5, {}])
def test_what_is_no_card(document):
    with pytest.raises(CardError):
        read(document)


def test_all_problems_are_told_at_once():
    with pytest.raises(CardError, match="weight_unit.*zones"):
        read(changed("weight_unit", to="stone") | {"zones": []})


def test_a_currency_without_cents_has_no_cents():
    with pytest.raises(CardError, match="more than 0 decimals"):
        read(PARCEL, decimals=0)


def test_the_longest_prefixes_say_the_zone():
    zones = compile_card(read(PARCEL), date(2025, 9, 10)).zones
    pairs = [("US10001", "US11999"), ("US10001", "US20001"), ("US20001", "US10001"), ("US10001", "DE1"), ("DE1", "US1")]
    found = [PARCEL["zones"][1]["zone"], "5", "5", None, None]
    names = read(PARCEL).zones
    assert [None if zone == NO_ZONE else names[zone] for zone in zones.of(pairs)] == found


def test_places_and_ranges_are_written_alike():
    assert place("gb", "sw1a 1aa") == "GBSW1A1AA"
    assert prefixes("US098-101") == ("US098", "US099", "US100", "US101")
    assert prefixes("*") == ("",)

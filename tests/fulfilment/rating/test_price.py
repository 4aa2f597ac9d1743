from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fulfilment.rating.naive import rate
from fulfilment.rating.piece import Piece
from fulfilment.rating.price import price
from fulfilment.rating.read import read
from fulfilment.rating.table import compile_card
from oms.management.bench.rate_cards import made
from tests.fulfilment.rating.cards import EXPRESS, PARCEL

ON = date(2025, 9, 10)
CARD = compile_card(read(PARCEL), ON)
DESTINATIONS = ["US10001", "US13201", "US90001", "US60601", "US96701"]
MANY = {"code": "many", "breaks": ["2"], "prices": {"2": ["1.00"]}, "extra": {"2": "0.01"}}
pieces = st.builds(
    Piece,
    origin=st.sampled_from(["US10001", "US20001"]),
    destination=st.sampled_from([*DESTINATIONS, "CAM5V"]),
    weight_g=st.integers(1, 80_000),
    sides_mm=st.none() | st.tuples(*[st.integers(1, 2_000)] * 3),
    value=st.integers(0, 100_000),
    options=st.frozensets(st.sampled_from(["residential", "signature", "other"])),
    shipment=st.sampled_from(["", "one", "two"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(pieces, min_size=1, max_size=5), st.dates(date(2024, 12, 1), date(2026, 2, 1)))
def test_many_at_once_cost_what_a_loop_over_the_rules_says(found, on):
    for card in (read(PARCEL), read(EXPRESS)):
        assert bills(card, found, on) == rate(card, found, on)


def test_random_cards_cost_what_a_loop_over_the_rules_says():
    for seed in (1, 2, 3):
        panel = made(services=7, parcels=40, seed=seed)
        assert bills(panel.card, panel.pieces, panel.on) == rate(panel.card, panel.pieces, panel.on)


@settings(max_examples=60, deadline=None)
@given(pieces, st.integers(1, 20_000))
def test_what_is_heavier_never_costs_less(piece, more):
    heavier = Piece(**{**vars(piece), "weight_g": min(80_000, piece.weight_g + more), "shipment": ""})
    prices = price(CARD, [Piece(**{**vars(piece), "shipment": ""}), heavier])
    both = prices.offered.all(axis=0)
    assert (prices.total[0, both] <= prices.total[1, both]).all()


@settings(max_examples=60, deadline=None)
@given(pieces)
def test_never_below_the_minimum_and_the_terms_are_the_total(piece):
    prices = price(CARD, [piece])
    for s in np.flatnonzero(prices.offered[0]).tolist():
        bill = prices.bill(0, s)
        assert bill.total * 100 >= CARD.card.services[s].minimum
        assert sum(term.amount for term in bill.terms) == bill.total == Decimal(int(prices.total[0, s])).scaleb(-2)


def test_what_is_charged_once_a_shipment_is_on_its_first_parcel():
    card = compile_card(read(EXPRESS), ON)
    both = [Piece("DE1", "DE2", 500, options=frozenset(["pickup"]), shipment="S") for _ in range(2)]
    alone = [Piece("DE1", "DE2", 500, options=frozenset(["pickup"])) for _ in range(2)]
    assert [pickups(card, found) for found in (both, alone)] == [[True, False], [True, True]]


@pytest.mark.parametrize("step", ["1/16", "1/8", "0.1", "0.25", "0.5", "1", "2"])
def test_a_weight_of_whole_steps_is_not_rounded_up(step):
    card = compile_card(read(PARCEL | {"weight_step": step, "services": [MANY], "surcharges": [], "fuel": []}), ON)
    pound, part = Decimal("453.59237"), Decimal(card.card.step.numerator) / card.card.step.denominator
    found = [Piece("US10001", "US10001", count * part * pound) for count in range(1, 60)]
    assert price(card, found).billed[:, 0].tolist() == list(range(1, 60))
    above = [Piece("US10001", "US10001", count * part * pound + Decimal("0.000001")) for count in range(1, 60)]
    assert price(card, above).billed[:, 0].tolist() == list(range(2, 61))


def test_a_service_that_does_not_take_a_parcel_has_no_bill():
    prices = price(CARD, [Piece("US10001", "CAM5V", 500)])
    assert not prices.offered.any()
    with pytest.raises(ValueError, match="does not take"):
        prices.bill(0, 0)


@pytest.mark.parametrize(
    "wrong", [{"weight_g": 0}, {"weight_g": 10**8}, {"sides_mm": (1, 0, 1)}, {"sides_mm": (9000,) * 3}, {"value": -1}]
)
def test_what_is_no_parcel(wrong):
    with pytest.raises(ValueError, match=r"A (parcel|side)"):
        Piece(**{"origin": "DE", "destination": "DE", "weight_g": 500} | wrong)


def pickups(card, found):
    prices = price(card, found)
    return ["pickup" in [term.code for term in prices.bill(p, 0).terms] for p in range(len(found))]


def bills(card, found, on):
    """Return the cents of each term, shaped as `rate` does."""
    prices = price(compile_card(card, on), found)
    return [
        [prices.terms[:, p, s].tolist() if prices.offered[p, s] else None for s in range(len(card.services))]
        for p in range(len(found))
    ]

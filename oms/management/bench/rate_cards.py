"""Rate cards and parcels: out of a file, or made from a seed."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
from django.core.management import CommandError

from fulfilment.rating.card import Card, CardError
from fulfilment.rating.piece import Piece
from fulfilment.rating.read import read
from fulfilment.rating.zones import place

ZONES = 8
BREAKS = [*range(1, 21), 25, 30, 40, 50, 70, 100, 150]
ON = date(2025, 9, 10)
OPTIONS = ("residential", "signature")


@dataclass(frozen=True)
class Panel:
    """A card, what is to be sent on the day `on`, and the least cents each parcel is known to cost, or None."""

    card: Card
    pieces: list[Piece]
    on: date
    least: list[int | None]


def from_file(path):
    """Return the Panel of a JSON file: {"card", "on", "parcels": [{"from", "to", "weight_g", "sides_mm", …}]}.

    Raises CommandError, saying what is wrong with it.
    """
    try:
        told = json.loads(Path(path).read_text(), parse_float=Decimal)
        card = read(told["card"], decimals=told.get("decimals", 2))
        cents = [row.get("least") for row in told["parcels"]]
        least = [None if amount is None else int(Decimal(str(amount)).scaleb(card.decimals)) for amount in cents]
        return Panel(card, [_piece(row, card) for row in told["parcels"]], date.fromisoformat(told["on"]), least)
    except (CardError, OSError, KeyError, ValueError, TypeError, ArithmeticError, AttributeError) as error:
        raise CommandError(f"{path}: {error!r}") from error


def _piece(row, card):
    sides = row.get("sides_mm")
    return Piece(
        place("", row["from"]),
        place("", row["to"]),
        row["weight_g"],
        tuple(sides) if sides else None,
        value=int(Decimal(str(row.get("value", 0))).scaleb(card.decimals)),
        options=frozenset(row.get("options", [])),
        shipment=row.get("shipment", ""),
    )


def made(*, services, parcels, seed):
    """Return a Panel of so many services, with the surcharges that parcel carriers publish, and random parcels."""
    dice = np.random.default_rng(seed)
    return Panel(read(made_card(services, dice)), made_pieces(parcels, dice), ON, [None] * parcels)


def made_card(services, dice):
    """Return the document of a card in pounds with 8 zones by postcode, 12 surcharges and weekly fuel."""
    return {
        "weight_unit": "lb",
        "length_unit": "in",
        "sides": [{"round": "nearest"}, {"from": "2025-08-18", "round": "up"}],
        "dimensional": {"divisor": 139},
        "zones": [
            {"from": ["US100"], "to": [f"US{low:03}-{low + 124:03}"], "zone": str(2 + low // 125)}
            for low in range(0, 1000, 125)
        ],
        "services": [_service(i, dice) for i in range(services)],
        "surcharges": _surcharges(dice),
        "fuel": [{"from": f"2025-{month:02}-01", "percent": str(15 + month)} for month in range(1, 13)],
    }


def _service(i, dice):
    base = float(dice.uniform(4, 20))
    prices = {str(2 + z): [f"{base * (1 + 0.12 * z) * (1 + 0.06 * edge):.2f}" for edge in BREAKS] for z in range(ZONES)}
    own = {"dimensional": {"divisor": 166, "above": 1728}} if i % 5 == 4 else {}
    return own | {
        "code": f"service-{i + 1}",
        "breaks": [str(edge) for edge in BREAKS],
        "prices": prices,
        "days": int(dice.integers(1, 6)),
        "discount": str(int(dice.integers(0, 40))),
        "minimum": f"{base * 0.9:.2f}",
    }


def _surcharges(dice):
    def cents():
        return f"{dice.uniform(2, 30):.2f}"

    group = {"group": "handling", "fuel": True}
    return [
        {"code": "large", "amount": "90.00", "billed_at_least": "90", "when": {"girth": {"above": 130}}} | group,
        {"code": "heavy", "amount": cents(), "when": {"weight": {"above": 50}}} | group,
        {"code": "long", "amount": cents(), "when": {"longest": {"above": 48}}} | group,
        {"code": "wide", "amount": cents(), "when": {"second": {"above": 30}}} | group,
        {"code": "residential", "amount": cents(), "fuel": True, "when": {"options": ["residential"]}},
        {"code": "remote", "amount": cents(), "fuel": True, "when": {"to": ["US59", "US82-83", "US99"]}},
        {"code": "farther", "amount": cents(), "fuel": True, "when": {"to": ["US995-999"]}},
        {"code": "signature", "amount": cents(), "when": {"options": ["signature"]}},
        {"code": "value", "amount": "1.35", "least": "4.05", "per_value": {"over": "100", "step": "100"}},
        {"code": "peak", "amount": "2.10", "from": "2025-09-01", "until": "2026-01-17", "zones": ["8", "9"]},
        {"code": "pickup", "amount": "7.00", "per": "shipment"},
        {"code": "security", "percent": "0.7", "of": "running", "least": "0.10", "most": "3.00"},
    ]


def made_pieces(parcels, dice):
    """Return parcels of 100 g to 40 kg with sides up to 1.4 m, a third of them of one shipment with others."""
    grams = np.exp(dice.uniform(np.log(100), np.log(40_000), parcels)).astype(int)
    sides = np.exp(dice.uniform(np.log(30), np.log(1_400), (parcels, 3))).astype(int)
    value, postcode = dice.integers(0, 80_000, parcels), dice.integers(0, 100_000, parcels)
    asked = dice.uniform(size=(parcels, 2)) < (0.6, 0.1)
    return [
        Piece(
            "US10001",
            f"US{postcode[i]:05}",
            int(grams[i]),
            (int(sides[i, 0]), int(sides[i, 1]), int(sides[i, 2])),
            value=int(value[i]),
            options=frozenset(name for name, is_asked in zip(OPTIONS, asked[i], strict=True) if is_asked),
            shipment=str(i // 3) if i % 9 < 3 else "",
        )
        for i in range(parcels)
    ]

"""A rate card compiled to arrays, as it stands on one day."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from fulfilment.rating.card import EXACT, LENGTH_UNITS, MEASURES, WEIGHT_UNITS, Card, Surcharge
from fulfilment.rating.piece import Ints
from fulfilment.rating.rules import Rules, compile_rules
from fulfilment.rating.zones import Zones, compile_zones

NONE = -1  # no price
# Code and name of the terms of each bill: these, the surcharges of the day in their order, fuel.
FREIGHT = (("price", "Freight"), ("discount", "Discount"), ("minimum", "Up to the minimum"))
FUEL = ("fuel", "Fuel")
ANY = 2**62

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Table:
    """The arrays of a card; S services, Z zones, B weight breaks of all services together, R surcharges of the day.

    `rate` (S, Z, B) in cents, NONE where not offered; `breaks` (B,) and `last` (S,) in steps; `extra` (S, Z) cents a
    step above `last`; `discount` and `fuel` (S,) in millionths; `minimum` (S,) in cents; `limits` (S, measures); `days`
    (S, Z), NONE unknown. Volume is billed where it is above `above` (S,), (1/100 mm)³, at `divisor` (S,) of those a
    step; a divisor of 0 bills none.
    """

    card: Card
    rounding: str
    zones: Zones
    breaks: Ints
    rate: Ints
    last: Ints
    extra: Ints
    discount: Ints
    minimum: Ints
    fuel: Ints
    divisor: Ints
    above: Ints
    limits: Ints
    days: Ints
    rules: Rules
    names: tuple[tuple[str, str], ...]

    @property
    def length_unit(self) -> int:
        return LENGTH_UNITS[self.card.length_unit]

    @property
    def weight_unit(self) -> int:
        return WEIGHT_UNITS[self.card.weight_unit]


def compile_card(card: Card, on: date, *, zones: Zones | None = None) -> Table:
    """Return the Table of `card` on the day `on`: its fuel, rounding and surcharges of that day.

    `zones` are those of another day of the same card, which do not change.
    """
    breaks = sorted({edge for service in card.services for edge in service.breaks})
    volume = LENGTH_UNITS[card.length_unit] ** 3
    dimensional = [service.dimensional for service in card.services]
    rules = [rule for rule in card.surcharges if _holds(rule, on)]
    return Table(
        card=card,
        rounding=next((rounding for first, rounding in reversed(card.sides) if first <= on), EXACT),
        zones=zones or compile_zones(card.zone_rules),
        breaks=_ints(breaks),
        rate=_rates(card, breaks),
        last=_ints([service.breaks[-1] for service in card.services]),
        extra=_ints([[NONE if cents is None else cents for cents in service.extra] for service in card.services]),
        discount=_ints([service.discount for service in card.services]),
        minimum=_ints([service.minimum for service in card.services]),
        fuel=_fuel(card, on),
        divisor=_ints([one.divisor * volume if one else 0 for one in dimensional]),
        above=_ints([min(one.above * volume, ANY) if one else 0 for one in dimensional]),
        limits=_limits(card),
        days=_ints([[NONE if days is None else days for days in service.days] for service in card.services]),
        rules=compile_rules(rules, services=len(card.services), zones=len(card.zones)),
        names=(*FREIGHT, *((rule.code, rule.name) for rule in rules), FUEL),
    )


def _holds(rule: Surcharge, on: date) -> bool:
    return (rule.first is None or rule.first <= on) and (rule.last is None or on <= rule.last)


def _rates(card: Card, breaks: list[int]) -> Ints:
    """Return each service's price at each break of any: that of its own first break that is not below it."""
    rate = np.full((len(card.services), len(card.zones), len(breaks)), NONE, dtype=np.int64)
    for s, service in enumerate(card.services):
        at = np.searchsorted(service.breaks, breaks).clip(max=len(service.breaks) - 1)
        own = [[NONE if cents is None else cents for cents in row] for row in service.prices]
        rate[s] = np.array(own, dtype=np.int64)[:, at]
    return rate


def _fuel(card: Card, on: date) -> Ints:
    """Return the share that was said last, by day, for each service."""
    found = np.zeros(len(card.services), dtype=np.int64)
    for fuel in card.fuel:
        if fuel.first <= on:
            found[sorted(range(len(found)) if fuel.services is None else fuel.services)] = fuel.share
    return found


def _limits(card: Card) -> Ints:
    limits = np.full((len(card.services), len(MEASURES)), ANY, dtype=np.int64)
    for s, service in enumerate(card.services):
        for bound in service.limits:
            limits[s, bound.measure] = bound.most
    return limits


def _ints(values: list) -> Ints:
    return np.array(values, dtype=np.int64)

"""What parcels cost by each service of a card: one gather out of its arrays, itemised to the cent.

The billable weight is the greater of weight and volume, rounded up to the card's step, or what a surcharge says that
is billed at least. Price by zone and first break not below it · less the discount · up to the minimum · the surcharges
in their order · fuel on the freight (those three) and on the surcharges that take it. Each term is rounded once, half
up to the cent, and the total is the sum of the terms. UPS Rate and Service Guide and FedEx Service Guide, 2025, in
that order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from fulfilment.rating.card import Service
from fulfilment.rating.piece import Ints, Piece, measures, sides, weights
from fulfilment.rating.rules import Flags, share_of
from fulfilment.rating.table import NONE, Table


@dataclass(frozen=True)
class Term:
    """One line of a bill."""

    code: str
    name: str
    amount: Decimal


@dataclass(frozen=True)
class Bill:
    """What one parcel costs by one service: its terms but those of 0; `weight` is billed, in the card's unit."""

    service: Service
    zone: str
    weight: Fraction
    days: int | None
    terms: tuple[Term, ...]

    @property
    def total(self) -> Decimal:
        return sum((term.amount for term in self.terms), Decimal(0))


@dataclass(frozen=True)
class Prices:
    """Of P pieces by S services: `terms` (T, P, S) and `total` (P, S) in cents, `billed` (P, S) in steps of weight.

    `offered` (P, S): a service that is not has no meaning in the other arrays. `zone` (P,), NO_ZONE where none.
    """

    table: Table
    zone: Ints
    billed: Ints
    offered: Flags
    terms: Ints

    @property
    def total(self) -> Ints:
        return self.terms.sum(axis=0)

    def bill(self, piece: int, service: int) -> Bill:
        """Return the itemised bill; raises ValueError when the service does not take the piece."""
        if not self.offered[piece, service]:
            raise ValueError("This service does not take this parcel.")
        card, zone = self.table.card, int(self.zone[piece])
        cents = self.terms[:, piece, service].tolist()
        return Bill(
            service=card.services[service],
            zone=card.zones[zone],
            weight=int(self.billed[piece, service]) * card.step,
            days=card.services[service].days[zone],
            terms=tuple(
                Term(*self.table.names[t], Decimal(amount).scaleb(-card.decimals))
                for t, amount in enumerate(cents)
                if amount
            ),
        )


def price(table: Table, pieces: Sequence[Piece]) -> Prices:
    """Return what each of `pieces` costs by each service of `table`, where it is offered."""
    weight, value = weights(pieces), np.array([piece.value for piece in pieces], dtype=np.int64)
    size = sides(pieces, unit=table.length_unit, rounding=table.rounding)
    seen = measures(weight, size, value)
    zone = table.zones.of([(piece.origin, piece.destination) for piece in pieces])
    grid = table.rules.applying(seen, pieces, zone)
    billed = table.rules.raised(_billable(table, weight, size), grid)
    base = _base(table, billed, zone)
    fits = (seen[:, None, :] <= table.limits[None, :, :]).all(axis=2)
    offered = (zone >= 0)[:, None] & (base >= 0) & fits
    terms = np.zeros((4 + len(table.rules.surcharges), *base.shape), dtype=np.int64)
    terms[0] = np.where(offered, base, 0)
    terms[1] = -share_of(terms[0], table.discount)
    terms[2] = (table.minimum - terms[0] - terms[1]).clip(min=0)
    table.rules.charge(terms, grid, zone, value)
    fueled = [3 + r for r, rule in enumerate(table.rules.surcharges) if rule.takes_fuel]
    terms[-1] = share_of(terms[[0, 1, 2, *fueled]].sum(axis=0), table.fuel)
    return Prices(table, zone, billed, offered, terms)


def _billable(table: Table, weight: Ints, size: Ints) -> Ints:
    """Return the greater of weight and volume in steps, rounded up; shape (pieces, services)."""
    step = table.card.step
    by_weight = _up(weight * step.denominator, table.weight_unit * step.numerator)
    volume = size.prod(axis=1)[:, None]
    counts = (volume > table.above) & (table.divisor > 0)
    by_volume = _up(volume * step.denominator, np.maximum(table.divisor, 1) * step.numerator)
    return np.maximum(by_weight[:, None], np.where(counts, by_volume, 0))


def _base(table: Table, billed: Ints, zone: Ints) -> Ints:
    """Return the price by zone and break, NONE where there is none; shape (pieces, services)."""
    services = np.arange(len(table.last))
    at = np.searchsorted(table.breaks, billed).clip(max=len(table.breaks) - 1)
    base = table.rate[services, zone[:, None], at]
    above = billed - table.last
    extra = table.extra[services, zone[:, None]]
    beyond = above > 0
    is_none = (base == NONE) | (beyond & (extra == NONE))
    return np.where(is_none, NONE, base + np.where(beyond, above * extra, 0))


def _up(amount: Ints, size: Ints | int) -> Ints:
    return -(-amount // size)

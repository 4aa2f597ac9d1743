"""A parcel as a rate card sees it, and many of them as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

import numpy as np
from numpy.typing import NDArray

from fulfilment.rating.card import GRAM, MILLIMETRE, NEAREST, UP

Ints = NDArray[np.int64]
HEAVIEST_G, LONGEST_MM = 10_000_000, 20_000
LARGEST = 10**17  # (1/100 mm)³: 100 m³


@dataclass(frozen=True)
class Piece:
    """One parcel: places as `zones.place` writes them, weight in grams, sides in millimetres (none: not measured).

    Weight and sides may be Decimal; what is finer than 1/8,000,000 g or 1/100 mm is rounded up. `value` is the
    declared value in cents. Pieces of one `shipment` share what is charged once a shipment; "" is one by itself.
    Raises ValueError for a weight that is not above 0, or a size beyond 20 m or 100 m³.
    """

    origin: str
    destination: str
    weight_g: int | Decimal
    sides_mm: tuple[int | Decimal, int | Decimal, int | Decimal] | None = None
    value: int = 0
    options: frozenset[str] = frozenset()
    shipment: str = ""

    def __post_init__(self):
        if not 0 < self.weight_g <= HEAVIEST_G or self.value < 0:
            raise ValueError("A parcel has a weight above 0, of at most 10 tonnes, and no value below 0.")
        sides = self.sides_mm or (1, 1, 1)
        if (
            not all(0 < side <= LONGEST_MM for side in sides)
            or sides[0] * sides[1] * sides[2] * MILLIMETRE**3 > LARGEST
        ):
            raise ValueError("A side is above 0 and at most 20 m, and a parcel at most 100 m³.")


def weights(pieces: Sequence[Piece]) -> Ints:
    """Return the weights in 1/8,000,000 g; shape (pieces,)."""
    return np.array([_units(piece.weight_g, GRAM) for piece in pieces], dtype=np.int64)


def sides(pieces: Sequence[Piece], *, unit: int, rounding: str) -> Ints:
    """Return the sides in 1/100 mm, the longest first, each rounded to whole `unit`s as said; shape (pieces, 3).

    A side that was measured is one unit at least; of a parcel that was not, all are 0.
    """
    flat = [tuple(_units(side, MILLIMETRE) for side in piece.sides_mm or (0, 0, 0)) for piece in pieces]
    found = -np.sort(-np.array(flat, dtype=np.int64).reshape(-1, 3), axis=1)
    if rounding == UP:
        return -(-found // unit) * unit
    if rounding == NEAREST:
        return np.where(found > 0, np.maximum((2 * found + unit) // (2 * unit), 1) * unit, 0)
    return found


def measures(weight: Ints, sides: Ints, value: Ints) -> Ints:
    """Return what conditions look at, in the order of MEASURES; shape (pieces, measures)."""
    girth = sides[:, 0] + 2 * (sides[:, 1] + sides[:, 2])
    return np.stack([weight, sides[:, 0], sides[:, 1], sides[:, 2], girth, sides.prod(axis=1), value], axis=1)


def _units(value: int | Decimal, size: int) -> int:
    if isinstance(value, int):
        return value * size
    return int((value * size).to_integral_value(ROUND_CEILING))

"""Surcharges as arrays: which apply to which parcel by which service, and what they come to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fulfilment.rating.card import MEASURES, MILLION, Surcharge
from fulfilment.rating.piece import Ints, Piece
from fulfilment.rating.zones import longest

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Rules:
    """The surcharges of a day in their order, R of them, with C conditions in all.

    A condition looks at a column of measures, then options, then prefixes of destinations, and holds between `least`
    and `most` (C,); `of` (C, R) says whose it is. `services` (R, S), `zones` and `amounts` (R, Z).
    """

    surcharges: tuple[Surcharge, ...]
    options: tuple[str, ...]
    prefixes: tuple[dict[str, int], ...]
    column: Ints
    least: Ints
    most: Ints
    of: NDArray[np.float32]
    services: Flags
    zones: Flags
    amounts: Ints

    def applying(self, measures: Ints, pieces: Sequence[Piece], zone: Ints) -> Flags:
        """Return which surcharge is charged to which piece by which service; shape (R, pieces, S)."""
        features = self._features(measures, pieces)[:, self.column]
        fails = (features < self.least) | (features > self.most)
        holds = (fails.astype(np.float32) @ self.of == 0).T & self.zones[:, zone] & (zone >= 0)
        for r, rule in enumerate(self.surcharges):
            if rule.once_a_shipment:
                _keep_first(holds[r], pieces)
        grid = holds[:, :, None] & self.services[:, None, :]
        taken: dict[str, Flags] = {}
        for r, rule in enumerate(self.surcharges):
            if rule.group:
                before = taken.get(rule.group, False)
                grid[r] &= ~np.asarray(before)
                taken[rule.group] = before | grid[r]
        return grid

    def raised(self, billed: Ints, grid: Flags) -> Ints:
        """Return the billable steps (pieces, S) where surcharges say what they are at least."""
        for r, rule in enumerate(self.surcharges):
            if rule.billed_at_least:
                billed = np.where(grid[r], np.maximum(billed, rule.billed_at_least), billed)
        return billed

    def charge(self, terms: Ints, grid: Flags, zone: Ints, value: Ints) -> None:
        """Write what each surcharge comes to into `terms` (freight's three, then R; pieces, S), in cents.

        A share is rounded half up to the cent, then brought between its least and most.
        """
        for r, rule in enumerate(self.surcharges):
            row = 3 + r
            if rule.share:
                amount = share_of(terms[: row if rule.of_running else 3].sum(axis=0), rule.share)
            else:
                amount = (self.amounts[r, zone] * _times(rule, value))[:, None]
            if rule.least or rule.most is not None:
                due = amount > 0
                amount = np.where(due, amount.clip(rule.least, rule.most), 0)
            np.multiply(amount, grid[r], out=terms[row])

    def _features(self, measures: Ints, pieces: Sequence[Piece]) -> Ints:
        """Return the measures, then 1 or 0 for each option and each set of prefixes; shape (pieces, columns)."""
        if not self.options and not self.prefixes:
            return measures
        flags = [
            [name in piece.options for name in self.options]
            + [longest(known, piece.destination) >= 0 for known in self.prefixes]
            for piece in pieces
        ]
        return np.concatenate([measures, np.array(flags, dtype=np.int64)], axis=1)


def compile_rules(surcharges: Sequence[Surcharge], *, services: int, zones: int) -> Rules:
    """Return `surcharges`, those of one day, as arrays over so many services and zones."""
    options = tuple(sorted({name for rule in surcharges for name in rule.options}))
    prefixes: list[dict[str, int]] = []
    conditions: list[tuple[int, int, int, int]] = []  # column, least, most, surcharge
    for r, rule in enumerate(surcharges):
        conditions += [(bound.measure, bound.least, bound.most, r) for bound in rule.bounds]
        conditions += [(len(MEASURES) + options.index(name), 1, 1, r) for name in rule.options]
        if rule.destinations:
            conditions.append((len(MEASURES) + len(options) + len(prefixes), 1, 1, r))
            prefixes.append(dict.fromkeys(rule.destinations, 0))
    table = np.array(conditions, dtype=np.int64).reshape(-1, 4)
    of = np.zeros((len(conditions), len(surcharges)), dtype=np.float32)
    of[np.arange(len(conditions)), table[:, 3]] = 1
    amounts = [rule.amounts or (0,) * zones for rule in surcharges]
    return Rules(
        surcharges=tuple(surcharges),
        options=options,
        prefixes=tuple(prefixes),
        column=table[:, 0],
        least=table[:, 1],
        most=table[:, 2],
        of=of,
        services=_mask([rule.services for rule in surcharges], services),
        zones=_mask([rule.zones for rule in surcharges], zones),
        amounts=np.array(amounts, dtype=np.int64).reshape(len(surcharges), zones),
    )


def share_of(amount: Ints, share: Ints | int) -> Ints:
    """Return `share` millionths of each amount of cents, which is not negative, rounded half up to the cent."""
    return (2 * amount * share + MILLION) // (2 * MILLION)


def _times(rule: Surcharge, value: Ints) -> Ints | int:
    """Return how often the amount is charged to each piece: once, or for each begun step of its value."""
    if rule.per_value is None:
        return 1
    over, step = rule.per_value
    return -(-(value - over).clip(min=0) // step)


def _keep_first(holds: Flags, pieces: Sequence[Piece]) -> None:
    """Let the surcharge hold for the first of the pieces of each shipment for which it does."""
    seen: set[str] = set()
    for i in np.flatnonzero(holds).tolist():
        shipment = pieces[i].shipment
        if shipment and shipment in seen:
            holds[i] = False
        seen.add(shipment)


def _mask(chosen: list[frozenset[int] | None], length: int) -> Flags:
    """Return which of `length` each chooses; shape (choices, length)."""
    mask = np.zeros((len(chosen), length), dtype=bool)
    for row, indices in zip(mask, chosen, strict=True):
        row[sorted(range(length) if indices is None else indices)] = True
    return mask

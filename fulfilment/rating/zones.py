"""Zones by prefixes of where a parcel leaves and where it goes: the longest prefix that fits counts."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fulfilment.rating.card import ZoneRule
from fulfilment.rating.fields import Fields

NO_ZONE = -1
MOST_OF_RANGE = 10_000
LAST = "\uffff"
RANGE = re.compile(r"([A-Z]{2})(\d+)-\1?(\d+)")


def place(country: str, postcode: str) -> str:
    """Return how prefixes write a place: "US10001", "GBSW1A1AA": country (ISO 3166) and postcode, no blanks."""
    return re.sub(r"[^A-Z0-9]", "", f"{country}{postcode}".upper())


def prefixes(text: str) -> tuple[str, ...]:
    """Return the prefixes that `text` means: "DE", "US100", "US005-098" (each of the range), "*" (anywhere).

    Raises ValueError for anything else.
    """
    text = text.upper().replace(" ", "")
    if text == "*":
        return ("",)
    found = RANGE.fullmatch(text)
    if found:
        country, low, high = found.groups()
        if len(low) != len(high) or not 0 <= int(high) - int(low) < MOST_OF_RANGE:
            raise ValueError(f"{text} is no range: write US005-098.")
        return tuple(f"{country}{n:0{len(low)}}" for n in range(int(low), int(high) + 1))
    if not re.fullmatch(r"[A-Z]{2}[A-Z0-9]{0,10}", text):
        raise ValueError(f"{text[:20]} is no prefix: write DE, US100, US005-098 or *.")
    return (text,)


def read_prefixes(fields: Fields, name: str, *, most: int, needed: bool = False) -> tuple[str, ...]:
    """Return the prefixes that the list `name` of a document means, ranges spelt out."""
    found: list[str] = []
    for value in fields.items(name, most=most, needed=needed):
        try:
            found += prefixes(str(value))
        except ValueError as error:
            fields.blame(name, str(error))
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Zones:
    """`zone` [origin prefix, destination prefix], indices of a card's zones; NO_ZONE where it does not go."""

    origins: dict[str, int]
    destinations: dict[str, int]
    zone: NDArray[np.int16]

    def of(self, pairs: Iterable[tuple[str, str]]) -> NDArray[np.int64]:
        """Return the zone of each (origin, destination), written as `place` does; shape (pairs,)."""
        rows, columns = [], []
        for origin, destination in pairs:
            rows.append(longest(self.origins, origin))
            columns.append(longest(self.destinations, destination))
        found = self.zone[rows, columns].astype(np.int64)
        return np.where((np.array(rows) < 0) | (np.array(columns) < 0), NO_ZONE, found)


def longest(known: dict[str, int], text: str) -> int:
    """Return the value of the longest prefix of `text` in `known`, or -1."""
    for length in range(len(text), -1, -1):
        found = known.get(text[:length])
        if found is not None:
            return found
    return -1


def compile_zones(rules: Sequence[ZoneRule]) -> Zones:
    """Return the zone of each pair of prefixes; the rule of the longest origin counts, then of the longest destination.

    Two rules that are equally long do not overlap: `read` refuses such a card.
    """
    origins = sorted({prefix for rule in rules for prefix in rule.origins})
    destinations = sorted({prefix for rule in rules for prefix in rule.destinations})
    zone = np.full((max(1, len(origins)), max(1, len(destinations))), NO_ZONE, dtype=np.int16)
    blocks = [(o, d, rule.zone) for rule in rules for o in rule.origins for d in rule.destinations]
    for origin, destination, index in sorted(blocks, key=lambda block: (len(block[0]), len(block[1]))):
        zone[_begin_with(origins, origin), _begin_with(destinations, destination)] = index
    return Zones(_numbered(origins), _numbered(destinations), zone)


def _begin_with(names: list[str], prefix: str) -> slice:
    return slice(bisect_left(names, prefix), bisect_right(names, prefix + LAST))


def _numbered(names: list[str]) -> dict[str, int]:
    return {name: i for i, name in enumerate(names)}

"""Goods that lie in several places: which of them to take, so that the whole walk is shortest.

The single picker routing problem with scattered storage (Weidinger 2018; Goeke & Schneider 2021; Heßler & Irnich
2023). Few choices are all priced. Of many: greedy insertion, then parts of the choice are undone and made anew (Shaw
1998, ruin and recreate), each alternative with its exact walk; all alternatives of a step are priced at once.
"""

import random
from dataclasses import dataclass
from itertools import combinations, product
from math import prod

import numpy as np
from numpy.typing import NDArray

from fulfilment.routing.layout import Layout, Stop
from fulfilment.routing.tour import choice_costs, lengths, occupied

FEW = 256
MOST_PLACES = 8  # of an item whose choices are listed
TRIES = 100
NOISE = 0.3


@dataclass(frozen=True)
class Item:
    """`pieces` wanted of a good, and where it lies: (place, pieces there) each. There must be enough."""

    pieces: int
    places: tuple[tuple[Stop, int], ...]


def choose(layout: Layout, items: list[Item], *, tries: int = TRIES, seed: int = 0) -> tuple[list[set[int]], float]:
    """Return ([the indexes of the places to take each item from], metres of the shortest walk past them all).

    Same arguments, same answer. Raises ValueError where an item is not there.
    """
    if any(item.pieces > sum(pieces for _, pieces in item.places) for item in items):
        raise ValueError("Of an item more pieces are wanted than lie anywhere.")
    if not items:
        return [], 0.0
    search, dice = _Search(layout, items), random.Random(seed)
    if found := search.best_of_few():
        return search.by_item(found[0]), found[1]
    best = search.completed(set(), None)
    for _ in range(tries):
        found = search.completed(search.undone(best[0], dice), dice)
        if found[1] <= best[1]:
            best = found
    return search.by_item(best[0]), best[1]


class _Search:
    """All places of all items in one numbering; a choice is a set of these numbers."""

    def __init__(self, layout: Layout, items: list[Item]):
        self.layout = layout
        places = [(i, stop, pieces) for i, item in enumerate(items) for stop, pieces in item.places]
        self.item_of = np.array([i for i, _, _ in places])
        self.pieces = np.array([pieces for _, _, pieces in places])
        self.wanted = np.array([item.pieces for item in items])
        self.masks, self.at = occupied(layout, [[stop] for _, stop, _ in places])
        self.aisle_of = np.array([stop.aisle for _, stop, _ in places])

    def best_of_few(self) -> tuple[set[int], float] | None:
        """Return the shortest of all choices and its metres; None where there are more than FEW."""
        covers = [self._covers(i) for i in range(len(self.wanted))]
        if not all(covers) or prod(map(len, covers)) > FEW:
            return None
        choices = [set().union(*choice) for choice in product(*covers)]
        metres = self._metres(np.array([self._spots(choice) for choice in choices]))
        shortest = int(metres.argmin())
        return choices[shortest], float(metres[shortest])

    def _covers(self, item: int) -> list[set[int]]:
        """Return all ways to take enough of an item from as few places as that way needs; [] if there are many."""
        places = [int(n) for n in np.flatnonzero(self.item_of == item)]
        if len(places) > MOST_PLACES:
            return []
        found: list[set[int]] = []
        for count in range(1, len(places) + 1):
            for chosen in map(set, combinations(places, count)):
                enough = self.pieces[sorted(chosen)].sum() >= self.wanted[item]
                if enough and not any(fewer <= chosen for fewer in found):
                    found.append(chosen)
        return found

    def completed(self, chosen: set[int], dice: random.Random | None) -> tuple[set[int], float]:
        """Return (`chosen` with places added till there is enough of all, the metres of its walk).

        The next is what adds least to the walk a piece that it gives; with `dice`, nearly the least.
        """
        chosen, spots = set(chosen), self._spots(chosen)
        metres, missing = self._metres(spots[None])[0], self._missing(chosen)
        while missing.any():
            open_ = [n for n in np.flatnonzero(missing[self.item_of] > 0) if n not in chosen]
            prices = self._metres(spots | self.masks[open_])
            gain = np.minimum(self.pieces[open_], missing[self.item_of[open_]])
            cost = (prices - metres) / gain
            if dice:
                cost = cost * [1 + NOISE * dice.random() for _ in open_]
            for i in [int(i) for i in np.flatnonzero(prices <= metres)] or [int(cost.argmin())]:
                item = self.item_of[open_[i]]
                if missing[item] > 0:
                    chosen.add(int(open_[i]))
                    spots = spots | self.masks[open_[i]]
                    missing[item] = max(0, missing[item] - self.pieces[open_[i]])
                    metres = max(metres, prices[i])
        return self._without_needless(chosen)

    def undone(self, chosen: set[int], dice: random.Random) -> set[int]:
        """Return `chosen` without some places: those of an aisle, or of some items."""
        if dice.random() < 0.5:
            aisle = self.aisle_of[dice.choice(sorted(chosen))]
            return {n for n in chosen if self.aisle_of[n] != aisle}
        items = set(
            dice.sample(range(len(self.wanted)), dice.randint(1, max(2, len(self.wanted) // 2)) % len(self.wanted) or 1)
        )
        return {n for n in chosen if int(self.item_of[n]) not in items}

    def by_item(self, chosen: set[int]) -> list[set[int]]:
        """Return the indexes of the chosen places of each item."""
        first = np.searchsorted(self.item_of, np.arange(len(self.wanted)))
        return [{n - int(first[i]) for n in chosen if self.item_of[n] == i} for i in range(len(self.wanted))]

    def _without_needless(self, chosen: set[int]) -> tuple[set[int], float]:
        """Drop places whose item has enough without them, as long as that shortens the walk or keeps it."""
        kept = set(chosen)
        while True:
            spare = -self._missing(kept, signed=True)
            needless = [n for n in sorted(kept) if self.pieces[n] <= spare[self.item_of[n]]]
            if not needless:
                return kept, float(self._metres(self._spots(kept)[None])[0])
            metres = self._metres(np.array([self._spots(kept - {n}) for n in needless]))
            kept.remove(needless[int(metres.argmin())])

    def _missing(self, chosen: set[int], *, signed: bool = False) -> NDArray[np.int64]:
        numbers = sorted(chosen)
        got = np.bincount(self.item_of[numbers], self.pieces[numbers], len(self.wanted)) if numbers else 0
        missing = (self.wanted - got).astype(np.int64)
        return missing if signed else np.maximum(missing, 0)

    def _spots(self, chosen: set[int]) -> NDArray[np.bool_]:
        return np.asarray(self.masks[sorted(chosen)].any(0))

    def _metres(self, spots: NDArray[np.bool_]) -> NDArray[np.float64]:
        return lengths(self.layout, choice_costs(self.layout, spots, self.at))

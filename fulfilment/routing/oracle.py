"""What a walk past some of a warehouse's places costs: exact in aisles, by local search over any distance matrix."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from fulfilment.routing.layout import Layout, Stop
from fulfilment.routing.matrix import round_trip
from fulfilment.routing.tour import choice_costs, lengths, occupied

Spots = NDArray[np.bool_]
Metres = NDArray[np.float64]
AT_ONCE = 4096


class Oracle(Protocol):
    """Prices walks; a walk is a row of booleans, one for each of the places that the oracle knows."""

    def metres(self, spots: Spots) -> Metres:
        """Return the metres of each walk [walk] of `spots` [walk, place]."""


class InAisles:
    """Walks between parallel aisles, each the shortest there is."""

    def __init__(self, layout: Layout, places: list[Stop]):
        self.layout = layout
        masks, self.at = occupied(layout, [[place] for place in places])
        self._index = masks.reshape(len(places), -1).argmax(1)

    def metres(self, spots: Spots) -> Metres:
        if len(spots) > AT_ONCE:
            return np.concatenate([self.metres(spots[i : i + AT_ONCE]) for i in range(0, len(spots), AT_ONCE)])
        flat = np.zeros((len(spots), self.at.size), dtype=bool)
        walks, places = np.nonzero(spots)
        flat[walks, self._index[places]] = True
        return lengths(self.layout, choice_costs(self.layout, flat.reshape(-1, *self.at.shape), self.at))


class ByMatrix:
    """Walks by a table of distances, for one-way aisles or another end than start; each walk is priced once."""

    def __init__(self, between: Metres, *, start: int, end: int, places: list[int]):
        """`between` [from, to]: metres; `places`: the rows of `between` that the places are."""
        self.between, self.start, self.end, self.places = between, start, end, np.array(places)
        self._known: dict[bytes, float] = {}

    def metres(self, spots: Spots) -> Metres:
        return np.array([self._metres(row) for row in spots])

    def _metres(self, row: NDArray[np.bool_]) -> float:
        stops = sorted(set(self.places[row].tolist()) - {self.start, self.end})
        key = np.array(stops).tobytes()
        if key not in self._known:
            self._known[key] = round_trip(self.between, stops, start=self.start, end=self.end)[1]
        return self._known[key]

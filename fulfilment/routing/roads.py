"""Where one may walk on a floor of aisles, one-way ones and another end than start included.

Without these the shortest walk is exact (`fulfilment.routing.walk`). With them it is a short one by the table of
distances (`fulfilment.routing.matrix`), which is made of the shortest ways between all junctions of aisles and
cross-aisles (Floyd 1962; Warshall 1962).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fulfilment.routing import rules_of_thumb
from fulfilment.routing.layout import Layout, Stop
from fulfilment.routing.matrix import round_trip
from fulfilment.routing.oracle import ByMatrix, InAisles, Oracle
from fulfilment.routing.walk import shortest_walk

Table = NDArray[np.float64]
Place = tuple[float, float]
BOTH, DOWN, UP = "both", "down", "up"
FAR = 1e6  # metres, where there is no way
KICKS = 10


@dataclass(frozen=True)
class Roads:
    """The ways of a `layout`: each aisle goes BOTH ways, DOWN or UP; `end` is where walks end, if not at the depot.

    Raises ValueError when some place could not be reached, or not be left.
    """

    layout: Layout
    ways: tuple[str, ...] = ()
    end: tuple[int, int] | None = None

    def __post_init__(self):
        for way, opposite in ((DOWN, UP), (UP, DOWN)):
            if self.ways and all(each == way for each in self.ways):
                raise ValueError(f"All aisles are one-way {way}: let one lead {opposite}.")

    @property
    def is_plain(self) -> bool:
        """Whether the exact programme knows such a floor."""
        return set(self.ways) <= {BOTH} and self.end in (None, self.layout.depot)

    @property
    def start_stop(self) -> Stop:
        return self._at(self.layout.depot)

    @property
    def end_stop(self) -> Stop:
        return self._at(self.end or self.layout.depot)

    def shortest(self, stops: list[Stop]) -> tuple[list[Stop], float]:
        """Return (the different `stops` as they are met, metres): the shortest, where not `is_plain` a short walk."""
        if self.is_plain:
            walk = shortest_walk(self.layout, stops)
            return list(walk.order), walk.metres
        different = sorted(set(stops))
        table = self.between([self.start_stop, self.end_stop, *different])
        order, metres = round_trip(table, list(range(2, len(table))), start=0, end=1, kicks=KICKS)
        return [different[i - 2] for i in order], metres

    def metres(self, order: list[Stop]) -> float:
        """Return the length of the walk from the start past the stops in their `order` to the end; 0 past none."""
        walk = [self.start_stop, *order, self.end_stop]
        return float(np.diagonal(self.between(walk), 1).sum()) if order else 0.0

    def metres_s_shape(self, stops: list[Stop]) -> float:
        """Return what a picker walks who goes up one aisle and down the next."""
        return self.metres(rules_of_thumb.s_shape(self.layout, stops))

    def gap(self, here: Stop | None, rest: list[Stop], stop: Stop) -> tuple[int, float]:
        """Return (before which of `rest` it is best to go to `stop`, the metres that adds).

        The picker is at `here` (None: at the start) and goes on past `rest` in this order to the end.
        """
        walk = [here or self.start_stop, *rest, self.end_stop]
        table = self.between([*walk, stop])
        there, back, direct = table[:-2, -1], table[-1, 1:-1], np.diagonal(table[:-1, :-1], 1)
        added = there + back - direct
        best = int(added.argmin())
        return best, float(added[best])

    def oracle(self, places: list[Stop]) -> Oracle:
        """Return what prices walks past some of `places`, many at once."""
        if self.is_plain:
            return InAisles(self.layout, places)
        table = self.between([self.start_stop, self.end_stop, *places])
        return ByMatrix(table, start=0, end=1, places=list(range(2, len(table))))

    def between(self, stops: list[Stop]) -> Table:
        """Return the metres from each of `stops` to each [from, to]."""
        nodes, leave, enter = self._doors(stops)
        through = self._junctions[0][nodes[:, None, :, None], nodes[None, :, None, :]]
        total = leave[:, None, :, None] + through + enter[None, :, None, :]
        return np.minimum(total.min((2, 3)), self._direct(stops))

    def path(self, order: list[Stop]) -> list[Place]:
        """Return the corners (x, y) of the walk from the start past the stops in their `order` to the end."""
        walk = [self.start_stop, *order, self.end_stop]
        corners = [self._xy(walk[0])]
        for one, other in zip(walk, walk[1:], strict=False):
            corners += [*self._corners(one, other), self._xy(other)]
        return [here for i, here in enumerate(corners) if i == 0 or here != corners[i - 1]]

    def _corners(self, one: Stop, other: Stop) -> list[Place]:
        """Return the junctions on the way from `one` to `other`."""
        nodes, leave, enter = self._doors([one, other])
        distance, following = self._junctions
        total = leave[0][:, None] + distance[nodes[0][:, None], nodes[1][None]] + enter[1][None]
        if self._direct([one, other])[0, 1] <= total.min():
            return []
        i, j = np.unravel_index(total.argmin(), total.shape)
        node, last = int(nodes[0][i]), int(nodes[1][j])
        passed = [node]
        while node != last:
            node = int(following[node, last])
            passed.append(node)
        return [self._xy(self._at(divmod(node, len(self.layout.cross)))) for node in passed]

    def _doors(self, stops: list[Stop]) -> tuple[NDArray[np.int64], Table, Table]:
        """Return the junctions above and below each stop [stop, 2], and the metres to and from them."""
        rows = len(self.layout.cross)
        blocks = [self.layout.block_of(stop.y) for stop in stops]
        nodes = np.array([[s.aisle * rows + b, s.aisle * rows + b + 1] for s, b in zip(stops, blocks, strict=True)])
        cross = self.layout.cross
        leave = np.array([[s.y - cross[b], cross[b + 1] - s.y] for s, b in zip(stops, blocks, strict=True)])
        enter = leave.copy()
        for i, stop in enumerate(stops):
            if (way := self._way(stop.aisle)) != BOTH:
                # One who stands on a cross-aisle is at its junction, whichever way the aisle goes.
                leave[i, 0 if way == DOWN else 1] += FAR * (leave[i, 0 if way == DOWN else 1] > 0)
                enter[i, 1 if way == DOWN else 0] += FAR * (enter[i, 1 if way == DOWN else 0] > 0)
        return nodes, leave, enter

    def _direct(self, stops: list[Stop]) -> Table:
        """Return the metres between stops of one sub-aisle that are walked without leaving it, else FAR."""
        aisle, y = np.array([s.aisle for s in stops]), np.array([s.y for s in stops])
        block = np.array([self.layout.block_of(s.y) for s in stops])
        together = (aisle[:, None] == aisle) & (block[:, None] == block)
        down = y[None] - y[:, None]
        way = np.array([self._way(s.aisle) for s in stops])[:, None]
        may = (way == BOTH) | ((way == DOWN) & (down >= 0)) | ((way == UP) & (down <= 0))
        return np.where(together & may, np.abs(down), FAR)

    @cached_property
    def _junctions(self) -> tuple[Table, NDArray[np.int64]]:
        """Return (metres from junction to junction, the next junction on that way)."""
        rows, count = len(self.layout.cross), len(self.layout.aisles) * len(self.layout.cross)
        distance = np.full((count, count), FAR)
        np.fill_diagonal(distance, 0.0)
        for one, other, metres in self._edges(rows):
            distance[one, other] = metres
        following = np.broadcast_to(np.arange(count), (count, count)).copy()
        for node in range(count):
            via = distance[:, node, None] + distance[None, node]
            is_shorter = via < distance - 1e-9
            following = np.where(is_shorter, following[:, node, None], following)
            distance = np.where(is_shorter, via, distance)
        return distance, following

    def _edges(self, rows):
        """Yield (junction, junction, metres) that may be walked."""
        aisles, cross = self.layout.aisles, self.layout.cross
        for a in range(len(aisles)):
            for row in range(rows):
                here = a * rows + row
                if a + 1 < len(aisles):
                    yield here, here + rows, aisles[a + 1] - aisles[a]
                    yield here + rows, here, aisles[a + 1] - aisles[a]
                if row + 1 < rows and self._way(a) != UP:
                    yield here, here + 1, cross[row + 1] - cross[row]
                if row + 1 < rows and self._way(a) != DOWN:
                    yield here + 1, here, cross[row + 1] - cross[row]

    def _way(self, aisle: int) -> str:
        return self.ways[aisle] if self.ways else BOTH

    def _at(self, place: tuple[int, int]) -> Stop:
        return Stop(place[0], self.layout.cross[place[1]])

    def _xy(self, stop: Stop) -> Place:
        return self.layout.aisles[stop.aisle], stop.y

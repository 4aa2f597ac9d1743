"""Plans by which pieces are placed, and what may still be tried of them."""

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from fulfilment.packing.goods import Box, Packed, Piece, Size
from fulfilment.packing.place import RULES, Room, fill

SORTS: tuple[Callable[[Piece], tuple[int, ...]], ...] = (
    lambda piece: (piece.volume, max(piece.sides)),
    lambda piece: (max(piece.sides), piece.volume),
    lambda piece: (piece.volume // min(piece.sides), piece.volume),
    lambda piece: (min(piece.sides), piece.volume),
    lambda piece: (piece.weight_g, piece.volume),
)
SHAKEN = (0.5, 1.5)  # random keys stretch the sizes by
Order = list[int]


class Search:
    """The pieces of one question, the placements that may still be made, and the dice."""

    def __init__(self, pieces: Sequence[Piece], *, effort: int, seed: int, most_plans: int | None = None):
        self.pieces, self.effort, self.most_plans = pieces, effort, most_plans
        self.dice = random.Random(seed)
        kinds: dict[Piece, int] = {}
        self.kind = [kinds.setdefault(piece, len(kinds)) for piece in pieces]
        self.kinds = list(kinds)
        self.orders = self._orders()

    def plans(self, tries: int) -> Iterator[tuple[Order, int]]:
        """Yield (order, rule): each sort under each rule, then `tries` orders shaken by random keys; `most_plans`."""
        return islice(self._plans(tries), self.most_plans)

    def _plans(self, tries: int) -> Iterator[tuple[Order, int]]:
        for order in self.orders:
            for rule in RULES:
                yield order, rule
        for _ in range(tries):
            yield self._shaken(), self.dice.choice(RULES)

    def fill(self, sizes: Sequence[tuple[Size, int]], tries: int, most: int | None = None) -> list[Room]:
        """Return rooms of (size, grams) filled with all pieces by the first plan that manages, of `most`, or []."""
        for order, rule in islice(self.plans(tries), most):
            if self.effort <= 0:
                break
            rooms = [Room(size, holds_g) for size, holds_g in sizes]
            placed = fill(self.pieces, order, rooms, rule=rule, skips=False)
            self.effort -= placed + 1
            if placed == len(order):
                return rooms
        return []

    def fullest(self, size: Size, holds_g: int, left: set[int]) -> Room:
        """Return a room filled with as much of the volume of the pieces in `left` as any of the plans manages."""
        best, most = Room(size, holds_g), -1
        for order, rule in self.plans(0):
            some = [number for number in order if number in left]
            room = Room(size, holds_g)
            placed = fill(self.pieces, some, [room], rule=rule, skips=True)
            volume = sum(piece.volume for piece in room.pieces)
            if volume > most:
                best, most = room, volume
            if placed == len(some):
                break
        return best

    def _orders(self) -> list[Order]:
        """Return the orders of SORTS, the fragile last, each that differs once."""
        found: dict[tuple[int, ...], Order] = {}
        for sort in SORTS:
            keys = [(piece.is_fragile, *(-n for n in sort(piece)), kind) for kind, piece in enumerate(self.kinds)]
            order = sorted(range(len(self.pieces)), key=lambda i, keys=keys: keys[self.kind[i]])  # type: ignore[misc]
            found.setdefault(tuple(self.kind[i] for i in order), order)
        return list(found.values())

    def _shaken(self) -> Order:
        """Return an order by random keys: half of the time like pieces stay together."""
        sort, is_by_kind = self.dice.choice(SORTS), self.dice.random() < 0.5
        of_kind = [sort(piece)[0] * self.dice.uniform(*SHAKEN) for piece in self.kinds]
        keys = [
            of_kind[kind] if is_by_kind else sort(self.kinds[kind])[0] * self.dice.uniform(*SHAKEN)
            for kind in self.kind
        ]
        return sorted(range(len(keys)), key=lambda i: (self.pieces[i].is_fragile, -keys[i]))


def packed(box: Box, room: Room) -> Packed:
    """Return a filled room as a filled box."""
    grams = box.weight_g + sum(piece.weight_g for piece in room.pieces)
    return Packed(box, room.size, tuple(room.placed), grams)

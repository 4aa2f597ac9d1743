"""Which sets of boxes could hold some pieces at all."""

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement
from math import comb

from fulfilment.packing.bounds import takes
from fulfilment.packing.goods import Box, Piece, lies, roomiest

MOST_SETS = 3000


class Sets:
    """What pieces ask of the boxes that can take them; boxes are numbered, a set of them is a bit mask.

    `asked[mask]` is what those pieces ask together that only boxes of `mask` take: volume, and along each axis the
    extents of what can only be stacked along it (bound L1 of Martello, Pisinger & Vigo 2000, box by box).
    """

    def __init__(self, pieces: Sequence[Piece], boxes: Sequence[Box]):
        self.boxes = boxes
        self.grams = sum(piece.weight_g for piece in pieces)
        self.rooms = [roomiest(box) for box in boxes]
        self.gives = [(a * b * c, a, b, c) for a, b, c in self.rooms]
        of_kind: dict[Piece, int] = {}
        for piece in pieces:
            of_kind[piece] = of_kind.get(piece, 0) + 1
        self.asked: dict[int, list[int]] = {}
        for piece, count in of_kind.items():
            mask = sum(1 << i for i, box in enumerate(boxes) if takes(box, piece))
            asked = self.asked.setdefault(mask, [0, 0, 0, 0])
            for k, extent in enumerate((piece.volume, *self._stacked(piece, mask))):
                asked[k] += extent * count

    def _stacked(self, piece: Piece, mask: int) -> list[int]:
        """Return along each axis how much a piece takes, of all boxes, of what can only be stacked along it."""
        found = [10**9] * 3
        for i, room in enumerate(self.rooms):
            sizes = [size for size in lies(piece.sides, piece.rotation) if all(map(int.__le__, size, room))]
            if not mask >> i & 1 or not sizes:
                continue
            least = [min(size[k] for size in sizes) for k in range(3)]
            for k in range(3):
                a, b = (k + 1) % 3, (k + 2) % 3
                is_stacked = 2 * least[a] > room[a] and 2 * least[b] > room[b]
                found[k] = min(found[k], least[k] if is_stacked else 0)
        return [extent % 10**9 for extent in found]

    def of(self, count: int) -> Iterator[tuple[Box, ...]]:
        """Yield the sets of `count` boxes that nothing forbids."""
        is_too_many = comb(len(self.boxes) + count - 1, count) > MOST_SETS
        numbers = self._roomiest() if is_too_many else list(range(len(self.boxes)))
        for chosen in combinations_with_replacement(numbers, count):
            if self._may_hold(chosen):
                yield tuple(self.boxes[i] for i in chosen)

    def _may_hold(self, chosen: Sequence[int]) -> bool:
        if sum(self.boxes[i].holds_g for i in chosen) < self.grams:
            return False
        for mask in self.asked:
            asked = [0, 0, 0, 0]
            for other, what in self.asked.items():
                if not other & ~mask:
                    asked = [one + more for one, more in zip(asked, what, strict=True)]
            given = [self.gives[i] for i in chosen if mask >> i & 1]
            if any(sum(row[k] for row in given) < asked[k] for k in range(4)) or not given:
                return False
        whole = [sum(what[k] for what in self.asked.values()) for k in range(4)]
        return all(sum(self.gives[i][k] for i in chosen) >= whole[k] for k in range(4))

    def _roomiest(self) -> list[int]:
        """Return of each mask the roomiest box: sets of these stand for all where there are too many."""
        of_mask = [[i for i in range(len(self.boxes)) if mask >> i & 1] for mask in self.asked]
        return sorted({max(some, key=lambda i: self.gives[i][0]) for some in of_mask})

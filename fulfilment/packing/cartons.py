"""The fewest boxes for some pieces, and of these the cheapest: sets of boxes are tried as long as it pays.

Empty maximal spaces under four placement rules and five sort orders, then random keys within a budget of placements
(Parreño et al. 2008; Gonçalves & Resende 2013). The same pieces, boxes and seed give the same answer on any machine.
"""

from collections.abc import Callable, Sequence

from fulfilment.packing.bounds import fewest, may_hold, takes
from fulfilment.packing.goods import Box, Packed, Piece, Placed, roomiest, shapes
from fulfilment.packing.place import Room
from fulfilment.packing.search import Search, packed
from fulfilment.packing.sets import Sets

Price = Callable[[Box, int], int]
EFFORT = 10_000  # placements for each question: one box, two boxes, …
RANDOM_TRIES = 30  # of a box or set, after each sort under each rule
PROBES = 2  # what each set is tried with before the likeliest are tried in earnest
MOST_TRIED = 40


class NoBox(ValueError):
    """No box takes piece number `piece`."""

    def __init__(self, piece: int):
        super().__init__(f"No box takes piece {piece + 1}.")
        self.piece = piece


def pack(
    pieces: Sequence[Piece],
    boxes: Sequence[Box],
    *,
    price: Price | None = None,
    effort: int = EFFORT,
    seed: int = 1,
    most_plans: int | None = None,
) -> list[Packed]:
    """Return the boxes that hold all pieces: as few as were found, of these the cheapest by `price`, then the smallest.

    `price` of (box, grams of box and goods) is what a box costs landed; without it, its own price. Of many pieces
    nobody waits for every plan: each time `most_plans` are tried. Raises NoBox for a piece that fits nowhere.
    """
    for number, piece in enumerate(pieces):
        if not any(takes(box, piece) for box in boxes):
            raise NoBox(number)
    landed = price or (lambda box, _: box.price)
    shares = [number for number, piece in enumerate(pieces) if not piece.is_alone]
    parts = [[number] for number, piece in enumerate(pieces) if piece.is_alone] + ([shares] if shares else [])
    found = []
    for part in parts:
        search = Search([pieces[i] for i in part], effort=effort, seed=seed, most_plans=most_plans)
        question = _Question(search, boxes, landed)
        found += [_numbered(one, part) for one in question.answer()]
    return found


def one_box(pieces: Sequence[Piece], box: Box, *, effort: int = EFFORT, seed: int = 1) -> Packed | None:
    """Return how all pieces lie in one box, or None where no way was found."""
    if any(piece.is_alone for piece in pieces) and len(pieces) > 1:
        return None
    return _in_one(Search(pieces, effort=effort, seed=seed), box)


class _Question:
    """Pieces that may share boxes, and what boxes there are."""

    def __init__(self, search: Search, boxes: Sequence[Box], landed: Price):
        self.search, self.boxes, self.landed = search, boxes, landed
        self.pieces, self.effort = search.pieces, search.effort
        self.grams = sum(piece.weight_g for piece in self.pieces)

    def answer(self) -> list[Packed]:
        """One box, if one does; else fewer than what filling box after box comes to; else as many, but cheaper."""
        least = fewest(self.pieces, self.boxes)
        single = self._single() if least == 1 else []
        if single:
            return single
        known = self._one_after_another()
        sets = Sets(self.pieces, self.boxes)
        for count in range(max(2, least), len(known) + 1):
            self.search.effort = self.effort
            bound = self._cost(known) if count == len(known) else None
            found = self._as_set(sets, count, bound)
            if found:
                return found
        return known

    def _single(self) -> list[Packed]:
        for box in sorted(self.boxes, key=lambda box: (self.landed(box, box.weight_g + self.grams), box.volume)):
            found = _in_one(self.search, box) if self.grams <= box.holds_g else None
            if found:
                return [found]
        return []

    def _one_after_another(self) -> list[Packed]:
        """Fill each time the box that takes most of the volume that is left; the last is the cheapest that does."""
        left = set(range(len(self.pieces)))
        found: list[Packed] = []
        while left:
            rooms = [(box, self.search.fullest(roomiest(box), box.holds_g, left)) for box in self.boxes]
            box, room = min(rooms, key=self._emptiness)
            found.append(packed(box, room))
            left -= {one.piece for one in room.placed}
        return found

    def _emptiness(self, filled: tuple[Box, Room]) -> tuple[int, int, int]:
        box, room = filled
        volume = sum(piece.volume for piece in room.pieces)
        return (-volume, self.landed(box, box.weight_g + self.grams), box.volume)

    def _as_set(self, sets: Sets, count: int, bound: tuple[int, int] | None) -> list[Packed]:
        """Probe each set of `count` boxes, the cheapest first, then try the roomiest in earnest."""
        ranked = sorted((self._estimate(chosen), i, chosen) for i, chosen in enumerate(sets.of(count)))
        if bound is not None:
            ranked = [row for row in ranked if row[0] < bound]
        for _, _, chosen in ranked[:MOST_TRIED]:
            found = self._in_set(chosen, PROBES, 0)
            if found:
                return found
        if bound is None:
            for _, _, chosen in sorted(ranked, key=lambda row: -row[0][1])[:MOST_TRIED]:
                found = self._in_set(chosen, None, RANDOM_TRIES)
                if found:
                    return found
        return []

    def _in_set(self, chosen: tuple[Box, ...], probes: int | None, tries: int) -> list[Packed]:
        for boxes in {chosen: None, chosen[::-1]: None}:
            sizes = [(roomiest(box), box.holds_g) for box in boxes]
            rooms = self.search.fill(sizes, tries, probes)
            if rooms:
                return [packed(box, room) for box, room in zip(boxes, rooms, strict=True) if room.placed]
        return []

    def _cost(self, found: Sequence[Packed]) -> tuple[int, int]:
        return (sum(self.landed(one.box, one.weight_g) for one in found), sum(one.box.volume for one in found))

    def _estimate(self, chosen: Sequence[Box]) -> tuple[int, int]:
        """Return (cost, volume) of a set, were the weight spread by volume."""
        total = sum(box.volume for box in chosen)
        cost = sum(self.landed(box, box.weight_g + self.grams * box.volume // total) for box in chosen)
        return (cost, total)


def _in_one(search: Search, box: Box) -> Packed | None:
    for shape in shapes(box):
        if may_hold(shape, search.pieces):
            rooms = search.fill([(shape, box.holds_g)], RANDOM_TRIES)
            if rooms:
                return packed(box, rooms[0])
    return None


def _numbered(found: Packed, numbers: Sequence[int]) -> Packed:
    """Return it with the numbers that its pieces have among all."""
    placed = tuple(Placed(numbers[one.piece], one.corner, one.size) for one in found.placed)
    return Packed(found.box, found.shape, placed, found.weight_g)

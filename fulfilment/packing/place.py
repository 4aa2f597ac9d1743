"""Pieces into one box, one after another, each where a rule likes it best among the empty maximal spaces."""

from collections.abc import Sequence

from fulfilment.packing.goods import Piece, Placed, Size, lies
from fulfilment.packing.spaces import Cuboid, cut

# How a rule judges a piece of size (a, b, c) at the corner of a space; the least is taken.
LOW, CORNER, TIGHT, FAR = range(4)
RULES = (LOW, CORNER, TIGHT, FAR)
SUPPORTED = 0.33  # of a piece's base, at least, stands on something; padding does the rest
Least = tuple[int, int, int]


class Room:
    """A box on its way to be filled: its spaces and what lies where."""

    def __init__(self, size: Size, holds_g: int):
        self.size = size
        self.left_g = holds_g
        self.spaces: list[Cuboid] = [(0, 0, 0, *size)]
        self.taken: list[Cuboid] = []
        self.pieces: list[Piece] = []
        self.placed: list[Placed] = []
        self.group = ""
        self.has_fragile = False

    def add(self, number: int, piece: Piece, *, rule: int, least: Least) -> bool:
        """Place a piece where `rule` likes it best; say whether there was a place.

        `least` are the shortest extents of all that is still to come.
        """
        if piece.weight_g > self.left_g or (piece.group and self.group and piece.group != self.group):
            return False
        spot = self._spot(piece, rule)
        if spot is None:
            return False
        x, y, z, a, b, c = spot
        whole = (x, y, z, x + a, y + b, z + c)
        self.spaces = cut(self.spaces, whole, least)
        self.taken.append(whole)
        self.pieces.append(piece)
        self.placed.append(Placed(number, (x, y, z), (a, b, c)))
        self.left_g -= piece.weight_g
        self.group = self.group or piece.group
        self.has_fragile = self.has_fragile or piece.is_fragile
        return True

    def _spot(self, piece: Piece, rule: int) -> Cuboid | None:
        """Return (corner, size) of the best place that stands firm, or None."""
        found = []
        for a, b, c in lies(piece.sides, piece.rotation):
            for x, y, z, u, v, w in self.spaces:
                if x + a <= u and y + b <= v and z + c <= w:
                    found.append((self._liking(rule, (x, y, z, u, v, w), (a, b, c)), (x, y, z, a, b, c)))
        found.sort()
        may_crush = self.has_fragile or piece.is_fragile
        for _, (x, y, z, a, b, c) in found:
            floor = self._floor(x, y, z, a, b)
            if floor is not None and not (may_crush and self._crushes(piece, (x, y, floor, a, b, c))):
                return (x, y, floor, a, b, c)
        return None

    def _liking(self, rule: int, space: Cuboid, size: Size) -> tuple[int, ...]:
        x, y, z, u, v, w = space
        a, b, c = size
        if rule == LOW:
            return (z + c, y + b, x + a)
        if rule == CORNER:
            return (z, y, x, c, b)
        if rule == TIGHT:
            return (*sorted((u - x - a, v - y - b, w - z - c)), z)
        far = (self.size[0] - x - a) ** 2 + (self.size[1] - y - b) ** 2 + (self.size[2] - z - c) ** 2
        return (-far, z)

    def _floor(self, x: int, y: int, z: int, a: int, b: int) -> int | None:
        """Return how low a base of a x b at (x, y) sinks from `z`; None where too little of it stands on anything."""
        if z == 0:
            return 0
        floor = area = 0
        for p, q, _, r, s, top in self.taken:
            if top < floor or top > z:
                continue
            wide, deep = min(r, x + a) - max(p, x), min(s, y + b) - max(q, y)
            if wide <= 0 or deep <= 0:
                continue
            area = wide * deep + (area if top == floor else 0)
            floor = top
        return floor if floor == 0 or area >= SUPPORTED * a * b else None

    def _crushes(self, piece: Piece, spot: Cuboid) -> bool:
        """Whether a piece there would lie on a fragile one that does not bear it, or under one, being fragile."""
        x, y, z, a, b, _ = spot
        for other, (p, q, low, r, s, _) in zip(self.pieces, self.taken, strict=True):
            if p < x + a and r > x and q < y + b and s > y:
                above, below = (piece, other) if low < z else (other, piece)
                if below.is_fragile and not (above.is_fragile and above.weight_g <= below.weight_g):
                    return True
        return False


def least_after(pieces: Sequence[Piece], order: Sequence[int]) -> list[Least]:
    """Return, after each of `order`, the shortest extents along each axis of those that follow."""
    found: list[Least] = [(0, 0, 0)] * len(order)
    least = (10**9, 10**9, 10**9)
    for i in range(len(order) - 1, -1, -1):
        found[i] = least
        turned = lies(pieces[order[i]].sides, pieces[order[i]].rotation)
        least = tuple(min(least[k], *(size[k] for size in turned)) for k in range(3))  # type: ignore[assignment]
    return found


def fill(pieces: Sequence[Piece], order: Sequence[int], rooms: Sequence[Room], *, rule: int, skips: bool) -> int:
    """Place pieces in `order`, each into the first of `rooms` that takes it; return how many were placed.

    With `skips` one that none takes is passed over; without, it is the end.
    """
    after = least_after(pieces, order)
    placed = 0
    for i, number in enumerate(order):
        if any(room.add(number, pieces[number], rule=rule, least=after[i]) for room in rooms):
            placed += 1
        elif not skips:
            break
    return placed

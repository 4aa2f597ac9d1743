"""The independent checker: whether a filled box can be filled so. It shares no code with what places."""

from collections.abc import Sequence
from itertools import combinations, permutations

from fulfilment.packing.goods import Packed, Piece

RESTING_PERCENT = 33
# The sides (length, width, height) along x, y, z that each bit of a rotation mask allows, written out.
BIT_OF_SIDES = {"lwh": 1, "wlh": 2, "lhw": 4, "hlw": 8, "whl": 16, "hwl": 32}


def faults(packed: Packed, pieces: Sequence[Piece], *, rests: bool = True) -> list[str]:
    """Return what is wrong with one filled box, in words; [] where nothing is.

    Looked at: inside, no overlap, orientation, weight, a third of each base resting on something (unless told not to),
    nothing on a fragile piece that it does not bear, groups that do not mix, what ships alone.
    """
    found = _outside(packed) + _turned(packed, pieces) + _overlapping(packed)
    found += _crushing(packed, pieces) + _together(packed, pieces) + _too_heavy(packed, pieces)
    return found + ([f"piece {number} rests on too little" for number in floating(packed)] if rests else [])


def missing(boxes: Sequence[Packed], pieces: Sequence[Piece]) -> list[str]:
    """Return what is wrong with the boxes as a whole: pieces in none, in two, or unknown."""
    numbers = [one.piece for packed in boxes for one in packed.placed]
    return [] if sorted(numbers) == list(range(len(pieces))) else ["not each piece is placed once"]


def _outside(packed):
    found = []
    if not packed.box.is_mailer and packed.shape != packed.box.inner:
        found.append("the room is not the carton's")
    if packed.box.is_mailer:
        thick = packed.shape[2]
        if thick > packed.box.inner[2] or any(packed.shape[k] + thick > packed.box.inner[k] for k in (0, 1)):
            found.append("the mailer does not close")
    for one in packed.placed:
        ends = [start + extent for start, extent in zip(one.corner, one.size, strict=True)]
        if min(one.corner) < 0 or any(end > room for end, room in zip(ends, packed.shape, strict=True)):
            found.append(f"piece {one.piece} sticks out")
    return found


def _turned(packed, pieces):
    found = []
    for one in packed.placed:
        sides = dict(zip("lwh", pieces[one.piece].sides, strict=True))
        lies = 0
        for names in permutations("lwh"):
            if tuple(sides[name] for name in names) == tuple(one.size):
                lies |= BIT_OF_SIDES["".join(names)]
        if not lies & pieces[one.piece].rotation:
            found.append(f"piece {one.piece} must not lie so")
    return found


def _overlapping(packed):
    return [
        f"pieces {one.piece} and {other.piece} overlap"
        for one, other in combinations(packed.placed, 2)
        if all(_shared(one, other, k) > 0 for k in range(3))
    ]


def floating(packed: Packed) -> list[int]:
    """Return the pieces less than a third of whose base rests on the floor or on others."""
    found = []
    for one in packed.placed:
        if one.corner[2] == 0:
            continue
        below = [other for other in packed.placed if other.corner[2] + other.size[2] == one.corner[2]]
        area = sum(max(0, _shared(one, other, 0)) * max(0, _shared(one, other, 1)) for other in below)
        if 100 * area < RESTING_PERCENT * one.size[0] * one.size[1]:
            found.append(one.piece)
    return found


def _crushing(packed, pieces):
    found = []
    for one in packed.placed:
        for other in packed.placed:
            low, high = pieces[one.piece], pieces[other.piece]
            is_above = (
                other.corner[2] >= one.corner[2] + one.size[2]
                and min(_shared(one, other, 0), _shared(one, other, 1)) > 0
            )
            if is_above and low.is_fragile and (not high.is_fragile or high.weight_g > low.weight_g):
                found.append(f"piece {other.piece} lies on fragile piece {one.piece}")
    return found


def _together(packed, pieces):
    inside = [pieces[one.piece] for one in packed.placed]
    found = []
    if len({piece.group for piece in inside} - {""}) > 1:
        found.append("groups are mixed")
    if len(inside) > 1 and any(piece.is_alone for piece in inside):
        found.append("a piece that ships alone has company")
    return found


def _too_heavy(packed, pieces):
    grams = packed.box.weight_g + sum(pieces[one.piece].weight_g for one in packed.placed)
    found = [] if grams == packed.weight_g else [f"it weighs {grams} g, not {packed.weight_g}"]
    if packed.box.max_weight_g and grams > packed.box.max_weight_g:
        found.append(f"it weighs {grams} g of {packed.box.max_weight_g}")
    return found


def _shared(one, other, k):
    """Return the length that two share along axis `k`; below 0: the gap between them."""
    ends = min(one.corner[k] + one.size[k], other.corner[k] + other.size[k])
    return ends - max(one.corner[k], other.corner[k])

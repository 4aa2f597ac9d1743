"""What can be told before anything is placed: which boxes cannot do."""

from collections.abc import Sequence

from fulfilment.packing.goods import Box, Piece, Size, lies, shapes


def holds(shape: Size, piece: Piece) -> bool:
    """Whether a piece has a way to lie in an empty room."""
    length, width, height = shape
    return any(a <= length and b <= width and c <= height for a, b, c in lies(piece.sides, piece.rotation))


def takes(box: Box, piece: Piece) -> bool:
    """Whether a box can be the box of a piece: its room, and its weight limit."""
    return piece.weight_g <= box.holds_g and any(holds(shape, piece) for shape in shapes(box))


def may_hold(shape: Size, pieces: Sequence[Piece]) -> bool:
    """Whether nothing forbids that all pieces lie in one room: volume, each alone, and what can only be stacked.

    Two pieces that are both longer than half a room along two axes, however they lie, can only follow one another along
    the third: their shortest extents there must add up to its length (Martello, Pisinger & Vigo 2000, bound L1).
    """
    if sum(piece.volume for piece in pieces) > shape[0] * shape[1] * shape[2]:
        return False
    least = []
    for piece in pieces:
        sizes = [size for size in lies(piece.sides, piece.rotation) if all(map(int.__le__, size, shape))]
        if not sizes:
            return False
        least.append([min(size[k] for size in sizes) for k in range(3)])
    for k in range(3):
        i, j = (k + 1) % 3, (k + 2) % 3
        if sum(row[k] for row in least if 2 * row[i] > shape[i] and 2 * row[j] > shape[j]) > shape[k]:
            return False
    return True


def fewest(pieces: Sequence[Piece], boxes: Sequence[Box]) -> int:
    """Return how many of `boxes` it takes at least, by volume, weight, and what shares a box with nothing."""
    alone = sum(piece.is_alone for piece in pieces)
    others = [piece for piece in pieces if not piece.is_alone]
    if not others:
        return alone
    room = max(shape[0] * shape[1] * shape[2] for box in boxes for shape in shapes(box))
    grams = max(box.holds_g for box in boxes)
    volume, weight = sum(piece.volume for piece in others), sum(piece.weight_g for piece in others)
    groups = len({piece.group for piece in others if piece.group})
    return alone + max(1, groups, -(-volume // room), -(-weight // grams) if grams else 0)

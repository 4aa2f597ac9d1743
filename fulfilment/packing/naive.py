"""What is done without placing anything: the baselines of the bench."""

from collections.abc import Sequence

from fulfilment.packing.bounds import takes
from fulfilment.packing.goods import Box, Packed, Piece, roomiest
from fulfilment.packing.place import LOW, Room, fill
from fulfilment.packing.search import packed

FILLED_PERCENT = 75


def by_volume(pieces: Sequence[Piece], boxes: Sequence[Box]) -> list[tuple[Box, list[int]]]:
    """Choose by the volume rule: the smallest box that 75 % of is enough and that is as long as the longest piece.

    Where none is, the roomiest is filled up so and the rest gets a box of its own. Nothing says that it can be done.
    """
    left, found = list(range(len(pieces))), []
    while left:
        fitting = [box for box in boxes if _seems_to_hold(box, [pieces[i] for i in left])]
        box = min(fitting or [max(boxes, key=lambda box: box.volume)], key=lambda box: box.volume)
        inside: list[int] = []
        for number in left:
            if not inside or fitting or _seems_to_hold(box, [pieces[i] for i in [*inside, number]]):
                inside.append(number)
        found.append((box, inside))
        left = [number for number in left if number not in set(inside)]
    return found


def first_fit(pieces: Sequence[Piece], boxes: Sequence[Box]) -> list[Packed]:
    """Fill box after box, always the roomiest that takes the largest piece left, each piece as low as it goes."""
    left, found = sorted(range(len(pieces)), key=lambda i: -pieces[i].volume), []
    while left:
        box = max((box for box in boxes if takes(box, pieces[left[0]])), key=lambda box: box.volume)
        room = Room(roomiest(box), box.holds_g)
        fill(pieces, left, [room], rule=LOW, skips=True)
        found.append(packed(box, room))
        inside = {one.piece for one in room.placed}
        left = [number for number in left if number not in inside]
    return found


def _seems_to_hold(box: Box, pieces: Sequence[Piece]) -> bool:
    a, b, c = roomiest(box)
    volume, grams = sum(piece.volume for piece in pieces), sum(piece.weight_g for piece in pieces)
    is_long = max(max(piece.sides) for piece in pieces) > max(a, b, c)
    return 100 * volume <= FILLED_PERCENT * a * b * c and grams <= box.holds_g and not is_long

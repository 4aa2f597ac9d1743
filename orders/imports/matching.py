"""Which earlier purchase a credit undoes."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class Bought:
    """A line of an earlier order: `left` pieces of it are neither back nor cancelled."""

    line: int
    order: int
    at: datetime
    left: int


def match(pieces: int, at: datetime, bought: list[Bought]) -> list[tuple[Bought, int]]:
    """Return [(Bought, pieces)] that `pieces` given back at `at` undo, [] when they cannot all be found.

    The newest line before `at` that has enough left; when none alone has, several from the newest on.
    What is returned is taken off `left`. All or nothing: a part that matched would be a guess.
    """
    earlier = sorted(
        (one for one in bought if one.at <= at and one.left > 0), key=lambda one: (one.at, one.line), reverse=True
    )
    enough = next((one for one in earlier if one.left >= pieces), None)
    taken = [(enough, pieces)] if enough else _several(pieces, earlier)
    for one, count in taken:
        one.left -= count
    return taken


def _several(pieces, earlier):
    if sum(one.left for one in earlier) < pieces:
        return []
    taken = []
    for one in earlier:
        count = min(one.left, pieces)
        taken.append((one, count))
        pieces -= count
        if not pieces:
            break
    return taken

"""A warehouse of parallel aisles between cross-aisles, as a picker walks it."""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Layout:
    """Where aisles and cross-aisles are, in metres: `aisles` from the left, `cross` from the top, both ascending.

    Each aisle runs from the first cross-aisle to the last and is walked both ways; blocks are what lies between
    two cross-aisles. `depot` is the (aisle, cross-aisle) where each walk begins and ends.
    """

    aisles: tuple[float, ...]
    cross: tuple[float, ...]
    depot: tuple[int, int] = (0, 0)

    def __post_init__(self):
        if not self.aisles or len(self.cross) < 2:
            raise ValueError("A layout has an aisle and two cross-aisles at least.")
        if list(self.aisles) != sorted(set(self.aisles)) or list(self.cross) != sorted(set(self.cross)):
            raise ValueError("Aisles go from left to right and cross-aisles from top to bottom, each in its own place.")
        if not (0 <= self.depot[0] < len(self.aisles) and 0 <= self.depot[1] < len(self.cross)):
            raise ValueError("The depot is where an aisle meets a cross-aisle.")

    @property
    def blocks(self) -> int:
        return len(self.cross) - 1

    def block_of(self, y: float) -> int:
        """Return the block of a place at `y`; one on a cross-aisle counts as of the block above it."""
        if not self.cross[0] <= y <= self.cross[-1]:
            raise ValueError(f"{y} is outside of the aisles.")
        return next(block for block in range(self.blocks) if y <= self.cross[block + 1])


class Stop(NamedTuple):  # a dataclass takes ten times as long to be looked up in a set, which a walk does all the time
    """A place to stop at: the index of its aisle, and how far down, on the scale of `Layout.cross`."""

    aisle: int
    y: float


def distance(layout: Layout, one: Stop, other: Stop) -> float:
    """Return the shortest way between two stops in metres."""
    across = abs(layout.aisles[one.aisle] - layout.aisles[other.aisle])
    if not across:
        return abs(one.y - other.y)
    return across + min(abs(one.y - y) + abs(other.y - y) for y in layout.cross)

"""What is packed and what it is packed into: millimetres and grams, whole numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

Size = tuple[int, int, int]

# Which side lies along the box's length, width and height; bit i of a rotation mask allows TURNS[i].
TURNS = ((0, 1, 2), (1, 0, 2), (0, 2, 1), (2, 0, 1), (1, 2, 0), (2, 1, 0))
FREE = 0b111111
UPRIGHT = 0b000011  # may be turned about the vertical, never tipped
LARGEST_MM, HEAVIEST_G = 20_000, 10_000_000
MAILER_STEPS = 4  # of thickness that a mailer is tried with


@dataclass(frozen=True)
class Piece:
    """One thing to be packed: its sides as it stands, weight, and which of TURNS it may lie in.

    On a fragile one only fragile ones lie that are no heavier. Pieces of two different `group`s never share a box
    ("": shares with any); one that ships alone shares with none. Raises ValueError for what is no size, weight or
    rotation.
    """

    sides: Size
    weight_g: int = 0
    rotation: int = FREE
    is_fragile: bool = False
    group: str = ""
    is_alone: bool = False

    def __post_init__(self):
        if not all(0 < side <= LARGEST_MM for side in self.sides):
            raise ValueError("A piece has three sides above 0, of at most 20 m.")
        if not 0 <= self.weight_g <= HEAVIEST_G:
            raise ValueError("A piece weighs at most 10 tonnes, and no less than nothing.")
        if not 0 < self.rotation <= FREE:
            raise ValueError("A rotation mask has six bits, one of them set at least.")

    @property
    def volume(self) -> int:
        return self.sides[0] * self.sides[1] * self.sides[2]


@dataclass(frozen=True)
class Box:
    """A carton or mailer: `inner` is what fits, `outer` what carriers measure; length, width, height.

    `max_weight_g` counts the box, too (0: no limit); `price` is what one costs, in the smallest unit of money. A
    mailer is flat when empty: `inner` says its length and width then, and how thick it may become.
    """

    code: str
    inner: Size
    outer: Size
    weight_g: int = 0
    max_weight_g: int = 0
    price: int = 0
    is_mailer: bool = False

    def __post_init__(self):
        if not all(0 < side <= LARGEST_MM for side in (*self.inner, *self.outer)):
            raise ValueError("A box has three sides above 0, of at most 20 m.")
        if self.is_mailer and min(self.inner[:2]) <= self.inner[2]:
            raise ValueError("A mailer is thinner than it is long and wide.")
        if min(self.weight_g, self.max_weight_g, self.price) < 0:
            raise ValueError("A box weighs and costs no less than nothing.")

    @property
    def volume(self) -> int:
        return self.outer[0] * self.outer[1] * self.outer[2]

    @property
    def holds_g(self) -> int:
        """What its goods may weigh."""
        return self.max_weight_g - self.weight_g if self.max_weight_g else HEAVIEST_G * 1000


@dataclass(frozen=True)
class Placed:
    """Where piece number `piece` lies: its corner nearest to the box's, and its sides as they lie there."""

    piece: int
    corner: Size
    size: Size


@dataclass(frozen=True)
class Packed:
    """A filled box; `shape` is the room that was filled (a mailer's depends on how thick it became)."""

    box: Box
    shape: Size
    placed: tuple[Placed, ...]
    weight_g: int  # with the box

    @property
    def outer(self) -> Size:
        """What a carrier measures."""
        return (*self.box.outer[:2], self.shape[2]) if self.box.is_mailer else self.box.outer


@lru_cache(maxsize=4096)
def lies(sides: Size, rotation: int) -> tuple[Size, ...]:
    """Return the sizes in which a piece may lie, each once."""
    found = {(sides[a], sides[b], sides[c]): None for i, (a, b, c) in enumerate(TURNS) if rotation >> i & 1}
    return tuple(found)


def shapes(box: Box) -> Iterator[Size]:
    """Yield the rooms a box may offer, the flattest first: itself, or what a mailer of that thickness leaves.

    A mailer's walls go up what its floor loses: each thickness is taken off its length and width.
    """
    if not box.is_mailer:
        yield box.inner
        return
    length, width, most = box.inner
    for step in range(1, MAILER_STEPS + 1):
        thick = -(-most * step // MAILER_STEPS)
        yield (length - thick, width - thick, thick)


def roomiest(box: Box) -> Size:
    """Return the largest room a box may offer."""
    return max(shapes(box), key=lambda size: size[0] * size[1] * size[2])

"""Blocks of like goods, which containers are loaded with: so many long, wide and high, all lying one way."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fulfilment.packing.goods import Piece, Size, lies

Ints = NDArray[np.int64]
MOST_BLOCKS = 4000


@dataclass(frozen=True)
class Cargo:
    """`quantity` pieces of a kind."""

    piece: Piece
    quantity: int


@dataclass(frozen=True)
class Blocks:
    """All blocks that fit a container, the largest first: `size` [block, axis], `kind`, `count` and `volume` [block];
    `lie` [block, axis] is how each piece lies in it. `reach[k][length]` is how much of a length along axis k sides of
    the cargo can fill together at most (Zhu & Lim 2012).
    """

    size: Ints
    kind: Ints
    count: Ints
    volume: Ints
    lie: Ints
    reach: tuple[Ints, Ints, Ints]


def blocks(container: Size, cargo: Sequence[Cargo]) -> Blocks:
    """Return the simple blocks of a cargo; of very many, the largest, and all that are one piece wide somewhere."""
    rows = []
    for kind, some in enumerate(cargo):
        for size in lies(some.piece.sides, some.piece.rotation):
            rows += [(kind, *counts, *size) for counts in _counts(container, size, some.quantity)]
    table = np.array(rows, dtype=np.int64).reshape(-1, 7)
    counts, lie = table[:, 1:4], table[:, 4:]
    volume = (counts * lie).prod(axis=1)
    order = np.argsort(-volume, kind="stable")
    if len(order) > MOST_BLOCKS:
        is_thin = counts[order].min(axis=1) == 1
        order = order[(np.arange(len(order)) < MOST_BLOCKS) | is_thin]
    reach = tuple(_reach(container[k], {lies_so[k] for lies_so in map(tuple, lie.tolist())}) for k in range(3))
    return Blocks(
        size=(counts * lie)[order],
        kind=table[order, 0],
        count=counts.prod(axis=1)[order],
        volume=volume[order],
        lie=lie[order],
        reach=reach,  # type: ignore[arg-type]
    )


def _counts(container: Size, size: Size, quantity: int) -> list[Size]:
    """Return how many long, wide and high a block of pieces of one size may be."""
    most = [room // extent for room, extent in zip(container, size, strict=True)]
    return [
        (a, b, c)
        for a in range(1, min(most[0], quantity) + 1)
        for b in range(1, min(most[1], quantity // a) + 1)
        for c in range(1, min(most[2], quantity // (a * b)) + 1)
    ]


def _reach(length: int, sides: set[int]) -> Ints:
    """Return, for each length up to `length`, the most that sums of `sides` fill of it."""
    found = np.zeros(length + 1, dtype=np.int64)
    for at in range(1, length + 1):
        best = max((found[at - side] + side for side in sides if side <= at), default=0)
        found[at] = best
    return found

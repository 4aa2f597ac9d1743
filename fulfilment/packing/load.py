"""Containers: the most volume of a cargo, by a beam search over blocks.

Each step takes the empty maximal space nearest to a bottom corner and puts there the block that fills it with least
loss; what a step is worth is what greedy loading makes of the rest (Araya & Riff 2014; Zhu & Lim 2012). The beam is
widened until the time is up; with noise, so that no two passes are alike.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fulfilment.packing.blocks import Blocks, Cargo, Ints, blocks
from fulfilment.packing.goods import Placed, Size
from fulfilment.packing.spaces import Cuboid, cut

FEWER_PIECES = 0.2  # a block of n pieces counts n to the power of minus this
NOISE = 0.05
Step = tuple[int, int, int, int]  # block, and its near corner


@dataclass
class State:
    """A container half loaded: its spaces, what is left of each kind, the blocks that there are pieces for, which lie
    where."""

    spaces: list[Cuboid]
    left: Ints
    alive: Ints
    steps: list[Step]
    volume: int

    def copy(self) -> "State":
        return State(list(self.spaces), self.left.copy(), self.alive, list(self.steps), self.volume)


@dataclass(frozen=True)
class Loaded:
    """What is loaded: pieces numbered through the cargo, kind by kind; and how many passes found it."""

    placed: tuple[Placed, ...]
    volume: int
    passes: int


def load(container: Size, cargo: Sequence[Cargo], *, seconds: float = 1.0, seed: int = 1) -> Loaded:
    """Return the fullest load found in so many seconds of this process's CPU time; greedy at least."""
    ends = time.process_time() + seconds
    loader = Loader(container, cargo, seed)
    loader.complete(loader.first)
    width, passes = 1, 0
    while time.process_time() < ends:
        loader.beam(width, ends)
        width, passes = width + 1, passes + 1
    return Loaded(tuple(_pieces(loader.best, loader.table, cargo)), loader.best.volume, passes)


class Loader:
    """One container and cargo, and the fullest load so far."""

    def __init__(self, container: Size, cargo: Sequence[Cargo], seed: int):
        self.container = container
        self.table = blocks(container, cargo)
        self.dice = np.random.default_rng(seed)
        self.worth = self.table.count**-FEWER_PIECES
        self.sides = [int(self.table.lie[:, k].min()) for k in range(3)] if len(self.table.lie) else [1, 1, 1]
        self.columns = [np.ascontiguousarray(self.table.size[:, k]) for k in range(3)]
        left, alive = np.array([some.quantity for some in cargo]), np.arange(len(self.table.kind))
        self.first = State([(0, 0, 0, *container)], left, alive, [], 0)
        self.best = self.first
        self.noise = 0.0

    def beam(self, width: int, ends: float) -> None:
        """Load once, keeping the `width` most promising states after each block."""
        states = [self.first]
        self.noise = 0.0 if width == 1 else NOISE
        while states and time.process_time() < ends:
            found: list[tuple[int, int, State]] = []
            for state in states:
                for child in self._children(state, width):
                    found.append((self.complete(child), len(found), child))
                    if time.process_time() >= ends:
                        return
            found.sort(key=lambda row: (-row[0], row[1]))
            states = _different(found, width)

    def _children(self, state: State, width: int) -> list[State]:
        chosen, space = self._next(state, width)
        found = []
        for block in chosen:
            child = state.copy()
            self._put(child, int(block), space)
            found.append(child)
        return found

    def complete(self, state: State) -> int:
        """Load the rest greedily and return the volume; the fullest is kept."""
        state = state.copy()
        while True:
            chosen, space = self._next(state, 1)
            if not len(chosen):
                break
            self._put(state, int(chosen[0]), space)
        if state.volume > self.best.volume:
            self.best = state
        return state.volume

    def _next(self, state: State, count: int) -> tuple[Ints, Cuboid]:
        """Return the best blocks for the space nearest to a bottom corner that takes any, and that space.

        Spaces that take none are dropped: what is left becomes no smaller.
        """
        spaces = sorted(state.spaces, key=self._nearness)
        for number, space in enumerate(spaces):
            chosen = self._best_blocks(state, space, count)
            if len(chosen):
                state.spaces = spaces[number:]
                return chosen, space
        state.spaces = []
        return state.alive[:0], (0, 0, 0, *self.container)

    def _nearness(self, space: Cuboid) -> tuple[int, int, int, int]:
        x, y, z, u, v, w = space
        near, deep = min(x, self.container[0] - u), min(y, self.container[1] - v)
        return (near + deep + z, z, near, -(u - x) * (v - y) * (w - z))

    def _best_blocks(self, state: State, space: Cuboid, count: int) -> Ints:
        """Return the blocks that fill a space with least loss, the best first."""
        x, y, z, u, v, w = space
        table = self.table
        room, fits = (u - x, v - y, w - z), state.alive
        for k in range(3):
            fits = fits[self.columns[k][fits] <= room[k]]
        if not len(fits):
            return fits
        used = np.ones(len(fits), dtype=np.int64)
        for k in range(3):
            extent = self.columns[k][fits]
            used *= extent + table.reach[k][room[k] - extent]
        liking = (table.volume[fits] + used - room[0] * room[1] * room[2]) * self.worth[fits]
        if self.noise:
            liking = liking - np.abs(liking) * self.noise * self.dice.random(len(fits))
        if count == 1:
            return fits[[int(liking.argmax())]]
        return fits[np.argsort(-liking, kind="stable")[:count]]

    def _put(self, state: State, block: int, space: Cuboid) -> None:
        """Put a block into the corner of a space that is nearest to a corner of the container."""
        a, b, c = self.table.size[block].tolist()
        x, y, z, u, v, _ = space
        if self.container[0] - u < x:
            x = u - a
        if self.container[1] - v < y:
            y = v - b
        state.spaces = cut(state.spaces, (x, y, z, x + a, y + b, z + c), (self.sides[0], self.sides[1], self.sides[2]))
        kind = self.table.kind[block]
        state.left[kind] -= self.table.count[block]
        alive = state.alive
        state.alive = alive[(self.table.kind[alive] != kind) | (self.table.count[alive] <= state.left[kind])]
        state.steps.append((block, x, y, z))
        state.volume += int(self.table.volume[block])


def _different(found: list[tuple[int, int, State]], width: int) -> list[State]:
    """Return the best states, one of each completed volume first."""
    best: dict[tuple[int, int], State] = {}
    for value, _, state in found:
        best.setdefault((value, state.volume), state)
    return list(best.values())[:width]


def _pieces(state: State, table: Blocks, cargo: Sequence[Cargo]) -> list[Placed]:
    """Return the pieces of the blocks of a state, each kind numbered on from the one before."""
    following = np.concatenate([[0], np.cumsum([some.quantity for some in cargo])]).tolist()
    found = []
    for block, x, y, z in state.steps:
        a, b, c = table.lie[block].tolist()
        long, wide, high = (table.size[block] // table.lie[block]).tolist()
        for i, j, k in np.ndindex(long, wide, high):
            kind = int(table.kind[block])
            found.append(Placed(following[kind], (x + i * a, y + j * b, z + k * c), (a, b, c)))
            following[kind] += 1
    return found

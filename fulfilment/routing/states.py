"""What a half-drawn tour looks like at an aisle, and how each choice changes it.

Ratliff & Rosenthal 1983 (one block); Cambazard & Catusse 2018 (any number). The tour is drawn aisle by
aisle from the left. All that the part on the right needs to know of the part on the left is, per crossing
of the aisle with a cross-aisle, whether no, an odd or an even number of edges end there, and which
crossings are connected by then. There are 6 / 24 / 112 / 568 / 3,032 such states for 1 to 5 blocks, that
of nothing drawn among them; the tables are built once a process and number of blocks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np

NONE, ODD, EVEN = 0, 1, 2

# What can be done in a sub-aisle, the part of an aisle between two cross-aisles.
SKIP, ONCE, TWICE, TOP, BOTTOM, GAP = range(6)

# A state: (degree, component) of each crossing from the top; components are numbered as they appear.
State = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Step:
    """All ways to go on by one kind of step: entry e leads from state `source[e]` at cost number `choice[e]`.

    Entries are sorted by the state they lead to: those of state `reached[i]` begin at `starts[i]`.
    """

    source: np.ndarray
    choice: np.ndarray
    reached: np.ndarray
    starts: np.ndarray


@dataclass(frozen=True)
class Tables:
    """The states of a number of blocks, state 0 being nothing drawn, and the steps between them.

    `aisle[b]`: the choices in sub-aisle b. `across`: to the next aisle; its choice is the number of edges, and
    the degrees after it are those edges. `depot[r]`: the tour must touch crossing r. `closed`: which states are
    a whole tour.
    """

    states: tuple[State, ...]
    aisle: tuple[Step, ...]
    across: Step
    depot: tuple[Step, ...]
    closed: np.ndarray


@lru_cache
def tables(blocks: int) -> Tables:
    """Return the Tables of a warehouse of `blocks` blocks; 4 blocks take a second, 5 take five."""
    empty: State = ((NONE, 0),) * (blocks + 1)
    index = {empty: 0}
    moves: dict[tuple[str, int], list[tuple[int, int, int]]] = {}
    waiting = [empty]
    while waiting:
        state = waiting.pop()
        for step, choice, after in _moves(state, blocks):
            if after not in index:
                index[after] = len(index)
                waiting.append(after)
            moves.setdefault(step, []).append((index[after], index[state], choice))
    return Tables(
        states=tuple(index),
        aisle=tuple(_step(moves["aisle", b]) for b in range(blocks)),
        across=_step(moves["across", 0]),
        depot=tuple(_step(moves["depot", row]) for row in range(blocks + 1)),
        closed=np.array([_is_closed(state) for state in index]),
    )


def _moves(state: State, blocks: int) -> Iterator[tuple[tuple[str, int], int, State]]:
    """Yield ((step, its number), choice, state after it)."""
    for block in range(blocks):
        for choice in range(6):
            yield ("aisle", block), choice, _in_aisle(state, block, choice)
    for row in range(blocks + 1):
        yield ("depot", row), 0, state if state[row][0] else _touched(state, row, EVEN)
    for edges in product(*(_edges(degree) for degree, _ in state)):
        after = _across(state, edges)
        if after is not None:
            yield ("across", 0), sum(edges), after


def _edges(degree: int) -> tuple[int, ...]:
    """Return how many edges may leave a crossing to the right, so that an even number ends there."""
    return {NONE: (0,), ODD: (1,), EVEN: (0, 2)}[degree]


def _in_aisle(state: State, block: int, choice: int) -> State:
    upper, lower = block, block + 1
    if choice in (TOP, GAP):
        state = _touched(state, upper, EVEN)
    if choice in (BOTTOM, GAP):
        state = _touched(state, lower, EVEN)
    if choice in (ONCE, TWICE):
        ends = ODD if choice == ONCE else EVEN
        state = _joined(_touched(_touched(state, upper, ends), lower, ends), upper, lower)
    return state


def _touched(state: State, row: int, ends: int) -> State:
    """Return `state` with one (ODD) or two (EVEN) more edges ending at crossing `row`."""
    degree, component = state[row]
    if degree == NONE:
        component = max(number for _, number in state) + 1
    degree = ends if degree == NONE else degree if ends == EVEN else ODD + EVEN - degree
    return _numbered((*state[:row], (degree, component), *state[row + 1 :]))


def _joined(state: State, one: int, other: int) -> State:
    kept, lost = state[one][1], state[other][1]
    return _numbered(tuple((degree, kept if number == lost else number) for degree, number in state))


def _across(state: State, edges: tuple[int, ...]) -> State | None:
    """Return the state at the next aisle; None where a part of the tour would be left behind."""
    going = {number for (_, number), count in zip(state, edges, strict=True) if count}
    if going != {number for degree, number in state if degree}:
        return None
    return _numbered(tuple((count, state[row][1] if count else 0) for row, count in enumerate(edges)))


def _numbered(state: State) -> State:
    """Return `state` with its components numbered 1, 2 … from the top."""
    numbers = {0: 0}
    return tuple((degree, numbers.setdefault(number if degree else 0, len(numbers))) for degree, number in state)


def _is_closed(state: State) -> bool:
    return all(degree != ODD for degree, _ in state) and {number for _, number in state} in ({1}, {0, 1})


def _step(moves: list[tuple[int, int, int]]) -> Step:
    target, source, choice = np.array(sorted(set(moves))).T
    reached, starts = np.unique(target, return_index=True)
    return Step(source=source, choice=choice, reached=reached, starts=starts)

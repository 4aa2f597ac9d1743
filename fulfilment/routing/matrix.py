"""A short walk by a table of distances, one-way aisles included: cheapest insertion, 2-opt and Or-opt, kicks.

Croes 1958; Or 1976; kicks as in Martin, Otto & Felten 1991. For layouts that the exact programme does not know.
"""

import random

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]
Walk = NDArray[np.int64]
MOST_MOVED = 3
LEAST_GAIN = 1e-9


def round_trip(between: Table, stops: list[int], *, start: int, end: int, kicks: int = 0) -> tuple[list[int], float]:
    """Return (`stops` in walking order, metres) of a short walk from `start` past all stops to `end`.

    `between` [from, to] are metres, and may differ by direction; what cannot be walked is far, not infinite. Each
    of `kicks` disturbs the best walk so far and mends it anew. Same arguments, same answer.
    """
    best = _mended(between, _inserted(between, stops, start, end))
    least, dice = metres(between, best), random.Random(0)
    for _ in range(kicks if len(stops) > MOST_MOVED else 0):
        found = _mended(between, _kicked(best, dice))
        length = metres(between, found)
        if length < least - LEAST_GAIN:
            best, least = found, length
    return best[1:-1].tolist(), least


def metres(between: Table, walk: Walk) -> float:
    """Return the length of `walk`, the rows of `between` from its first to its last."""
    return float(between[walk[:-1], walk[1:]].sum())


def _inserted(between: Table, stops: list[int], start: int, end: int) -> Walk:
    """Return the walk that always adds the cheapest stop where it is cheapest."""
    walk, left = np.array([start, end]), np.array(sorted(stops), dtype=int)
    while len(left):
        one, other = walk[:-1, None], walk[1:, None]
        cost = between[one, left] + between[left, other] - between[one, other]
        i, stop = np.unravel_index(cost.argmin(), cost.shape)
        walk = np.insert(walk, i + 1, left[stop])
        left = np.delete(left, stop)
    return walk


def _mended(between: Table, walk: Walk) -> Walk:
    """Return `walk` after the best reversals and moves, till none helps."""
    while len(walk) > 3:
        gain, better = max(_reversed(between, walk), _moved(between, walk), key=lambda found: found[0])
        if gain <= LEAST_GAIN:
            break
        walk = better
    return walk


def _reversed(between: Table, walk: Walk) -> tuple[float, Walk]:
    """Return (metres saved, walk) of the best reversal of a stretch i … j."""
    there = np.concatenate([[0.0], between[walk[:-1], walk[1:]].cumsum()])
    back = np.concatenate([[0.0], between[walk[1:], walk[:-1]].cumsum()])
    i, j = np.triu_indices(len(walk) - 2, 1)
    i, j = i + 1, j + 1
    before = there[j + 1] - there[i - 1]
    after = between[walk[i - 1], walk[j]] + back[j] - back[i] + between[walk[i], walk[j + 1]]
    if not len(i):
        return 0.0, walk
    best = int((before - after).argmax())
    a, b = i[best], j[best] + 1
    return float((before - after)[best]), np.concatenate([walk[:a], walk[a:b][::-1], walk[b:]])


def _moved(between: Table, walk: Walk) -> tuple[float, Walk]:
    """Return (metres saved, walk) of the best move of up to three stops elsewhere, either way round."""
    best: tuple[float, Walk] = 0.0, walk
    for size in range(1, min(MOST_MOVED, len(walk) - 2) + 1):
        for i in range(1, len(walk) - size):
            rest, part = np.concatenate([walk[:i], walk[i + size :]]), walk[i : i + size]
            for some in (part, part[::-1]) if size > 1 else (part,):
                out = metres(between, walk[i - 1 : i + size + 1]) - between[walk[i - 1], walk[i + size]]
                into = between[rest[:-1], some[0]] + metres(between, some) + between[some[-1], rest[1:]]
                gains = out - (into - between[rest[:-1], rest[1:]])
                gains[i - 1] = 0.0 if some is part else gains[i - 1]
                k = int(gains.argmax())
                if gains[k] > best[0] + LEAST_GAIN:
                    best = float(gains[k]), np.concatenate([rest[: k + 1], some, rest[k + 1 :]])
    return best


def _kicked(walk: Walk, dice: random.Random) -> Walk:
    """Return `walk` with two neighbouring stretches exchanged (double bridge)."""
    a, b, c = sorted(dice.sample(range(1, len(walk)), 3))
    return np.concatenate([walk[:a], walk[b:c], walk[a:b], walk[c:]])

"""Which few sites to send an order's lines from at least cost: every subset of at most three sites, with a bound.

The uncapacitated facility location problem of one order: opening a site costs a parcel, each line goes to the
cheapest open site that has it. See Acimovic & Graves 2015, "Making better fulfillment decisions on the fly".
"""

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from itertools import accumulate, combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

MOST_SITES = 3
# What no site has: larger than any cost, small enough that sums of it fit 64 bits.
NEVER = 10**14
# Below so many sites plain Python is faster than setting up arrays.
FEW = 9

Found = tuple[int, tuple[int, ...]]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Limits:
    """At most how many sites in a subset, how many results, and how many sites that may be in a triple."""

    size: int
    keep: int
    in_triples: int


def cheapest_subsets(
    fixed: list[int], cost: list[list[int]], free: list[int], *, keep: int, in_triples: int | None = None
) -> tuple[list[Found], int]:
    """Return ([(cost, indexes of sites)], how many were compared): the `keep` cheapest subsets of 0 to 3 sites.

    `fixed` [site] is what opening a site costs, `cost` [line][site] what a line costs from it (NEVER: it has
    not got it), `free` [line] what the line costs without opening any (NEVER: it cannot). The first is the
    optimum over all subsets of at most three, unless `in_triples` lets only so many, the most promising sites,
    into triples.
    """
    size = min(MOST_SITES, len(cost), len(fixed))
    if len(fixed) < FEW:
        subsets = (subset for k in range(size + 1) for subset in combinations(range(len(fixed)), k))
        found = [priced(subset, fixed, cost, free) for subset in subsets]
        considered = len(found)
    else:
        limits = _Limits(size, keep, in_triples or len(fixed))
        found, considered = _by_arrays(np.array(fixed), np.array(cost), np.array(free), limits)
    return nsmallest(keep, (each for each in found if each[0] < NEVER)), considered


def bound_of_more(fixed: list[int], cost: list[list[int]], free: list[int], sites: int = MOST_SITES + 1) -> int:
    """Return what `sites` or more sites cost at least: their cheapest openings and each line's minimum."""
    if len(fixed) < sites or len(cost) < sites:
        return NEVER
    return sum(nsmallest(sites, fixed)) + sum(min(none, *line) for line, none in zip(cost, free, strict=True))


def priced(subset: tuple[int, ...], fixed: list[int], cost: list[list[int]], free: list[int]) -> Found:
    """Return (cost, subset) when exactly the sites of `subset` are opened."""
    total = 0
    for site in subset:
        total += fixed[site]
    for line, least in zip(cost, free, strict=True):
        for site in subset:
            if line[site] < least:
                least = line[site]
        total += least
    return total, subset


def _by_arrays(fixed: Numbers, cost: Numbers, free: Numbers, limits: _Limits) -> tuple[list[Found], int]:
    """Singles and pairs in full; of triples those whose sites could each still be in one of the `keep` best."""
    singles = np.minimum(cost, free[:, None])
    totals = [np.array([free.sum()]), singles.sum(0) + fixed]
    members = [np.empty((0, 1), dtype=np.intp), np.arange(len(fixed))[None]]
    if limits.size > 1:
        pairs = _tuples(len(fixed), 2)
        best = np.minimum(singles[:, pairs[0]], singles[:, pairs[1]])
        totals.append(best.sum(0) + fixed[pairs[0]] + fixed[pairs[1]])
        members.append(pairs)
    if limits.size > 2:
        bound = _triple_bound(fixed, singles)
        left = np.flatnonzero(bound < _smallest(np.concatenate(totals), limits.keep))
        left = left[np.argsort(bound[left], kind="stable")[: limits.in_triples]]
        triples = left[_tuples(len(left), 3)]
        best = np.minimum(np.minimum(singles[:, triples[0]], singles[:, triples[1]]), singles[:, triples[2]])
        totals.append(best.sum(0) + fixed[triples].sum(0))
        members.append(triples)
    every, ends = np.concatenate(totals), list(accumulate(map(len, totals)))
    few = np.argpartition(every, limits.keep)[: limits.keep] if len(every) > limits.keep else np.arange(len(every))
    found = []
    for i in few.tolist():
        kind = bisect_right(ends, i)
        found.append((int(every[i]), tuple(sorted(members[kind][:, i - ends[kind]].tolist()))))
    return found, len(every)


def _triple_bound(fixed: Numbers, singles: Numbers) -> Numbers:
    """Return, for each site, what a triple costs at least in which it serves a line: int64[site]."""
    least = singles.min(1)
    regret = (singles - least[:, None]).min(0)
    others = np.sort(fixed)[:3]
    return fixed + others[0] + np.where(fixed <= others[1], others[2], others[1]) + least.sum() + regret


def _smallest(totals: Numbers, rank: int) -> int:
    return int(np.partition(totals, rank - 1)[rank - 1]) if len(totals) >= rank else NEVER


def _tuples(sites: int, size: int) -> NDArray[np.intp]:
    """Return all subsets of `size` of so many sites as columns: intp[size, subsets]."""
    return _table(1 << (sites - 1).bit_length(), size)[:, : comb(sites, size)]


@lru_cache(maxsize=16)
def _table(sites: int, size: int) -> NDArray[np.intp]:
    """Return the subsets ordered by their largest member, so that those of fewer sites are the first columns."""
    subsets = sorted(combinations(range(sites), size), key=lambda subset: subset[::-1])
    return np.array(subsets, dtype=np.intp).reshape(-1, size).T.copy()

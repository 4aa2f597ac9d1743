"""Batches by savings: the first that most improvement starts from."""

import numpy as np
from numpy.typing import NDArray

from fulfilment.routing.oracle import Oracle
from fulfilment.routing.work import Batches, Work

PARTNERS = 30


def by_savings(work: Work, oracle: Oracle) -> Batches:
    """Return Batches by Clarke & Wright (ii): always the merge that saves most, among each one's likeliest partners."""
    merging = _Merging(work, oracle)
    while merging.merge_best():
        pass
    return merging.batches()


class _Merging:
    """Batches on their way: each begins with one order and is emptied when it joins another."""

    def __init__(self, work: Work, oracle: Oracle):
        self.capacity, self.oracle = work.capacity, oracle
        self.spots, self.load = work.spots.copy(), work.load.copy()
        self.orders = [[order] for order in range(len(self.spots))]
        self.metres = oracle.metres(self.spots)
        self.zones = _zones(work)
        count = len(self.orders)
        self.saved = np.full((count, count), -np.inf, dtype=np.float32)
        self._price(sorted({pair for one in range(count) for pair in self._pairs(one)}))

    def batches(self) -> Batches:
        rows = [i for i, orders in enumerate(self.orders) if orders]
        return Batches([sorted(self.orders[i]) for i in rows], [float(self.metres[i]) for i in rows])

    def merge_best(self) -> bool:
        """Merge the two that save most; returns whether any did."""
        if not self.orders:
            return False
        one, other = divmod(int(self.saved.argmax()), len(self.orders))
        if self.saved[one, other] <= 0:
            return False
        self.orders[one] += self.orders[other]
        self.orders[other] = []
        self.spots[one] |= self.spots[other]
        self.zones[one] |= self.zones[other]
        self.load[one] += self.load[other]
        self.metres[one] = self.oracle.metres(self.spots[one : one + 1])[0]
        for row in (one, other):
            self.saved[row] = self.saved[:, row] = -np.inf
        self._price(self._pairs(one))
        return True

    def _pairs(self, one: int) -> list[tuple[int, int]]:
        """Return (lower, higher) of `one` and those that fit with it and share most of its aisles."""
        fits = (self.load + self.load[one] <= self.capacity).all(1)
        others = np.array([i for i in np.flatnonzero(fits) if i != one and self.orders[i]], dtype=int)
        if len(others) > PARTNERS:
            shared = (self.zones[others] & self.zones[one]).sum(1)
            alike = shared / (self.zones[others] | self.zones[one]).sum(1)
            others = others[np.argsort(-alike, kind="stable")[:PARTNERS]]
        return [(min(one, int(other)), max(one, int(other))) for other in others]

    def _price(self, pairs: list[tuple[int, int]]) -> None:
        if pairs:
            ones, others = np.array(pairs).T
            together = self.oracle.metres(self.spots[ones] | self.spots[others])
            self.saved[ones, others] = self.metres[ones] + self.metres[others] - together


def _zones(work: Work) -> NDArray[np.bool_]:
    """Return whether each order stops in each zone [order, zone]."""
    found = np.zeros((len(work.spots), int(work.zones.max(initial=0)) + 1), dtype=bool)
    orders, places = np.nonzero(work.spots)
    found[orders, work.zones[places]] = True
    return found

"""Batches made better by moving single orders and swapping pairs, now and then for the worse (Kirkpatrick 1983).

A step takes one order out of its walk and prices all that could become of it at once: a walk of its own, another
walk, or another walk's order in exchange. The odds of taking a worse one fall with the time that is left.
"""

import math
import random
import time

import numpy as np

from fulfilment.routing.oracle import Oracle
from fulfilment.routing.work import Batches, Work

ALTERNATIVES = 40
HOT = 0.02  # of an average walk: what a step may worsen at first
COLD = 0.0005


class Annealing:
    """One search: `orders[walk]` are sets of order indexes, an empty one is a walk not needed (yet)."""

    def __init__(self, work: Work, oracle: Oracle, start: Batches, dice: random.Random):
        self.work, self.oracle, self.dice = work, oracle, dice
        self.orders = [list(orders) for orders in start.orders] + [[]]
        self.metres = [*start.metres, 0.0]
        self.walk_of = {order: walk for walk, orders in enumerate(self.orders) for order in orders}
        self.load = np.array([work.load[orders].sum(0) for orders in self.orders])
        self.heat = start.total / len(start.orders)

    def run(self, until: float) -> Batches:
        """Search till the clock (time.monotonic) says `until`; returns the best Batches met."""
        begun, best, least = time.monotonic(), self._copy(), sum(self.metres)
        total, count = least, len(self.walk_of)
        while (now := time.monotonic()) < until:
            passed = (now - begun) / (until - begun)
            change = self._step(self.dice.randrange(count), self.heat * HOT * (COLD / HOT) ** passed)
            total += change
            if total < least - 1e-6:
                best, least = self._copy(), total
        return best

    def _step(self, order: int, heat: float) -> float:
        """Maybe move or swap `order`; returns by how many metres the walks became longer."""
        here = self.walk_of[order]
        moves = self._moves(order, here)
        if not moves:
            return 0.0
        pairs = [self._after(order, here, there, back) for there, back in moves]
        spots = np.array([self.work.spots[orders].any(0) for pair in pairs for orders in pair])
        metres = self.oracle.metres(spots).reshape(-1, 2)
        changes = [
            float(new.sum()) - self.metres[here] - self.metres[there]
            for new, (there, _) in zip(metres, moves, strict=True)
        ]
        best = min(range(len(moves)), key=changes.__getitem__)
        if changes[best] > 0 and self.dice.random() >= math.exp(-changes[best] / heat):
            return 0.0
        self._take(order, here, moves[best], pairs[best], metres[best])
        return changes[best]

    def _moves(self, order: int, here: int) -> list[tuple[int, int | None]]:
        """Return [(walk, the order that comes back from it or None)] of a sample of what fits."""
        load, capacity = self.work.load, self.work.capacity
        others = [walk for walk in range(len(self.orders)) if walk != here]
        moves: list[tuple[int, int | None]] = []
        for walk in self.dice.sample(others, min(len(others), ALTERNATIVES)):
            if (self.load[walk] + load[order] <= capacity).all():
                moves.append((walk, None))
            elif self.orders[walk]:
                back = self.dice.choice(self.orders[walk])
                fits_there = (self.load[walk] + load[order] - load[back] <= capacity).all()
                if fits_there and (self.load[here] - load[order] + load[back] <= capacity).all():
                    moves.append((walk, back))
        return moves

    def _after(self, order: int, here: int, there: int, back: int | None) -> tuple[list[int], list[int]]:
        """Return the orders of both walks after the move."""
        left = [other for other in self.orders[here] if other != order]
        gone = [other for other in self.orders[there] if other != back]
        return (left if back is None else [*left, back]), [*gone, order]

    def _take(self, order, here, move, after, metres):
        there, back = move
        self.orders[here], self.orders[there] = after
        self.walk_of[order] = there
        if back is not None:
            self.walk_of[back] = here
        for walk, length in ((here, metres[0]), (there, metres[1])):
            self.metres[walk] = float(length)
            self.load[walk] = self.work.load[self.orders[walk]].sum(0)
        if all(self.orders):
            self.orders.append([])
            self.metres.append(0.0)
            self.load = np.concatenate([self.load, np.zeros_like(self.load[:1])])

    def _copy(self) -> Batches:
        rows = [walk for walk, orders in enumerate(self.orders) if orders]
        return Batches([sorted(self.orders[walk]) for walk in rows], [self.metres[walk] for walk in rows])

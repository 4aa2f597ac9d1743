"""What can be promised of one SKU at one location, and from when: supply and commitments in time, cumulated.

Available to promise: a quantity is promised for the earliest moment from which the cumulated net supply never again
falls below it, its suffix minimum; so no promise takes from one that was given before, however late that one is.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import Any, Generic, TypeVar

# Whatever has an order: aware datetimes, days, whole seconds; one kind in a timeline.
Moment = TypeVar("Moment", bound=Any)


class Timeline(Generic[Moment]):
    """Pieces that are there, come and go. A look-up is a bisection; after changes it reads all events once."""

    def __init__(self, now: Moment, on_hand: int = 0, events: Iterable[tuple[Moment, int]] = ()):
        """Begin `now` with `on_hand` pieces; `events` are (moment, pieces that come, or below zero: go)."""
        self._moments: list[Moment] = [now]
        self._deltas = [on_hand]
        self._least: list[int] = []
        for at, pieces in events:
            self.add(at, pieces)

    def add(self, at: Moment, pieces: int) -> None:
        """Note that `pieces` come at a moment, below zero: go; what is before the present counts now.

        Checks nothing: see `take`. The opposite takes an event back.
        """
        i = bisect_right(self._moments, at) - 1
        if i < 0 or self._moments[i] == at:
            self._deltas[max(i, 0)] += pieces
            if i > 0 and not self._deltas[i]:
                del self._moments[i], self._deltas[i]
        elif pieces:
            self._moments.insert(i + 1, at)
            self._deltas.insert(i + 1, pieces)
        self._least = []

    def available(self, at: Moment) -> int:
        """Return how many pieces can be had from a moment on without missing them later; below zero: over-promised."""
        return self._minima()[max(bisect_right(self._moments, at) - 1, 0)]

    def promise(self, pieces: int, *, after: Moment | None = None, keep: int = 0) -> Moment | None:
        """Return the earliest moment, not before `after`, from which `pieces` can be had; None: never so far.

        `keep` more must be there too, which are left to others.
        """
        i = bisect_left(self._minima(), pieces + keep)
        if i == len(self._moments):
            return None
        at = self._moments[i]
        return at if after is None or at > after else after

    def take(self, pieces: int, *, after: Moment | None = None) -> Moment | None:
        """Promise `pieces` and commit them to that moment, which is returned; None: nothing was committed.

        To free them again, `add` them at that moment.
        """
        at = self.promise(pieces, after=after)
        if at is not None:
            self.add(at, -pieces)
        return at

    def advance(self, now: Moment) -> None:
        """Let time pass: what was due by `now` has happened, so postpone first what has not."""
        i = bisect_right(self._moments, now)
        if i:
            self._deltas[:i] = [sum(self._deltas[:i])]
            self._moments[:i] = [now]
            self._least = []

    def _minima(self) -> list[int]:
        """Return, for each moment, the least net supply from then on: it never falls, so it can be bisected."""
        if not self._least:
            net = list(accumulate(self._deltas))
            net.reverse()
            self._least = list(accumulate(net, min))
            self._least.reverse()
        return self._least

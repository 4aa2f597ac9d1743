"""Pieces of one SKU at one place, with what they cost: on average, and layer by layer (IAS 2, paragraphs 25-27)."""

from collections import deque
from datetime import date, datetime, timedelta
from decimal import Decimal

ZERO = Decimal(0)
# Days since a piece came at which it joins the next group of ages: 0-30, 31-90, 91-180, older.
AGES = (30, 90, 180)


class Pile:
    """`pieces`, their `value` by moving average, and FIFO `layers` [(pieces, cost of one, when they came)]."""

    __slots__ = ("_last", "layers", "pieces", "value")

    def __init__(self) -> None:
        self.pieces = 0
        self.value = ZERO
        self.layers: deque[tuple[int, Decimal, datetime]] = deque()
        self._last: tuple[Decimal, datetime] | None = None

    @property
    def average(self) -> Decimal:
        return self.value / self.pieces if self.pieces else ZERO

    @property
    def fifo_value(self) -> Decimal:
        return sum((pieces * cost for pieces, cost, _ in self.layers), ZERO)

    def take_in(self, pieces: int, cost: Decimal, at: datetime) -> None:
        """Add pieces that came at `at` for `cost` each."""
        self.join([(pieces, cost, at)], pieces * cost)

    def join(self, layers: list[tuple[int, Decimal, datetime]], value: Decimal) -> None:
        """Add layers that another pile gave, worth `value` on average there."""
        self.layers.extend(layers)
        self.pieces += sum(pieces for pieces, _, _ in layers)
        self.value += value

    def put_back(self, pieces: int, cost: Decimal, at: datetime) -> None:
        """Add pieces that left by mistake, as old as those that left last; what is not known is as given."""
        layer_cost, since = self._last or (cost, at)
        self.layers.appendleft((pieces, layer_cost, since))
        self.pieces += pieces
        self.value += pieces * cost

    def take_out(self, pieces: int) -> tuple[list[tuple[int, Decimal, datetime]], Decimal]:
        """Remove the oldest `pieces`, at most those there are; returns their layers and their average value."""
        pieces = min(pieces, self.pieces)
        value = self.value if pieces == self.pieces else self.average * pieces
        self.pieces -= pieces
        self.value -= value
        taken = []
        while pieces:
            there, cost, at = self.layers.popleft()
            part = min(there, pieces)
            if part < there:
                self.layers.appendleft((there - part, cost, at))
            taken.append((part, cost, at))
            self._last = (cost, at)
            pieces -= part
        return taken, value

    def ages(self, today: date) -> list[int]:
        """Return the pieces of each group of AGES on `today`, the youngest first."""
        groups = [0] * (len(AGES) + 1)
        for pieces, _, at in self.layers:
            days = (today - at.date()) // timedelta(days=1)
            groups[sum(1 for border in AGES if days > border)] += pieces
        return groups

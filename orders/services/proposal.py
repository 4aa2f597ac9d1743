"""What sourcing open orders anew would do, and what came of it."""

from dataclasses import astuple, dataclass
from decimal import Decimal

from orders.models import Order


@dataclass(frozen=True)
class Move:
    """`pieces` of an allocation that go from one location (its id) to another; None: they wait."""

    order: int
    allocation: int
    pieces: int
    source: int | None
    target: int | None


@dataclass(frozen=True)
class Group:
    """Orders that give each other pieces, applied whole or not at all; money `before` and `after` as sourcing counts,
    by order id, and the pieces that waited and would wait."""

    moves: tuple[Move, ...]
    before: dict[int, Decimal]
    after: dict[int, Decimal]
    waited: int
    waiting: int

    def as_json(self):
        """Return it as lists and texts, for `from_json` to read."""
        money = [{pk: str(cost) for pk, cost in costs.items()} for costs in (self.before, self.after)]
        return [[list(astuple(move)) for move in self.moves], *money, self.waited, self.waiting]

    @classmethod
    def from_json(cls, data):
        """Return the Group that `as_json` wrote."""
        moves, before, after, waited, waiting = data
        before, after = ({int(pk): Decimal(cost) for pk, cost in costs.items()} for costs in (before, after))
        return cls(tuple(Move(*move) for move in moves), before, after, waited, waiting)


@dataclass(frozen=True)
class Proposal:
    """`groups` worth applying, of so many `orders` looked at; `left_out`: orders that are where they may not be."""

    groups: tuple[Group, ...]
    orders: int
    left_out: tuple[Order, ...] = ()

    @property
    def moves(self):
        return [move for group in self.groups for move in group.moves]

    @property
    def saved(self):
        """Return what sending costs less, as sourcing counts it; less than nothing where more can be sent."""
        return sum(sum(group.before.values()) - sum(group.after.values()) for group in self.groups)

    @property
    def costs(self):
        """Return what sending costs more."""
        return -self.saved

    @property
    def freed(self):
        """Return how many pieces fewer wait."""
        return sum(group.waited - group.waiting for group in self.groups)


@dataclass(frozen=True)
class Applied:
    """How many `orders` were sourced anew, and why the others were not: `refused` [words]."""

    orders: int
    refused: tuple[str, ...]

"""Which promises hold, and which must move, when supply turns out late or short."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from orders.promise.timeline import Moment, Timeline

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Commitment(Generic[Key, Moment]):
    """Pieces promised for a moment; None: not promised yet. A lower `priority` is served first."""

    key: Key
    pieces: int
    at: Moment | None = None
    priority: int = 0


def repeg(supply: Timeline[Moment], commitments: Iterable[Commitment[Key, Moment]]) -> dict[Key, Moment | None]:
    """Return {key: moment} for which each can be promised now; None: never, as far as known.

    By priority, then by the date promised, then as given: each keeps its date where the supply that is left
    allows it and moves later where not, never earlier. `supply` must hold none of the commitments, and holds
    afterwards those that got a moment.
    """
    waiting = sorted(commitments, key=_rank)
    return {each.key: supply.take(each.pieces, after=each.at) for each in waiting}


def _rank(each: Commitment) -> tuple:
    return (each.priority, each.at is None, *(() if each.at is None else (each.at,)))

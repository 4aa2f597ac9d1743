"""What is to be batched, and what came of it."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fulfilment.routing.oracle import Oracle


@dataclass(frozen=True)
class Work:
    """The orders to batch: `spots` [order, place], whether it stops there; `load` [order, measure], what it takes of
    a walk's `capacity` [measure], as pieces, grams, totes; `zones` [place], the number of the aisle or area it is in.
    """

    spots: NDArray[np.bool_]
    load: NDArray[np.int64]
    capacity: NDArray[np.int64]
    zones: NDArray[np.int64]

    def __post_init__(self):
        if (self.load > self.capacity).any():
            raise ValueError("An order does not fit on any walk.")


@dataclass
class Batches:
    """`orders[i]` are the indexes of the orders of walk i, `metres[i]` its length."""

    orders: list[list[int]] = field(default_factory=list)
    metres: list[float] = field(default_factory=list)

    @property
    def total(self) -> float:
        return sum(self.metres)


def priced(work: Work, oracle: Oracle, orders: list[list[int]]) -> Batches:
    """Return the Batches of lists of `orders`, with the length of each walk."""
    spots = np.array([work.spots[some].any(0) for some in orders]).reshape(len(orders), work.spots.shape[1])
    return Batches(orders, oracle.metres(spots).tolist())

"""What kind of demand a series is, so that the methods made for it forecast it."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from inventory.forecasting.demand import Matrix, seen_counts
from inventory.forecasting.seasonality import seasonal

INTERVAL = 1.32  # mean periods between demands above which demand is intermittent: Syntetos, Boylan & Croston 2005
HALF = 2.0  # a season is looked for only where at least half of the periods sell
FEW = 6  # periods seen below which only the level is known


class Kind(StrEnum):
    """The kinds of demand: NEW has too little history; SEASONAL, SMOOTH and INTERMITTENT have methods of their own."""

    NEW = "new"
    SMOOTH = "smooth"
    SEASONAL = "seasonal"
    INTERMITTENT = "intermittent"


def classify(demand: Matrix, *, season: int) -> NDArray[np.str_]:
    """Return (series,) of `Kind` values: intermittent above 1.32 periods between demands, seasonal by its test.

    A series that sells in less than half of its periods is never seasonal; one without any demand is intermittent.
    """
    seen = seen_counts(demand)
    interval = seen / np.maximum(np.count_nonzero(np.nan_to_num(demand) > 0, axis=1), 1)
    kinds = np.where(interval > INTERVAL, Kind.INTERMITTENT, Kind.SMOOTH)
    kinds = np.where(seasonal(demand, season) & (interval <= HALF), Kind.SEASONAL, kinds)
    return np.asarray(np.where(seen < FEW, Kind.NEW, kinds), dtype=np.str_)

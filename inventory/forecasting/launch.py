"""What a new product will sell: as another did, until it has a history of its own."""

import numpy as np
from numpy.typing import NDArray

from inventory.forecasting.classify import FEW
from inventory.forecasting.demand import Flags, Matrix, seen_counts

ENOUGH = FEW  # periods of its own: from then on a series is forecast better from them (UCI variants, 6 weeks)
TRUST = 4  # periods of the analogue that the buyer's scale weighs as much as


def is_new(own: Matrix) -> Flags:
    """Return (series,): whether too little was seen of a series to stand alone."""
    return seen_counts(own) < ENOUGH


def lent(own: Matrix, analogue: Matrix, *, scale: NDArray[np.float64]) -> Matrix:
    """Return (series, periods): what `own` sold, and in periods it did not see what `analogue` sold, scaled.

    own, analogue: (series, periods), NaN where nothing was seen, the newest period last in both, so that a season
    stays where it is; scale: (series,), the buyer's estimate of what it sells for each piece of the analogue. What
    both saw corrects it as a gamma prior is by Poisson counts: (scale x b + own pieces) / (b + the analogue's), with
    b the analogue's mean demand of 4 periods. Forecasting by analogy: Green & Armstrong 2007.
    """
    both = ~np.isnan(own) & ~np.isnan(analogue)
    usual = np.nansum(analogue, axis=1) / np.maximum(seen_counts(analogue), 1)
    prior = np.maximum(usual * TRUST, 1e-9)
    sold, told = np.where(both, own, 0.0).sum(axis=1), np.where(both, analogue, 0.0).sum(axis=1)
    factor = (scale * prior + sold) / (prior + told)
    return np.where(np.isnan(own), analogue * factor[:, None], own)

"""The Theta method, winner of the M3 competition."""

import numpy as np

from inventory.forecasting.demand import Matrix, line
from inventory.forecasting.seasonality import Seasons, seasons
from inventory.forecasting.smoothing import smooth


def theta(demand: Matrix, horizon: int, *, season: int = 1, season_of: Seasons | None = None) -> Matrix:
    """Return (series, horizon), pieces a period, at least 0: the mean of the trend line and a smoothed theta line.

    The season is taken off by classical decomposition (`season_of`, by default `seasons(demand, season)`) and put
    back on. The line of theta 2 doubles each distance from the trend line and is forecast by simple exponential
    smoothing. Assimakopoulos & Nikolopoulos 2000.
    """
    season_of = seasons(demand, season) if season_of is None else season_of
    plain = season_of.removed_from(demand)
    after, slope = line(plain)
    trend = after[:, None] + slope[:, None] * (np.arange(plain.shape[1]) - plain.shape[1])
    level = smooth(2 * plain - trend).level
    ahead = after[:, None] + slope[:, None] * np.arange(horizon)
    return np.maximum(season_of.put_on((ahead + level[:, None]) / 2), 0.0)

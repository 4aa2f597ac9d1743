"""What a new product will sell: as others did after their start."""

import numpy as np

from inventory.forecasting.demand import Matrix, first_seen, seen_counts


def launch(peers: Matrix, horizon: int, *, seen: Matrix | None = None, scale: float = 1.0) -> Matrix:
    """Return (horizon,), pieces a period: the mean course of `peers` from their first period seen, scaled.

    peers: (series, periods) of products like it, NaN before their start. `scale` is the buyer's estimate (1: as the
    mean peer). `seen` (periods,) is what the new one sold since its start: it then takes the place of `scale`, as its
    sum over that of the peers' course, and the forecast goes on after it. A period no peer reached repeats the last.
    No peer: 0. Forecasting by analogy: Green & Armstrong 2007.
    """
    sold = np.zeros(0) if seen is None else np.asarray(seen, dtype=float)
    course = _course(peers, horizon + len(sold))
    told = np.nansum(np.where(np.isnan(sold), 0.0, course[: len(sold)]))
    if told > 0:
        scale = float(np.nansum(sold) / told)
    return course[len(sold) :] * scale


def _course(peers: Matrix, length: int) -> Matrix:
    """Return (length,): the mean of the peers in each period since their start."""
    started = peers[seen_counts(peers) > 0]
    if not len(started):
        return np.zeros(length)
    since = first_seen(started)[:, None] + np.arange(length)
    values = np.take_along_axis(started, np.minimum(since, started.shape[1] - 1), axis=1)
    reached = (since < started.shape[1]) & ~np.isnan(values)
    count = reached.sum(axis=0)
    means = np.where(reached, values, 0.0).sum(axis=0) / np.maximum(count, 1)
    last = np.maximum.accumulate(np.where(count > 0, np.arange(length), 0))
    return np.asarray(means[last])

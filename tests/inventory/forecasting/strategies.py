"""Demand for hypothesis to try: whole pieces, often none, some periods unseen."""

import numpy as np
from hypothesis import strategies as st

pieces = st.one_of(st.just(0.0), st.integers(0, 40).map(float))
unseen = st.one_of(pieces, pieces, pieces, st.just(np.nan))


def matrices(values=pieces, *, shortest=1, longest=30):
    """Return a strategy of (series, periods) arrays, 1 to 4 series."""
    return st.integers(shortest, longest).flatmap(
        lambda periods: st.lists(st.lists(values, min_size=periods, max_size=periods), min_size=1, max_size=4).map(
            lambda rows: np.array(rows, dtype=float)
        )
    )

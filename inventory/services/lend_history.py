"""New products: what their analogues sold stands in for the weeks they have not seen."""

import numpy as np

from inventory.forecasting.demand import seen_counts
from inventory.forecasting.launch import is_new, lent
from inventory.models import Sku
from inventory.services.demand_history import history, kept_pairs


def lend(past, *, week):
    """Return what to forecast `past`, a `History` of Monday `week`, from: demand (pairs, weeks), and if lent (pairs,).

    A row is lent the history of its SKU's analogue at the same location while it has too little of its own; the
    analogue may be off sale by now. One statement, seven more where anything is lent.
    """
    is_lent = np.zeros(len(past.pairs), dtype=bool)
    new = {past.pairs[row]: row for row in np.flatnonzero(is_new(past.demand))}
    named = Sku.objects.filter(pk__in={sku for sku, _ in new}, analogue__isnull=False)
    terms = {pk: (other, float(scale)) for pk, other, scale in named.values_list("pk", "analogue_id", "analogue_scale")}
    if not terms:
        return past.demand, is_lent
    analogues = {other for other, _ in terms.values()}
    others = history(analogues, week=week, weeks=past.demand.shape[1], kept=kept_pairs(analogues))
    row_of = {pair: row for row, pair in enumerate(others.pairs)}
    matched = [
        (row, row_of[terms[sku][0], place], terms[sku][1])
        for (sku, place), row in new.items()
        if sku in terms and (terms[sku][0], place) in row_of
    ]
    if not matched:
        return past.demand, is_lent
    rows, other_rows, scale = (np.array(column) for column in zip(*matched, strict=True))
    demand = past.demand.copy()
    demand[rows] = lent(past.demand[rows], others.demand[other_rows], scale=scale)
    is_lent[rows] = seen_counts(demand[rows]) > seen_counts(past.demand[rows])
    return demand, is_lent

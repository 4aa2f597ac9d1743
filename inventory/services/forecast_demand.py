"""Forecasting: from what was sold to what will be, written down, and how good the last one was."""

from collections import defaultdict

import numpy as np
from django.utils import timezone

from inventory.forecasting.demand import seen_counts
from inventory.forecasting.ensemble import forecast
from inventory.forecasting.ordering import abc
from inventory.models import Forecast, Sku
from inventory.services.demand_history import WEEK, history
from inventory.services.lend_history import lend
from oms.lib.chunks import chunks
from oms.lib.commands import command

HORIZON = 26  # weeks
SEASON = 52  # weeks
KEPT = 60 * WEEK
FIELDS = ["made_at", "kind", "method", "mean", "expected", "variance", "step"]


@command
def forecast_skus(sku_ids, *, week):
    """Write the forecast of Monday `week` for each location of `sku_ids`, and what was sold in the week before.

    A second call in the week writes the same rows again. Returns how many. A quarter of a second for 200 of them.
    """
    past = history(sku_ids, week=week)
    if not past.pairs:
        return 0
    demand, is_lent = lend(past, week=week)
    found = forecast(demand, HORIZON, season=SEASON)
    steps = np.diff(past.demand, axis=1) ** 2
    steps = np.nansum(steps, axis=1) / np.maximum(seen_counts(steps), 1)
    now = timezone.now()
    rows = [
        Forecast(
            sku_id=sku,
            location_id=location,
            week=week,
            made_at=now,
            kind=str(found.kind[row]),
            method=Forecast.Method.ANALOGUE if is_lent[row] else Forecast.Method.ENSEMBLE,
            mean=[round(float(pieces), 3) for pieces in found.mean[row]],
            expected=float(found.mean[row, 0]),
            variance=float(found.variance[row]),
            step=float(steps[row]),
        )
        for row, (sku, location) in enumerate(past.pairs)
    ]
    Forecast.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["sku", "location", "week"], update_fields=FIELDS, batch_size=500
    )
    _note_actuals(sku_ids, past, week)
    return len(rows)


def _note_actuals(sku_ids, past, week):
    """Write what was sold in the last whole week into the forecast that was made for it."""
    row_of = {pair: row for row, pair in enumerate(past.pairs)}
    earlier = [
        row
        for row in Forecast.objects.filter(sku__in=sku_ids, week=week - WEEK)
        if (row.sku_id, row.location_id) in row_of
    ]
    for forecast_row in earlier:
        row = row_of[forecast_row.sku_id, forecast_row.location_id]
        forecast_row.actual = float(past.ordered[row, -1])
        forecast_row.days_out = int(past.days_out[row, -1])
    Forecast.objects.bulk_update(earlier, ["actual", "days_out"], batch_size=500)


@command
def classify_goods(week):
    """Set the ABC class of each forecast of Monday `week` by what its SKU's yearly demand costs, at all locations.

    Forecasts older than 60 weeks are forgotten. A second call finds the same.
    """
    costs = dict(Sku.objects.values_list("pk", "unit_cost"))
    worth = defaultdict(float)
    for sku, mean in Forecast.objects.filter(week=week).order_by().values_list("sku_id", "mean").iterator():
        worth[sku] += sum(mean) * float(costs[sku])
    skus = sorted(worth)
    of_class = {}
    for sku, name in zip(skus, abc(np.array([worth[sku] for sku in skus])), strict=True):
        of_class.setdefault(str(name), []).append(sku)
    for name, skus in sorted(of_class.items()):
        for some in chunks(skus, 500):
            rows = Forecast.objects.filter(week=week, sku__in=some)
            rows.exclude(abc_class=name).update(abc_class=name)
    Forecast.objects.filter(week__lt=week - KEPT).delete()

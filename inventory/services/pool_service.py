"""A class keeps its service together: what a piece must be worth to be stocked, worked out each night."""

from collections import defaultdict

import numpy as np

from inventory.forecasting.assortment import LeadTimes, shared_variance, typical_dispersion, worth
from inventory.models import Forecast, ReorderPolicy
from inventory.services.home_cost import HomeCost
from inventory.services.reorder import Need, listings
from inventory.services.reorder_policy import Policies
from inventory.services.supply import Supply
from oms.lib.chunks import chunks
from oms.lib.commands import command

SIZE = 1000  # forecasts at a time


@command
def pool(week):
    """Write into each policy "by forecast, all together" what decides of its goods, by the forecasts of Monday `week`.

    A second call writes the same. Nothing is asked where no policy is of that method.
    """
    pooled = ReorderPolicy.objects.filter(method=ReorderPolicy.Method.POOLED)
    if not pooled.exists():
        return
    found = _lead_times(week)
    for policy in pooled:
        rows = np.array(found.get(policy.pk, [])).reshape(-1, 3)
        policy.pooled_dispersion, policy.pooled_worth = _decide(*rows.T, service=float(policy.service_percent) / 100)
    ReorderPolicy.objects.bulk_update(pooled, ["pooled_dispersion", "pooled_worth"])


def _decide(mean, variance, cost, *, service):
    """Return (the dispersion typical of them, what a piece must be worth), or Nones where nothing is asked for."""
    wanted = mean > 0
    if not wanted.any():
        return None, None
    mean, dispersion = mean[wanted], variance[wanted] / mean[wanted]
    typical = typical_dispersion(dispersion)
    now = LeadTimes(mean, shared_variance(mean, dispersion, typical=typical), cost[wanted])
    return typical, worth(now, service=service)


def _lead_times(week):
    """Return {policy id: [(mean, variance, cost of a piece)]} of demand until an order after the next could be here."""
    policies, home = Policies(), HomeCost()
    found = defaultdict(list)
    forecasts = Forecast.objects.filter(week=week).select_related("sku").order_by("sku_id", "location_id")
    for some in chunks(forecasts.iterator(SIZE), SIZE):
        listed = listings({row.sku_id for row in some})
        for row in some:
            policy = policies.of(row.sku_id, row.location_id, row.abc_class)
            if policy.is_pooled:
                offer = listed.get(row.sku_id)
                need = Need(row, policy, offer, Supply(), unit_cost=float(home.piece(row.sku, offer, 1)))
                found[policy.pk].append((need.mean(), need.variance(), need.cost_or_one))
    return found

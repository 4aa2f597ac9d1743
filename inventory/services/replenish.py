"""Replenishment of a night, in steps that each take seconds: forecast, classify, propose, order.

Each step is one delivery of the outbox, so a worker that dies does it again and nothing twice.
"""

from datetime import date

from django.db.models import Exists, OuterRef
from django.utils import timezone

from inventory.models import Location, Sku, StockLevel
from inventory.services.demand_history import monday
from inventory.services.forecast_demand import classify_goods, forecast_skus
from inventory.services.order_by_itself import mark_over_budget, order_automatically
from inventory.services.pool_service import pool
from inventory.services.propose import Count, propose
from inventory.services.watch_stock import watch
from oms.lib.commands import command
from oms.outbox.publish import publish

SIZE = 50  # SKUs a step
FORECAST, PROPOSE = "forecast", "propose"


@command
def start():
    """Begin tonight's replenishment; the workers go through it step by step."""
    _next(FORECAST, 0, monday(timezone.localdate()))


@command
def step(stage, after, week):
    """Forecast, or propose for, the next SKUs with a pk above `after`, and leave the rest to the next step."""
    week = date.fromisoformat(week)
    sku_ids = next_skus(after)
    if sku_ids:
        forecast_skus(sku_ids, week=week) if stage == FORECAST else propose(sku_ids, week=week)
        _next(stage, sku_ids[-1], week)
    elif stage == FORECAST:
        classify_goods(week)
        pool(week)
        _next(PROPOSE, 0, week)
    else:
        mark_over_budget()
        order_automatically()
        watch()


def run(*, location=None, is_automatic=True, tick=lambda skus: None):
    """Do all of it now, proposing for `location` only where given; returns {"forecasts", "made", "changed", ...}.

    `tick` is called with the number of SKUs of each step. A second run on the same day changes nothing.
    """
    week = monday(timezone.localdate())
    forecasts, count = 0, Count()
    for sku_ids in _groups():
        forecasts += forecast_skus(sku_ids, week=week)
        tick(len(sku_ids))
    classify_goods(week)
    pool(week)
    for sku_ids in _groups():
        count += propose(sku_ids, week=week, location=location)
    mark_over_budget()
    orders = order_automatically() if is_automatic else 0
    watch()
    return {
        "forecasts": forecasts,
        "made": count.made,
        "changed": count.changed,
        "expired": count.expired,
        "ordered": orders,
    }


def next_skus(after):
    """Return the pks of the next SKUs that are planned, at most SIZE: those that we keep, or whose analogue we do.

    What is made to order is not kept.
    """
    kept = StockLevel.objects.filter(location__in=Location.objects.active().filter(tracks_stock=True))
    rows = Sku.objects.active().filter(
        Exists(kept.filter(sku=OuterRef("pk"))) | Exists(kept.filter(sku=OuterRef("analogue"))),
        kind=Sku.Kind.PHYSICAL,
        made_at=None,
        pk__gt=after,
    )
    return list(rows.order_by("pk").values_list("pk", flat=True)[:SIZE])


def _groups():
    after = 0
    while sku_ids := next_skus(after):
        yield sku_ids
        after = sku_ids[-1]


def _next(stage, after, week):
    publish("replenishment.due", "replenishment", stage=stage, after=after, week=week.isoformat())

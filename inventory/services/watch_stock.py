"""Alerts of stock: what runs out with nothing on its way, and what keeps missing."""

from datetime import timedelta

from django.utils import timezone

from inventory.models import StockAlert, StockLevel
from inventory.services.find_drift import drifts
from inventory.services.supply import supplies
from oms.lib.chunks import chunks
from oms.lib.commands import command

LOW, DRIFT = StockAlert.Kind.LOW, StockAlert.Kind.DRIFT
SYSTEM = "system"
SIZE = 500  # SKUs whose supply is looked up at a time
KEPT = timedelta(days=90)  # that stock once was low says nothing after it
CHANGING = ["bin_id", "pieces", "limit", "times"]


@command
def watch():
    """Bring the open alerts up to date; run by the schedule, and after a night's replenishment.

    A second call changes nothing. Closed alerts of low stock are forgotten after 90 days.
    """
    now = timezone.now()
    wanted = {alert.key: alert for alert in [*_low(), *_drifting(now)]}
    known = {row.key: row for row in StockAlert.objects.open().order_by("pk").select_for_update(of=("self",))}
    changed, gone = [], []
    for key, row in known.items():
        if key not in wanted:
            row.closed_at, row.closed_by = now, SYSTEM
            gone.append(row)
        elif any(getattr(row, name) != getattr(wanted[key], name) for name in CHANGING):
            for name in CHANGING:
                setattr(row, name, getattr(wanted[key], name))
            changed.append(row)
    StockAlert.objects.bulk_update(changed, [name.removesuffix("_id") for name in CHANGING], batch_size=SIZE)
    StockAlert.objects.bulk_update(gone, ["closed_at", "closed_by"], batch_size=SIZE)
    new = [alert for key, alert in wanted.items() if key not in known]
    StockAlert.objects.bulk_create(new, batch_size=SIZE, ignore_conflicts=True)
    StockAlert.objects.filter(kind=LOW, closed_at__lt=now - KEPT).delete()


def _low():
    """Yield an unsaved alert of each level at or below its reorder point that nothing is on its way to."""
    columns = ("sku_id", "location_id", "available", "reorder_point")
    levels = list(StockLevel.objects.low().order_by("sku_id", "location_id").values_list(*columns))
    inbound = {}
    for sku_ids in chunks(sorted({sku for sku, *_ in levels}), SIZE):
        found, _ = supplies(sku_ids)
        inbound |= {pair: supply.inbound for pair, supply in found.items()}
    for sku, place, available, point in levels:
        if not inbound.get((sku, place)):
            yield StockAlert(kind=LOW, sku_id=sku, location_id=place, pieces=available, limit=point)


def _drifting(now):
    """Yield an unsaved alert of each leak."""
    for (sku, place), drift in drifts(now).items():
        yield StockAlert(
            kind=DRIFT,
            sku_id=sku,
            location_id=place,
            bin_id=drift.bin_id,
            pieces=drift.net,
            limit=-drift.tolerated,
            times=len(drift.days),
        )

"""How long a supplier takes, learned from what came: days from sending an order to each of its deliveries."""

from math import ceil

from django.utils import timezone

from inventory.models import ReceiptLine, SupplierSku
from oms.lib.commands import command

# Fewer deliveries say little, older ones no longer much.
FEWEST, MOST = 3, 50


@command
def learn(supplier_id, sku_id):
    """Set p50 and p90 of what `supplier_id` delivers of a SKU from its last deliveries; returns (p50, p90).

    None while there are too few of them; a second call finds the same.
    """
    days = deliveries(supplier_id, sku_id)
    if len(days) < FEWEST:
        return None
    learned = percentile(days, 50), percentile(days, 90)
    rows = SupplierSku.objects.filter(supplier=supplier_id, sku=sku_id)
    rows.update(lead_days_p50=learned[0], lead_days_p90=learned[1])
    return learned


def deliveries(supplier_id, sku_id):
    """Return [days] of the last deliveries of a SKU, by the calendar."""
    rows = ReceiptLine.objects.filter(
        sku=sku_id, purchase_line__order__supplier=supplier_id, purchase_line__order__sent_at__isnull=False
    )
    moments = rows.order_by("-pk").values_list("purchase_line__order__sent_at", "at")[:MOST]
    return [max((_day(at) - _day(sent_at)).days, 0) for sent_at, at in moments]


def percentile(days, percent):
    """Return the smallest of `days` that `percent` of them do not exceed (nearest rank); pure."""
    return sorted(days)[max(ceil(len(days) * percent / 100), 1) - 1]


def _day(moment):
    return timezone.localtime(moment).date()

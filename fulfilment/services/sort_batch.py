"""Sorting a container that several orders were picked into: the item that is scanned says whose it is."""

from django.db.models import F

from fulfilment.models import FulfilmentOrder, PickList
from inventory.services.scan import read
from oms.lib.errors import NotFound


def containers(location):
    """Return the batch lists of a location of which picked orders are still to be packed."""
    waiting = FulfilmentOrder.objects.filter(status=FulfilmentOrder.Status.PICKING, picked_at__isnull=False)
    rows = PickList.objects.filter(location=location, mode=PickList.Mode.BATCH)
    return rows.filter(fulfilment_orders__in=waiting).distinct().order_by("pk")


def order_for(pick_list, code):
    """Return the fulfilment order of a batch list that the item `code` goes to: the most urgent that lacks it.

    One that is packed already in part comes first, one on hold last. Raises NotFound when none wants it.
    """
    sku, _ = read(code)
    rows = pick_list.fulfilment_orders.filter(status=FulfilmentOrder.Status.PICKING, picked_at__isnull=False)
    rows = rows.filter(lines__sku=sku, lines__picked__gt=F("lines__packed")).select_related("order")
    begun = set(rows.filter(lines__packed__gt=0).values_list("pk", flat=True))
    rows = sorted(rows, key=lambda row: (row.order.is_held, row.pk not in begun, row.priority, row.ship_by, row.pk))
    if not rows:
        raise NotFound(f"No order of {pick_list} lacks {sku}. Put it aside.", field="code")
    return rows[0]

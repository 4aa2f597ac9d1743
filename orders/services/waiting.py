"""Who waits for goods, for those who have them in hand or order them; named in oms.panels."""

from django.db.models import Count, Sum

from orders.models import Allocation, Order

MOST_ROWS = 1000
OPEN = (Order.Status.PLACED, Order.Status.CONFIRMED)


def who_waits(sku_id):
    """Return {"pieces", "orders"} that wait for a SKU, zeros where nobody does; one statement."""
    waiting = Allocation.objects.waiting_for(sku_id)
    return waiting.aggregate(pieces=Sum("quantity", default=0), orders=Count("order", distinct=True))


def orders_waiting(sku_ids):
    """Return {sku id: {"pieces", "orders": [(pk, number)]}} of the SKUs somebody waits for; bounded, one statement."""
    rows = Allocation.objects.backordered().filter(sku__in=sku_ids, order__status__in=OPEN).select_related("order")
    found = {}
    for row in rows.order_by("order__priority", "order_id")[:MOST_ROWS]:
        entry = found.setdefault(row.sku_id, {"pieces": 0, "orders": []})
        entry["pieces"] += row.quantity
        if (one := (row.order_id, row.order.number)) not in entry["orders"]:
            entry["orders"].append(one)
    return found


def kept_back(location, sku_ids):
    """Return {sku id: pieces} reserved at a location for orders that cannot be packed now; one statement.

    Those are on hold, not confirmed yet, or about to be stopped; what is on the floor already goes on.
    """
    rows = Allocation.objects.filter(status=Allocation.Status.RESERVED, location=location, sku__in=sku_ids)
    rows = rows.exclude(order__status=Order.Status.CONFIRMED, order__is_held=False, order__cancel_requested_at=None)
    return dict(rows.order_by().values_list("sku").annotate(pieces=Sum("quantity")))

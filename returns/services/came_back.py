"""By which returns pieces of a SKU came back from orders; named in oms.panels."""

from returns.models import Return


def came_back(order_ids, sku_id):
    """Return {order id: [Return]} of what came back; orders without one are left out. One statement."""
    rows = Return.objects.filter(order__in=order_ids, lines__line__sku=sku_id, lines__received__gt=0)
    found = {}
    for row in rows.distinct().order_by("pk"):
        found.setdefault(row.order_id, []).append(row)
    return found

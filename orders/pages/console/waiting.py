"""Who waits for a SKU: the orders with backordered pieces of it."""

from django.db.models import Min, Sum
from django.shortcuts import get_object_or_404

from inventory.models import Sku
from oms.lib.console import console_page, show
from orders.models import Allocation, Order
from orders.services.waiting import who_waits

MOST_SHOWN = 200


@console_page("orders.view_order")
def waiting(request, pk):
    """Show the orders that wait for a SKU, who waits longest first; bounded, four statements."""
    sku = get_object_or_404(Sku, pk=pk)
    rows = Allocation.objects.waiting_for(sku).order_by().values("order")
    rows = list(rows.annotate(pieces=Sum("quantity"), since=Min("created_at")).order_by("since", "order")[:MOST_SHOWN])
    orders = Order.objects.select_related("channel").in_bulk(row["order"] for row in rows)
    rows = [row | {"order": orders[row["order"]]} for row in rows]
    context = {"sku": sku, "rows": rows, "all": who_waits(sku.pk), "most": MOST_SHOWN}
    return show(request, "orders/console/waiting.html", title=f"Who waits for {sku}?", **context)

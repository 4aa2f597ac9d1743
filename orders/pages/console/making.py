"""What is to be made for orders, of goods that are made to order."""

from django.db.models import Count, Min, Q, Sum

from inventory.models import Location, Sku
from oms.lib.console import console_page, show
from orders.models import Allocation, Order

MOST_SHOWN = 200
MAY_BEGIN = Q(order__status=Order.Status.CONFIRMED, order__is_held=False)


@console_page("orders.view_order")
def making(request):
    """Show what is to be made by SKU and place, the most urgent first; bounded, three statements."""
    rows = Allocation.objects.making().order_by().values("sku", "supply_location")
    rows = rows.annotate(
        pieces=Sum("quantity"),
        ready=Sum("quantity", filter=MAY_BEGIN, default=0),
        orders=Count("order", distinct=True),
        due=Min("supply_at"),
    ).order_by("due", "sku")[: MOST_SHOWN + 1]
    rows = list(rows)
    skus = Sku.objects.in_bulk(row["sku"] for row in rows)
    places = Location.objects.in_bulk(row["supply_location"] for row in rows)
    shown = [row | {"sku": skus[row["sku"]], "place": places[row["supply_location"]]} for row in rows[:MOST_SHOWN]]
    is_more = len(rows) > MOST_SHOWN
    return show(request, "orders/console/making.html", title="To make", rows=shown, is_more=is_more, most=MOST_SHOWN)

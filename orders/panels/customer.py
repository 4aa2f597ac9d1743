"""Who buys, at a glance: last orders, spend, returns."""

from collections import Counter

from oms.lib.money import show
from orders.models import Order, OrderCharge, OrderLine
from orders.services.due import sold

LAST = 5
# A dealer may have thousands of orders: what stands in the strip is of the last so many.
MOST_LOOKED_AT = 200


def customer(order, user):
    if order.customer_id is None:
        return None
    rows = Order.objects.filter(customer=order.customer_id).exclude(status=Order.Status.DRAFT).order_by("-pk")
    seen = list(rows.values("pk", "status", "return_state", "gross", "currency", "ordered_at")[:MOST_LOOKED_AT])
    kept = [row for row in seen if row["status"] != Order.Status.CANCELLED]
    spend, cheaper = Counter(), _cheaper([Order(**row) for row in kept])
    for row in kept:
        spend[row["currency"]] += cheaper.get(row["pk"], row["gross"])
    context = {
        "customer": order.customer,
        "orders": f"{MOST_LOOKED_AT}+" if len(seen) == MOST_LOOKED_AT else len(seen),
        "spend": ", ".join(show(amount, currency) for currency, amount in sorted(spend.items())) or "nothing yet",
        "returns": sum(row["return_state"] != Order.ReturnState.NONE for row in seen),
        "cancelled": len(seen) - len(kept),
        "last": [Order(**row) for row in seen[: LAST + 1] if row["pk"] != order.pk][:LAST],
    }
    return {"title": "Customer", "template": "orders/console/panels/customer.html", "context": context, "place": "side"}


def _cheaper(orders):
    """Return {order id: what it costs now} of those of which pieces were cancelled."""
    cut = OrderLine.objects.filter(order__in=orders, cancelled__gt=0).order_by().values("order")
    lines, charges = {}, {}
    for model, found in ((OrderLine, lines), (OrderCharge, charges)):
        for row in model.objects.filter(order__in=cut):
            found.setdefault(row.order_id, []).append(row)
    return {order.pk: sold(order, lines[order.pk], charges.get(order.pk, [])) for order in orders if order.pk in lines}

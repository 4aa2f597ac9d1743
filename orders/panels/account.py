"""What credits of another system's books took off an imported order."""

from orders.models import AccountLine


def credits(order, user):
    if order.origin != order.Origin.IMPORT:
        return None
    lines = AccountLine.objects.filter(order_line__order=order).select_related("entry", "order_line").order_by("pk")
    if not lines:
        return None
    return {
        "title": "Credits of the old system",
        "template": "orders/console/panels/account.html",
        "context": {"lines": lines},
    }

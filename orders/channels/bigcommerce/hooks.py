"""Webhooks of BigCommerce: they say which thing changed and how, seldom what it is now.

https://developer.bigcommerce.com/docs/integrations/webhooks/events
"""

from orders.channels.base import Incoming, IncomingCancellation, Other, StockUpdate
from orders.channels.bigcommerce.orders import CANCELLED, DECLINED
from orders.channels.reading import Doc


def hook(row: Doc) -> Incoming:
    scope = row.text("scope").removeprefix("store/")
    data = row.at("data")
    if data.has("inventory"):
        return _stock(data, row)
    ident = data.need(("id",), ("sku_id",), ("order_id",), ("location_id",))
    order = data.first(("orderId",), ("order_id",))
    if data.text("status", "new_status_id") in (CANCELLED, DECLINED):
        return IncomingCancellation(external_id=ident, number=ident, at=row.when(("created_at",)))
    what = scope.replace("/", " ")
    about = f"A notice: {what}" + (f" of order {order}" if order else "")
    return Other(about=f"{about}, to be fetched", external_id=ident)


def _stock(data: Doc, row: Doc) -> Incoming:
    """Read a stock level: `absolute`, or by how many it changed."""
    return StockUpdate(
        external_id=data.first(("inventory", "variant_id"), ("id",), ("inventory", "product_id")),
        sku=data.text("inventory", "sku"),
        location=data.text("inventory", "location_id"),
        quantity=data.quantity(("inventory", "value")),
        is_change=data.text("inventory", "method") == "relative",
    )

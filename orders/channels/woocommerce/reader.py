"""Which of WooCommerce's documents is which."""

from orders.channels.base import Document, Incoming, Other, ShipmentUpdate, StockUpdate
from orders.channels.reading import Doc
from orders.channels.shapes import Maker, Shape, by_envelope, by_shape, complain, each, other, unknown
from orders.channels.woocommerce.orders import order, refund

WHO = "WooCommerce"


def read(body: Doc) -> list[Document]:
    """Read a body of the REST API, in Jetpack's envelope or not, or of a webhook."""
    if body.has("code", "message"):
        complain(WHO, body.text("code"), body.text("message"))
    for error in body.rows("errors") if body.has("errors") else []:
        complain(WHO, error.text("code"), error.text("message"))
    if isinstance(body.at("data").value, dict | list) and not body.has("id"):
        body = body.at("data")
    batch = [row for name in BATCH if isinstance(body.at(name).value, list) for row in body.parts(name)]
    return each(batch, BY_SHAPE) if batch else by_envelope(body, ENVELOPES, BY_SHAPE)


BATCH = ("create", "update", "delete")


def _tracking(row: Doc) -> Incoming:
    """Read a tracking number of the Shipment Tracking extension; its order stands in the address."""
    return ShipmentUpdate(
        external_id=row.need(("tracking_id",), ("tracking_number",)),
        carrier=row.first(("tracking_provider",), ("custom_tracking_provider",)),
        tracking_numbers=(row.need(("tracking_number",)),),
        at=row.when(("date_shipped",)),
    )


def _product(row: Doc) -> Incoming:
    ident = row.need(("id",))
    if row.at("stock_quantity").value is None:
        return Other(about="A product whose stock is not counted", external_id=ident)
    return StockUpdate(
        external_id=ident,
        sku=row.text("sku"),
        quantity=row.quantity(("stock_quantity",)),
        at=row.when(("date_modified_gmt",)),
    )


def _failed(row: Doc) -> Incoming:
    complain(WHO, row.text("error", "code"), row.text("error", "message"))


def _bare(row: Doc) -> Incoming:
    if len(row.value) > 1:
        row.refuse(unknown(WHO, row))
    return Other(about="A notice that names an id and no more", external_id=row.text("id"))


ENVELOPES: dict[str, Maker] = {
    "orders": order,
    "order": order,
    "order_refunds": refund,
    "order_refund": refund,
    "products": _product,
    "product": _product,
    "order_notes": other("A note on an order", "id"),
    "order_note": other("A note on an order", "id"),
    "order_statuses": other("Statuses that orders have"),
}
SHAPES: list[Shape] = [
    (("error.code",), _failed),
    (("billing_period", "billing_interval"), other("A subscription: its orders come by themselves", "id")),
    (("refunded_payment",), refund),
    (("refunded_by",), refund),
    (("refund_amount",), refund),
    (("order_key",), order),
    (("currency", "total"), order),
    (("line_items", "billing"), order),
    (("amount", "reason"), refund),
    (("amount", "line_items"), refund),
    (("tracking_number",), _tracking),
    (("note", "customer_note"), other("A note on an order", "id")),
    (("topic", "delivery_url"), other("A subscription of webhooks", "id")),
    (("product_id", "quantity", "total"), other("A line without its order", "id")),
    (("rate", "country"), other("A tax rate", "id")),
    (("stock_status", "price"), _product),
    (("discount_type",), other("A coupon", "id")),
    (("email", "username"), other("A customer", "id")),
    (("date_created_gmt", "date_modified_gmt", "id"), other("An order's id and dates: to be fetched", "id")),
    (("name", "order", "id"), other("A shipping zone", "id")),
    (("slug", "name"), other("A setting of the shop", "id", "slug")),
    (("webhook_id",), other("The greeting of a new webhook", "webhook_id")),
    (("order_id", "num_items_sold"), other("A line of a report", "order_id")),
    (("action", "arg"), other("A notice of something in the shop")),
    (("receipt_url",), other("A receipt")),
    (("message",), other("What became of a change that was asked for")),
    (("count",), other("A count")),
    (("id",), _bare),
]
BY_SHAPE = by_shape(SHAPES, WHO)

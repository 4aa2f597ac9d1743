"""Which of BigCommerce's documents is which."""

from orders.channels.base import Document, Incoming, Other, StockUpdate
from orders.channels.bigcommerce.hooks import hook
from orders.channels.bigcommerce.orders import order, products, refund, shipment, shipping_address
from orders.channels.reading import Doc
from orders.channels.shapes import Shape, by_shape, complain, each, one, other

WHO = "BigCommerce"


def read(body: Doc) -> list[Document]:
    """Read an answer of V2, bare or as XML, or of V3 in `data`, or a webhook."""
    if body.text("status").isdigit() and (body.has("message") or body.has("title")):
        complain(WHO, body.text("title"), body.text("message"))
    if body.has("scope", "data"):
        return [one(body, hook)]
    if isinstance(body.at("data").value, dict | list):
        body = body.at("data")
    for name in ("orders", "order"):
        if not body.has("id") and isinstance(body.at(name).value, dict | list):
            body = body.at(name)
    rows = body.parts()
    if isinstance(body.value, list) and rows and all(_is_product(row) for row in rows):
        return [one(body.child({"products": body.value}, body.path), lambda row: products(row.rows("products")))]
    return each(rows, BY_SHAPE)


def _is_product(row: Doc) -> bool:
    return row.has("order_id", "product_id", "price_inc_tax")


def _level(row: Doc) -> Incoming:
    """Read how many of a product, a variant or an item of the Inventory API there are."""
    if row.text("inventory_tracking") == "none":
        return Other(about="A product whose stock is not counted", external_id=row.text("id"))
    return StockUpdate(
        external_id=row.need(("identity", "variant_id"), ("id",), ("identity", "sku")),
        sku=row.first(("sku",), ("identity", "sku")),
        location=row.text("locations", "location_id"),
        quantity=row.quantity(
            ("inventory_level",), ("locations", "available_to_sell"), ("locations", "total_inventory_onhand")
        ),
    )


SHAPES: list[Shape] = [
    (("order_id", "total_amount"), refund),
    (("order_address_id", "items"), shipment),
    (("order_id", "tracking_number"), shipment),
    (("order_address_id", "tracking_number"), shipment),
    (("items.item_type", "payments.provider_id"), refund),
    (("order_id", "product_id", "price_inc_tax"), other("A line without its order", "order_id")),
    (("order_id", "street_1"), shipping_address),
    (("total_inc_tax",), order),
    (("billing_address", "products"), order),
    (("status_id", "date_created"), order),
    (("statuses",), other("How many orders there are")),
    (("system_label",), other("A status that orders have", "id")),
    (("count",), other("How many orders there are")),
    (("shipping_provider_quote",), other("What shipping would cost", "id")),
    (("fees",), other("Fees of an order")),
    (("inventory_level",), _level),
    (("identity", "locations"), _level),
    (("total_refund_amount",), other("What a refund would come to")),
    (("gateway", "order_id"), other("A payment: its order says what was paid", "id")),
    (("coupon_id", "code"), other("A coupon of an order", "id")),
    (("cart_amount",), other("A cart that is no order yet", "id")),
    (("email", "first_name"), other("A customer", "id")),
    (("order_id", "subject"), other("A message about an order", "id")),
    (("order_id", "tax_rate_id"), other("A tax of an order", "id")),
    (("order_id", "cost_inc_tax", "type"), other("A fee of an order", "id")),
    (("shipping", "downloads"), other("How an order is delivered")),
    (("pickups",), other("How an order is delivered")),
    (("namespace", "key"), other("A metafield", "id")),
    (("scope", "destination"), other("A subscription of webhooks", "id")),
]
BY_SHAPE = by_shape(SHAPES, WHO)

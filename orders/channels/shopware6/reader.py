"""Which of Shopware's documents is which."""

from orders.channels.base import Document
from orders.channels.reading import Doc
from orders.channels.shapes import Maker, Shape, by_envelope, by_shape, complain, other
from orders.channels.shopware6.json_api import plain
from orders.channels.shopware6.orders import delivery, line, order

WHO = "Shopware"


def read(body: Doc) -> list[Document]:
    """Read an answer of the Admin API, one or a page, of the Store API, or an app's webhook."""
    body = body.child(plain(body.value), body.path)
    if body.has("errors"):
        complain(WHO, body.text("errors", "title"), body.text("errors", "detail"))
    if body.has("data.payload", "data.event"):
        body = body.at("data", "payload")
    elif isinstance(body.at("data").value, dict | list) and not body.has("id"):
        body = body.at("data")
    if body.has("orders.elements"):
        body = body.at("orders")
    return by_envelope(body, ENVELOPES, BY_SHAPE)


SHAPES: list[Shape] = [
    (("orderNumber",), order),
    (("amountTotal", "lineItems"), order),
    (("shippingOrderAddress",), delivery),
    (("shippingCosts", "shippingMethodId"), delivery),
    (("trackingCodes", "id"), delivery),
    (("productId", "quantity"), line),
    (("unitPrice", "quantity"), line),
    (("entity", "primaryKey"), other("A notice of what changed: to be fetched", "primaryKey")),
    (("isoCode",), other("A currency", "id")),
    (("customerNumber",), other("A customer", "id")),
    (("productNumber",), other("A product", "id")),
    (("street", "zipcode"), other("An address of an order", "id")),
    (("amount", "paymentMethodId"), other("A payment of an order", "id")),
]
BY_SHAPE = by_shape(SHAPES, WHO)
ENVELOPES: dict[str, Maker] = {"order": order, "elements": BY_SHAPE}

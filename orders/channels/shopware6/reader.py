"""Which of Shopware's documents is which."""

from orders.channels.base import Document, Incoming, IncomingRefund, Other, StockUpdate
from orders.channels.reading import Doc
from orders.channels.shapes import Maker, Shape, by_envelope, by_shape, complain, other
from orders.channels.shopware6.json_api import plain
from orders.channels.shopware6.orders import delivery, line, order

WHO = "Shopware"


def read(body: Doc) -> list[Document]:
    """Read an answer of the Admin API, one or a page, of the Store API, or an app's webhook."""
    body = body.child(plain(body.value), body.path)
    if body.at("errors") and not body.has("token", "lineItems"):
        complain(WHO, body.text("errors", "title"), body.text("errors", "detail"))
    if body.has("data.payload", "data.event"):
        body = body.at("data", "payload")
    elif isinstance(body.at("data").value, dict | list) and not body.has("id"):
        body = body.at("data")
    if body.has("orders.elements"):
        body = body.at("orders")
    return by_envelope(body, ENVELOPES, BY_SHAPE)


def _product(row: Doc) -> Incoming:
    if not row.has("stock"):
        return Other(about="A product", external_id=row.text("id"))
    return StockUpdate(external_id=row.need(("id",)), sku=row.text("productNumber"), quantity=row.quantity(("stock",)))


def _refund(row: Doc) -> Incoming:
    """Read a refund of a capture of a payment, whose order it does not name."""
    amount = row.need_amount(("amount", "totalPrice"))
    return IncomingRefund(
        external_id=row.need(("id",)),
        total=amount,
        refunded=amount,
        line_count=row.count("positions"),
        reason=row.text("reason"),
        at=row.when(("updatedAt",), ("createdAt",)),
    )


SHAPES: list[Shape] = [
    (("token", "lineItems", "price"), other("A cart that is no order yet")),
    (("captureId", "amount"), _refund),
    (("orderNumber",), order),
    (("amountTotal", "lineItems"), order),
    (("shippingOrderAddress",), delivery),
    (("shippingCosts", "shippingMethodId"), delivery),
    (("trackingCodes", "id"), delivery),
    (("productId", "quantity"), line),
    (("unitPrice", "quantity"), line),
    (("entity", "primaryKey"), other("A notice of what changed: to be fetched", "primaryKey")),
    (("technicalName",), other("A state that orders have", "id")),
    (("isoCode",), other("A currency", "id")),
    (("customerNumber",), other("A customer", "id")),
    (("productNumber",), _product),
    (("street", "zipcode"), other("An address of an order", "id")),
    (("amount", "paymentMethodId"), other("A payment of an order", "id")),
]
BY_SHAPE = by_shape(SHAPES, WHO)
ENVELOPES: dict[str, Maker] = {"order": order, "elements": BY_SHAPE}

"""Which of Magento 1's documents is which: of SOAP and XML-RPC, where an order is its increment id, and of REST."""

from typing import Any

from orders.channels.base import Document, Incoming
from orders.channels.magento.documents import invoice, shipment, stock
from orders.channels.magento.orders import credit_memo, read_order
from orders.channels.reading import Doc
from orders.channels.shapes import Shape, by_shape, complain, each, other

WHO = "Magento 1"


def read(body: Doc) -> list[Document]:
    """Read what a call returns: one document, a list, or REST's objects by their id."""
    body = _returned(body)
    if body.has("messages.error"):
        complain(WHO, body.text("messages", "error", "message"))
    if body.has("faultstring"):
        complain(WHO, body.text("faultcode"), body.text("faultstring"))
    if _is_by_id(body):
        return each([body.at(name) for name in body.value], BY_SHAPE)
    return each(body.parts(), BY_SHAPE)


def is_its(body: Doc) -> bool:
    """Say whether only Magento 1 writes so: in SOAP's envelope, or by id."""
    return body.has("Envelope") or _is_by_id(body)


def _is_by_id(body: Doc) -> bool:
    return isinstance(body.value, dict) and bool(body.value) and all(name.isdigit() for name in body.value)


def _returned(body: Doc) -> Doc:
    """Return what is in SOAP's envelope, with plain lists and texts."""
    if not body.has("Envelope"):
        return body
    inner = body.at("Envelope", "Body")
    if inner.has("Fault"):
        return inner.at("Fault")
    names = [name for name in inner.value if not name.startswith("@")] if isinstance(inner.value, dict) else []
    answer = inner.at(*names[:1])
    returned = answer.at(next((name for name in ("result", "callReturn", "storeView") if answer.has(name)), "result"))
    return returned.child(_plain(returned.value), returned.path)


def _plain(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "#text" in value:
        return value["#text"]
    inner = {name: part for name, part in value.items() if not name.startswith("@")}
    if set(inner) == {"item"}:
        rows = inner["item"] if isinstance(inner["item"], list) else [inner["item"]]
        return [_plain(row) for row in rows]
    return {name: _plain(part) for name, part in inner.items()}


def _order(row: Doc) -> Incoming:
    return read_order(row, ids=[("increment_id",)], items="order_items" if row.has("order_items") else "items")


SHAPES: list[Shape] = [
    (("invoice_id", "grand_total"), invoice),
    (("creditmemo_id", "grand_total"), credit_memo),
    (("grand_total", "increment_id"), _order),
    (("order_items",), _order),
    (("shipment_id",), shipment),
    (("tracks",), shipment),
    (("qty", "is_in_stock"), stock),
    (("product_id", "sku"), other("A product", "product_id")),
    (("customer_id", "email"), other("A customer", "customer_id")),
    (("increment_id",), _order),
]
BY_SHAPE = by_shape(SHAPES, WHO)

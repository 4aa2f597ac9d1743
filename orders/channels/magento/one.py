"""Which of Magento 1's documents is which: of REST, and of remote calls (SOAP, XML-RPC, JSON-RPC).

There an order is its increment id.
"""

from typing import Any

from orders.channels.base import Document, Incoming, Other
from orders.channels.magento.documents import invoice, shipment, stock
from orders.channels.magento.orders import credit_memo, read_order
from orders.channels.reading import Doc
from orders.channels.shapes import Shape, by_shape, complain, each, other

WHO = "Magento 1"


def read(body: Doc) -> list[Document]:
    """Read what a call returns: one document, a list, or REST's objects by their id."""
    body = _returned(body)
    if not isinstance(body.value, dict | list):
        return [Other(about="What a call returned")]
    if body.has("messages.error"):
        complain(WHO, body.text("messages", "error", "message"))
    if body.has("faultstring"):
        complain(WHO, body.text("faultcode"), body.text("faultstring"))
    if _is_by_id(body):
        return each([body.at(name) for name in body.value], BY_SHAPE)
    return each(body.parts(), BY_SHAPE)


def is_its(body: Doc) -> bool:
    """Say whether only Magento 1 writes so: in the envelope of a remote call, or by id."""
    return any(body.has(name) for name in ("Envelope", "methodResponse", "jsonrpc")) or _is_by_id(body)


def _is_by_id(body: Doc) -> bool:
    return isinstance(body.value, dict) and bool(body.value) and all(name.isdigit() for name in body.value)


def _returned(body: Doc) -> Doc:
    """Return what is in the envelope of a remote call, with plain lists and texts."""
    if body.has("jsonrpc"):
        if body.has("error"):
            complain(WHO, body.text("error", "code"), body.text("error", "message"))
        return body.at("result")
    if body.has("methodResponse"):
        return _of_xml_rpc(body.at("methodResponse"))
    if not body.has("Envelope"):
        return body
    inner = body.at("Envelope", "Body")
    if inner.has("Fault"):
        return inner.at("Fault")
    names = [name for name in inner.value if not name.startswith("@")] if isinstance(inner.value, dict) else []
    answer = inner.at(*names[:1])
    returned = answer.at(next((name for name in ("result", "callReturn", "storeView") if answer.has(name)), "result"))
    return returned.child(_plain(returned.value), returned.path)


def _of_xml_rpc(answer: Doc) -> Doc:
    """Return the value of an answer. http://xmlrpc.com/spec.md"""
    if answer.has("fault"):
        fault = answer.child(_typed(answer.at("fault", "value").value), "fault")
        complain(WHO, fault.text("faultCode"), fault.text("faultString"))
    value = answer.at("params", "param", "value")
    return value.child(_typed(value.value), value.path)


def _typed(value: Any) -> Any:
    """Return a value of XML-RPC without the element of its type: texts, lists and objects."""
    if not isinstance(value, dict):
        return value
    kind, inner = next(iter(value.items()), ("nil", None))
    found = inner.get({"struct": "member", "array": "data"}.get(kind)) if isinstance(inner, dict) else inner
    if kind == "array":
        rows = found.get("value") if isinstance(found, dict) else None
        return [_typed(row) for row in (rows if isinstance(rows, list) else [] if rows is None else [rows])]
    if kind == "struct":
        members = [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict)]
        return {str(one.get("name")): _typed(one.get("value")) for one in members}
    return None if kind == "nil" else found


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

"""Which of Magento 2's documents is which."""

from orders.channels.base import Document, Incoming, Other
from orders.channels.magento import one
from orders.channels.magento.documents import invoice, shipment, stock
from orders.channels.magento.orders import cart, credit_memo, order, refund_wish
from orders.channels.reading import Doc
from orders.channels.shapes import Maker, Shape, by_envelope, by_shape, complain, each, other

WHO = "Magento"


def read(body: Doc) -> list[Document]:
    """Read an answer of the REST API, one or a page, what is posted to it, or an event of Adobe I/O."""
    if one.is_its(body):
        return one.read(body)
    if body.has("event.data") or body.has("specversion", "data"):
        body = body.at("event", "data") if body.has("event") else body.at("data")
        body = body.at("value") if body.has("value") else body
    if body.has("message") and not body.has("items"):
        complain(WHO, _filled(body))
    if _is_page(body):
        return each(body.parts("items"), BY_SHAPE)
    return by_envelope(body, ENVELOPES, BY_SHAPE)


def _filled(body: Doc) -> str:
    """Return a message with its parameters in their places: %fieldName, or %1 of a list."""
    said, given = body.text("message"), body.at("parameters")
    names = given.value if isinstance(given.value, dict) else {}
    for name in names:
        said = said.replace(f"%{name}", given.text(name))
    for n, text in enumerate(given.lines() if isinstance(given.value, list) else [], start=1):
        said = said.replace(f"%{n}", text)
    return said


def _is_page(body: Doc) -> bool:
    """Say whether this is what a search found, and no document that has items."""
    if not isinstance(body.value, dict):
        return False
    is_search = body.has("search_criteria") or body.has("total_count") or body.has("items") and len(body.value) == 1
    return is_search and body.has("items") and not body.has("entity_id") and not body.has("items.order_item_id")


def _return(row: Doc) -> Incoming:
    return Other(about="A return", external_id=_number(row, "entity_id"), line_count=row.count("items"))


def _number(row: Doc, name: str) -> str:
    said = row.text(name)
    if said and not said.isdigit():
        row.at(name).note(f"{said[:30]!r} is no id")
    return said


SOURCE = other("A source of stock", "source_code")
SHAPES: list[Shape] = [
    (("links",), other("Which sources a stock draws from")),
    (("sourceItemConfigurations",), other("When a source is low")),
    (("source_selection_items",), other("Where Magento would ship from")),
    (("inventoryRequest",), other("A question where to ship from")),
    (("cart_id", "products"), cart),
    (("total_segments",), other("What a cart comes to")),
    (("items_qty", "is_active"), other("A cart that is no order yet", "id")),
    (("total_qty_ordered",), order),
    (("customer_email", "grand_total"), order),
    (("grand_total", "status"), order),
    (("payment", "grand_total"), order),
    (("creditmemo_status",), credit_memo),
    (("adjustment", "grand_total"), credit_memo),
    (("base_adjustment_positive", "grand_total"), credit_memo),
    (("can_void_flag",), invoice),
    (("is_used_for_refund",), invoice),
    (("grand_total", "order_id"), invoice),
    (("grand_total",), order),
    (("date_requested",), _return),
    (("rma_id",), _return),
    (("arguments.shipping_amount", "items.order_item_id"), refund_wish),
    (("arguments.adjustment_positive", "items.order_item_id"), refund_wish),
    (("isOnline", "items.order_item_id"), refund_wish),
    (("is_online", "items.order_item_id"), refund_wish),
    (("capture",), other("What asks Magento for an invoice")),
    (("tracks",), shipment),
    (("shipment_status",), shipment),
    (("packages",), shipment),
    (("order_id", "total_weight"), shipment),
    (("items.order_item_id", "notify"), shipment),
    (("items.order_item_id", "order_id"), shipment),
    (("sku", "source_code"), stock),
    (("qty", "is_in_stock"), stock),
    (("qty", "stock_status"), stock),
    (("source_code", "stock_id"), other("Which sources a stock draws from", "source_code")),
    (("source_code",), SOURCE),
    (("stock_id", "name"), other("A stock", "stock_id")),
    (("increment_id", "entity_id"), order),
    (("increment_id",), order),
    (("sku", "extension_attributes.stock_item.qty"), stock),
    (("sku", "attribute_set_id"), other("A product", "id")),
    (("sku", "type_id"), other("A product", "id")),
    (("email", "group_id"), other("A customer", "id")),
    (("bulk_uuid",), other("What becomes of changes that were asked for", "bulk_uuid")),
    (("order_id", "parent_id", "track_number"), other("A tracking number", "track_number")),
    (("txn_id", "txn_type"), other("A payment of an order", "transaction_id")),
    (("qty_ordered", "item_id"), other("A line without its order", "item_id")),
    (("comment", "parent_id"), other("A comment", "entity_id")),
    (("stock_name", "qty"), other("How many may be sold", "stock_id")),
    (("carrier_code", "method_code"), other("What shipping would cost")),
]
BY_SHAPE = by_shape(SHAPES, WHO)
ENVELOPES: dict[str, Maker] = {
    "sourceItems": stock,
    "stockItem": stock,
    "source": SOURCE,
    "creditmemo": credit_memo,
    "entity": BY_SHAPE,
    "order": BY_SHAPE,
}

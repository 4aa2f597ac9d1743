"""Which of Magento 2's documents is which."""

from orders.channels.base import Document, Incoming, Other, ShipmentUpdate, StockUpdate
from orders.channels.magento.orders import CURRENCY, cart, credit_memo, order, quantity_of, refund_wish
from orders.channels.reading import Doc
from orders.channels.shapes import Maker, Shape, by_envelope, by_shape, complain, each, other

WHO = "Magento"


def read(body: Doc) -> list[Document]:
    """Read an answer of the REST API, one or a page, what is posted to it, or an event of Adobe I/O."""
    if body.has("event", "eventid") or body.has("specversion", "data"):
        body = body.at("event", "data") if body.has("event") else body.at("data")
        body = body.at("value") if body.has("value") else body
    if body.has("message") and not body.has("items"):
        complain(WHO, body.text("message"))
    if _is_page(body):
        return each(body.parts("items"), BY_SHAPE)
    return by_envelope(body, ENVELOPES, BY_SHAPE)


def _is_page(body: Doc) -> bool:
    """Say whether this is what a search found, and no document that has items."""
    if not isinstance(body.value, dict):
        return False
    is_search = body.has("search_criteria") or body.has("total_count") or body.has("items") and len(body.value) == 1
    return is_search and body.has("items") and not body.has("entity_id") and not body.has("items.order_item_id")


def shipment(row: Doc) -> Incoming:
    """Read a shipment, or what asks for one: its order then stands in the address called."""
    tracks = row.rows("tracks")
    is_made = row.has("order_id") or row.has("increment_id")
    return ShipmentUpdate(
        external_id=row.need(("entity_id",), ("shipment_id",), ("increment_id",)) if is_made else "",
        number=row.text("increment_id"),
        order_id=row.need(("order_id",), ("order_increment_id",)) if is_made else "",
        status=row.text("shipment_status"),
        carrier=row.first(("tracks", "title"), ("tracks", "carrier_code")),
        tracking_numbers=tuple(filter(None, (one.first(("track_number",), ("number",)) for one in tracks))),
        line_count=row.count("items"),
        lines=tuple(quantity_of(one) for one in row.rows("items")),
        at=row.when(("created_at",)),
    )


def invoice(row: Doc) -> Incoming:
    """Read an invoice of Magento's: ours are written here."""
    return Other(
        about="An invoice of Magento's own",
        external_id=row.need(("entity_id",), ("invoice_id",), ("increment_id",)),
        number=row.text("increment_id"),
        currency=row.currency(*CURRENCY),
        total=row.need_amount(("grand_total",)),
        line_count=row.count("items"),
        tax=row.amount("tax_amount"),
        shipping=row.amount("shipping_amount"),
        discount=row.amount("discount_amount"),
    )


def stock(row: Doc) -> Incoming:
    return StockUpdate(
        external_id=row.need(("sku",), ("product_id",), ("item_id",)),
        sku=row.text("sku"),
        location=row.first(("source_code",), ("stock_id",)),
        quantity=row.quantity(("quantity",), ("qty",), ("stock_item", "qty")),
    )


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
    (("sku", "attribute_set_id"), other("A product", "id")),
    (("order_id", "parent_id", "track_number"), other("A tracking number", "track_number")),
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

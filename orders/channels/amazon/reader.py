"""Which of Amazon's documents is which."""

from oms.lib.tree import parse_tree
from orders.channels.amazon import notices
from orders.channels.amazon.feeds import read_envelope
from orders.channels.amazon.fields import counted
from orders.channels.amazon.orders import order, order_address, order_buyer, order_items
from orders.channels.amazon.orders_2026 import order as order_2026
from orders.channels.base import Document, Incoming, Other, StockUpdate
from orders.channels.reading import Doc
from orders.channels.shapes import Maker, Shape, by_envelope, by_shape, complain, each, one, other

WHO = "Amazon"


def read(body: Doc) -> list[Document]:
    """Read an answer of the Selling Partner API, or notifications as AWS hands them on; of MWS, and feeds, in XML."""
    letters = _letters(body)
    if letters:
        return [found for letter in letters for found in read(letter)]
    if body.has("AmazonEnvelope") or _answered(body):
        return read_mws(body)
    if body.has("errors") and not body.at("payload"):
        complain(WHO, body.text("errors", "code"), body.text("errors", "message"))
    if body.has("detail"):
        body = body.at("detail")
    if body.has("NotificationType") or body.has("notificationType"):
        return _notified(body)
    return read_answer(body.at("payload") if body.has("payload") else body)


def _letters(body: Doc) -> list[Doc]:
    """Return the documents that stand as text in messages of SNS or SQS."""
    queued = (row for name in ("Records", "Messages") for row in body.rows(name))
    said = [row.at(name) for row in queued for name in ("body", "Body")]
    said += [body.at("Message")] if body.text("Type") == "Notification" else []
    texts = [text for text in said if isinstance(text.value, str)]
    return [text.child(parse_tree(text.value.encode(errors="replace")), text.path) for text in texts]


def read_answer(body: Doc) -> list[Document]:
    """Read what an operation returns, without its envelope."""
    return by_envelope(body, ENVELOPES, BY_SHAPE)


def read_mws(body: Doc) -> list[Document]:
    """Read an answer of MWS, <…Response><…Result>, whose names are those of orders v0, or a feed or a report."""
    if body.has("AmazonEnvelope"):
        return read_envelope(body.at("AmazonEnvelope"))
    name = _answered(body)
    if not name:
        return each(body.parts(), by_shape([], "Amazon MWS"))
    answer = body.at(name)
    if name == "ErrorResponse":
        complain("Amazon MWS", answer.text("Error", "Code"), answer.text("Error", "Message"))
    result = answer.at(f"{name.removesuffix('Response')}Result")
    if result.at("Orders").value == "":
        return []
    if result.has("Orders"):
        return each(result.at("Orders").parts("Order"), BY_SHAPE)
    if result.has("InventorySupplyList"):
        return each(result.at("InventorySupplyList").parts("member"), _supply)
    if result.has("FulfillmentOrders"):
        return each(result.at("FulfillmentOrders").parts("member"), BY_SHAPE)
    return by_envelope(result, {"Shipment": BY_SHAPE}, _answer_of(name.removesuffix("Response")))


def _answer_of(operation: str) -> Maker:
    """Return what reads the result of an operation of MWS, which says what it is about if it is none of orders."""
    about_orders = "Order" in operation and "Fulfillment" not in operation
    return BY_SHAPE if about_orders else by_shape([*SHAPES, ((), other(f"An answer to {operation}"))], WHO)


def _answered(body: Doc) -> str:
    """Return the name of MWS's answer, "" for what is none."""
    return next((name for name in body.value if name.endswith("Response")), "") if isinstance(body.value, dict) else ""


def _notified(body: Doc) -> list[Document]:
    kind = body.first(("NotificationType",), ("notificationType",))
    payload = body.at("Payload") if body.has("Payload") else body.at("payload")
    if kind == "ITEM_INVENTORY_EVENT_CHANGE":
        return each(payload.parts("itemInventoryEventChanges"), notices.inventory_event)
    known = NOTICES.get(kind) or other(f"A notification: {kind.replace('_', ' ').lower()}")
    return [one(payload, known)]


def _supply(row: Doc) -> Incoming:
    return StockUpdate(
        external_id=row.need(("SellerSKU",), ("FNSKU",)),
        sku=row.text("SellerSKU"),
        location="FBA",
        quantity=row.quantity(("InStockSupplyQuantity",), ("TotalSupplyQuantity",)),
    )


def _listing(row: Doc) -> Incoming:
    """Read a listing: how many pieces the seller himself has, where he ships it."""
    ours = [one for one in row.rows("fulfillmentAvailability") if one.text("fulfillmentChannelCode") == "DEFAULT"]
    if not ours or not ours[0].has("quantity"):
        return Other(about="A listing without stock of the seller's own", external_id=row.text("sku"))
    return StockUpdate(external_id=row.text("sku"), sku=row.text("sku"), quantity=ours[0].quantity(("quantity",)))


def _items(row: Doc) -> Incoming:
    """Read the lines of an order, or what their buyer chose, which has the same name."""
    has_lines = row.has("OrderItems.QuantityOrdered") or row.has("OrderItems.OrderItem.QuantityOrdered")
    if counted(row, "OrderItems", "OrderItem") and not has_lines:
        return Other(
            about="What the buyer chose for an order's lines",
            external_id=row.need(("AmazonOrderId",)),
            line_count=row.count("OrderItems"),
        )
    return order_items(row)


NOTICES: dict[str, Maker] = {
    "ORDER_CHANGE": notices.order_change,
    "ORDER_STATUS_CHANGE": notices.order_change,
    "MFN_ORDER_STATUS_CHANGE": notices.order_change,
    "FULFILLMENT_ORDER_STATUS": notices.fulfilment_status,
    "FBA_OUTBOUND_SHIPMENT_STATUS": notices.outbound_status,
    "FBA_INVENTORY_AVAILABILITY_CHANGES": notices.inventory_change,
    "LISTINGS_ITEM_MFN_QUANTITY_CHANGE": notices.merchant_quantity,
}
# One of these has every order of the API of 2026, whatever else of it was asked for.
ORDER_PARTS = ("createdTime", "salesChannel", "fulfillment", "orderItems", "proceeds", "recipient", "buyer")
INBOUND = other("What goes to Amazon's warehouses", "shipmentId", "orderId", "inboundPlanId")
SHAPES: list[Shape] = [
    (("OrderStatus", "AmazonOrderId"), order),
    (("OrderItems",), _items),
    (("AmazonOrderId", "ShippingAddress"), order_address),
    (("AmazonOrderId", "RegulatedInformation"), other("What the law asks of an order", "AmazonOrderId")),
    (("AmazonOrderId", "BuyerEmail"), order_buyer),
    (("AmazonOrderId", "BuyerName"), order_buyer),
    (("AmazonOrderId", "PurchaseDate"), order),
    (("AmazonOrderId", "ShipmentId"), notices.bought_shipment),
    (("AmazonOrderId",), other("Something about an order", "AmazonOrderId")),
    (("OrderItemId",), other("What the buyer chose for a line", "OrderItemId")),
    (("shipmentId", "shipmentStatus"), INBOUND),
    (("packagesToInbound",), INBOUND),
    (("inboundPlans",), INBOUND),
    (("inboundPlanId",), INBOUND),
    *((("orderId", name), order_2026) for name in ORDER_PARTS),
    (("orderId",), other("Something about an order", "orderId")),
    (("fulfillmentOrder",), notices.fulfilment_order),
    (("FulfillmentOrder",), notices.fulfilment_order),
    (("sellerFulfillmentOrderId",), notices.fulfilment_head),
    (("SellerFulfillmentOrderId",), notices.fulfilment_head),
    (("inventoryDetails",), notices.inventory_summary),
    (("sellerSku", "totalQuantity"), notices.inventory_summary),
    (("trackingNumber", "packageNumber"), notices.package),
    (("TrackingNumber", "PackageNumber"), notices.package),
    (("sku", "fulfillmentAvailability"), _listing),
    (("sku", "submissionId"), other("What became of a listing", "sku")),
    (("purchaseOrderNumber",), other("An order of Amazon's own, as of a supplier", "purchaseOrderNumber")),
    (("reportId",), other("A report", "reportId")),
    (("ReportInfo",), other("Reports")),
    (("feedId",), other("A feed", "feedId")),
    (("FeedSubmissionInfo",), other("A feed")),
    (("reportDocumentId",), other("A report's file", "reportDocumentId")),
    (("feedDocumentId",), other("A feed's file", "feedDocumentId")),
    (("transactionId", "transactionType"), other("A movement of money", "transactionId")),
    (("FinancialEvents",), other("Movements of money")),
    (("FinancialEventGroupList",), other("Settlements")),
    (("ShipmentData",), other("Shipments to Amazon's warehouses")),
    (("packageDetail",), notices.confirmation),
    (("returnMetadata",), other("A return", "id")),
    (("shipmentStatus", "locationId"), other("What a location is asked to ship", "id")),
    (("trackingId", "eventHistory"), other("Where a package is", "trackingId")),
    (("scheduledPackageId",), other("A package that a carrier fetches")),
    (("ShippingServiceList",), other("What shipping would cost")),
    (("interval", "orderCount"), other("How much was sold")),
    (("marketplace", "participation"), other("A marketplace")),
    (("reportSpecification",), other("A report")),
    (("asin",), other("A product", "asin")),
    (("ASIN",), other("A product", "ASIN")),
    (("ItemData",), other("Shipments to Amazon's warehouses")),
    (("Status", "Timestamp"), other("How Amazon's service is")),
]
BY_SHAPE = by_shape(SHAPES, WHO)
ENVELOPES: dict[str, Maker] = {
    "Orders": BY_SHAPE,
    "orders": BY_SHAPE,
    "order": BY_SHAPE,
    "fulfillmentOrders": BY_SHAPE,
    "inventorySummaries": BY_SHAPE,
    "items": BY_SHAPE,
    "reports": BY_SHAPE,
    "feeds": BY_SHAPE,
    "transactions": BY_SHAPE,
    "shipments": BY_SHAPE,
    "returns": BY_SHAPE,
}

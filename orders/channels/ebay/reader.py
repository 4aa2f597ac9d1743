"""Which of eBay's documents is which."""

from orders.channels.base import Document, Incoming, Other, StockUpdate
from orders.channels.ebay import fulfillment, trading
from orders.channels.reading import Doc
from orders.channels.shapes import Maker, Shape, by_envelope, by_shape, complain, each, other

WHO = "eBay"


def read(body: Doc) -> list[Document]:
    """Read an answer of a REST API, or of the Trading API, or a platform notification in SOAP."""
    for error in body.rows("errors") if body.has("errors") and not body.has("orderId") else []:
        complain(WHO, error.text("errorId"), error.first(("longMessage",), ("message",)))
    if body.has("Envelope"):
        body = body.at("Envelope", "Body")
    name = next((name for name in body.value if name.endswith("Response")), "") if isinstance(body.value, dict) else ""
    if name:
        return _trading(body.at(name))
    return by_envelope(body, ENVELOPES, BY_SHAPE)


def _trading(answer: Doc) -> list[Document]:
    if answer.text("Ack") == "Failure":
        complain(WHO, answer.first(("Errors", "LongMessage"), ("Errors", "ShortMessage")))
    if answer.has("OrderArray"):
        return each(answer.at("OrderArray").parts("Order") if answer.at("OrderArray").value else [], trading.order)
    if answer.has("TransactionArray"):
        return each(answer.parts("TransactionArray", "Transaction"), TRANSACTION)
    if answer.has("InventoryStatus"):
        return each(answer.parts("InventoryStatus"), _revised)
    return each([answer], by_shape([(("Timestamp",), other("An answer about no order"))], WHO))


AVAILABLE = ("availability", "shipToLocationAvailability", "quantity")


def _stock(row: Doc) -> Incoming:
    return StockUpdate(
        external_id=row.need(("sku",), ("inventoryItem", "sku")),
        sku=row.first(("sku",), ("inventoryItem", "sku")),
        quantity=row.quantity(AVAILABLE, ("inventoryItem", *AVAILABLE), ("availableQuantity",)),
    )


def _failed(row: Doc) -> Incoming:
    complain(WHO, row.text("errors", "errorId"), row.first(("errors", "longMessage"), ("errors", "message")))


def _revised(row: Doc) -> Incoming:
    return StockUpdate(
        external_id=row.need(("SKU",), ("ItemID",)), sku=row.text("SKU"), quantity=row.quantity(("Quantity",))
    )


def _notice(row: Doc) -> Incoming:
    """Read a notification: of an order it says no more than its lines."""
    order = row.at("notification", "data", "order")
    if order.has("orderId"):
        about = "An order was made: to be fetched"
        return Other(about=about, external_id=order.text("orderId"), line_count=order.count("orderLineItems"))
    return Other(about="A notification", external_id=row.text("notification", "notificationId"))


TRANSACTION = other("A sale: it comes with its order too", "OrderLineItemID", "TransactionID")
SHAPES: list[Shape] = [
    (("orderId", "pricingSummary"), fulfillment.order),
    (("orderId", "lineItems"), fulfillment.order),
    (("fulfillmentId",), fulfillment.shipment),
    (("shippedDate", "lineItems"), fulfillment.shipment),
    (("lineItems", "trackingNumber"), fulfillment.shipment),
    (("refundId",), fulfillment.refund),
    (("reasonForRefund",), fulfillment.refund),
    (("sku", "availability"), _stock),
    (("sku", "availableQuantity"), _stock),
    (("metadata", "notification"), _notice),
    (("transactionId", "transactionType"), other("A movement of money", "transactionId")),
    (("payoutId", "payoutStatus"), other("A payout", "payoutId")),
    (("cancelId",), other("A wish to cancel an order", "cancelId")),
    (("returnId",), other("A return", "returnId")),
    (("paymentDisputeId",), other("A dispute about a payment", "paymentDisputeId")),
    (("taskId",), other("A task of a feed", "taskId")),
    (("merchantLocationKey",), other("A place of stock", "merchantLocationKey")),
    (("creditCount",), other("Movements of money")),
    (("statusCode", "errors.message"), _failed),
    (("statusCode", "inventoryItem"), _stock),
    (("statusCode",), other("What became of a listing", "sku", "offerId")),
    (("orderId",), fulfillment.order),
]
BY_SHAPE = by_shape(SHAPES, WHO)
ENVELOPES: dict[str, Maker] = {
    "orders": fulfillment.order,
    "order": fulfillment.order,
    "fulfillments": fulfillment.shipment,
    "inventoryItems": _stock,
    "offers": BY_SHAPE,
    "transactions": BY_SHAPE,
    "payouts": BY_SHAPE,
    "paymentDisputeSummaries": BY_SHAPE,
    "cancelDetail": BY_SHAPE,
    "cancellations": BY_SHAPE,
    "members": BY_SHAPE,
    "tasks": BY_SHAPE,
    "locations": BY_SHAPE,
    "responses": BY_SHAPE,
}

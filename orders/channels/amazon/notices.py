"""Notifications of Amazon, and what FBA tells of shipments and stock.

https://developer-docs.amazon.com/sp-api/docs/notification-type-values
"""

from collections.abc import Iterable

from orders.channels.amazon.fields import address, counted, listed
from orders.channels.base import Incoming, IncomingCancellation, LineQuantity, Other, ShipmentUpdate, StockUpdate
from orders.channels.reading import Doc


def order_change(row: Doc) -> Incoming:
    """Read that an order changed: cancelled, or to be fetched."""
    row = next((row.at(name) for name in ORDER_NOTICES if row.has(name)), row)
    ident = row.need(("AmazonOrderId",))
    status = row.first(("Summary", "OrderStatus"), ("OrderStatus",))
    lines = max(row.at("Summary").count("OrderItems"), row.count("OrderItems"))
    if status.lower() in ("canceled", "cancelled"):
        return IncomingCancellation(
            external_id=ident,
            number=ident,
            line_count=lines,
            reason=row.text("OrderChangeTrigger", "ChangeReason"),
            at=row.when(("OrderChangeTrigger", "TimeOfOrderChange")),
        )
    wish = row.text("OrderChangeType") == "BuyerRequestedChange"
    about = "A buyer asks to cancel an order" if wish else "An order changed: to be fetched"
    return Other(about=about, external_id=ident, number=ident, line_count=lines)


ORDER_NOTICES = (
    "OrderChangeNotification",
    "OrderStatusChangeNotification",
    "MFNOrderStatusChangeNotification",
    "MfnOrderStatusChangeNotification",
)


def fulfilment_status(row: Doc) -> Incoming:
    """Read what became of an order that FBA ships for another channel."""
    row = row.at("FulfillmentOrderStatusNotification")
    packages = row.rows("FulfillmentShipment", "FulfillmentShipmentPackages")
    return ShipmentUpdate(
        external_id=row.first(("FulfillmentShipment", "AmazonShipmentId"), ("SellerFulfillmentOrderId",)),
        order_id=row.need(("SellerFulfillmentOrderId",)),
        status=row.first(("FulfillmentShipment", "FulfillmentShipmentStatus"), ("FulfillmentOrderStatus",)),
        carrier=row.text("FulfillmentShipment", "FulfillmentShipmentPackages", "CarrierCode"),
        tracking_numbers=_once(one.text("TrackingNumber") for one in packages),
        line_count=len(packages),
        at=row.when(("StatusUpdatedDateTime",)),
    )


def outbound_status(row: Doc) -> Incoming:
    row = row.at("FBAOutboundShipmentStatusNotification")
    return ShipmentUpdate(
        external_id=row.need(("AmazonShipmentId",)),
        order_id=row.need(("AmazonOrderId",)),
        status=row.text("ShipmentStatus"),
    )


def fulfilment_order(row: Doc) -> Incoming:
    """Read an order that FBA ships for another channel, with its shipments (JSON, or MWS's XML)."""
    order = _of(row, "FulfillmentOrder")
    shipments = _members(row, "FulfillmentShipment", "fulfillmentShipments")
    packages = [
        one
        for shipment in shipments
        for one in _members(shipment, "FulfillmentShipmentPackage", "fulfillmentShipmentPackage")
    ]
    lines = _members(row, "FulfillmentOrderItem", "fulfillmentOrderItems")
    ident = order.need(("sellerFulfillmentOrderId",), ("SellerFulfillmentOrderId",))
    return ShipmentUpdate(
        external_id=ident,
        number=order.first(("displayableOrderId",), ("DisplayableOrderId",)),
        order_id=ident,
        status=order.first(("fulfillmentOrderStatus",), ("FulfillmentOrderStatus",)),
        carrier=next(
            (code for code in (one.first(("carrierCode",), ("CarrierCode",)) for one in packages) if code), ""
        ),
        tracking_numbers=_once(one.first(("trackingNumber",), ("TrackingNumber",)) for one in packages),
        line_count=len(lines),
        ship_to=address(_of(order, "DestinationAddress")),
        lines=tuple(_shipped(one) for one in lines),
        at=order.when(("statusUpdatedDate",), ("StatusUpdatedDateTime",)),
    )


def fulfilment_head(row: Doc) -> Incoming:
    """Read an order that FBA ships for another channel, as a list has it: without lines and shipments."""
    return Other(
        about="An order that FBA ships for another channel",
        external_id=row.first(("sellerFulfillmentOrderId",), ("SellerFulfillmentOrderId",)),
        ship_to=address(_of(row, "DestinationAddress")),
    )


def bought_shipment(row: Doc) -> Incoming:
    """Read a shipment whose label was bought of Amazon (Merchant Fulfillment)."""
    lines = listed(row, "ItemList", "Item")
    return ShipmentUpdate(
        external_id=row.text("ShipmentId"),
        order_id=row.text("AmazonOrderId"),
        status=row.text("Status"),
        carrier=row.text("ShippingService", "CarrierName"),
        tracking_numbers=row.codes("TrackingId"),
        line_count=len(lines),
        ship_to=address(row.at("ShipToAddress")),
        lines=tuple(
            LineQuantity(line_id=one.need(("OrderItemId",)), quantity=one.quantity(("Quantity",))) for one in lines
        ),
        at=row.when(("CreatedDate",)),
    )


def package(row: Doc) -> Incoming:
    """Read where a package of FBA's is; its order stands in the address called."""
    return ShipmentUpdate(
        external_id=row.first(("packageNumber",), ("PackageNumber",)),
        status=row.first(("currentStatus",), ("CurrentStatus",)),
        carrier=row.first(("carrierCode",), ("CarrierCode",)),
        tracking_numbers=_once([row.first(("trackingNumber",), ("TrackingNumber",))]),
        at=row.when(("shipDate",), ("ShipDate",)),
    )


def confirmation(row: Doc) -> Incoming:
    """Read that the seller shipped a package, as Amazon is told; its order stands in the address called."""
    lines = row.rows("packageDetail", "orderItems")
    return ShipmentUpdate(
        external_id=row.text("packageDetail", "packageReferenceId"),
        carrier=row.first(("packageDetail", "carrierCode"), ("packageDetail", "carrierName")),
        tracking_numbers=_once([row.text("packageDetail", "trackingNumber")]),
        line_count=len(lines),
        lines=tuple(
            LineQuantity(line_id=one.need(("orderItemId",)), quantity=one.quantity(("quantity",))) for one in lines
        ),
        at=row.when(("packageDetail", "shipDate")),
    )


def _shipped(row: Doc) -> LineQuantity:
    return LineQuantity(
        line_id=row.need(("sellerFulfillmentOrderItemId",), ("SellerFulfillmentOrderItemId",)),
        sku=row.first(("sellerSku",), ("SellerSKU",)),
        quantity=row.quantity(("quantity",), ("Quantity",)),
    )


def _of(row: Doc, name: str) -> Doc:
    return row.at(name) if row.has(name) else row.at(name[0].lower() + name[1:])


def _members(row: Doc, xml: str, json: str) -> list[Doc]:
    return listed(row, xml, "member") if counted(row, xml, "member") else row.rows(json)


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def inventory_summary(row: Doc) -> Incoming:
    return StockUpdate(
        external_id=row.need(("sellerSku",), ("fnSku",), ("asin",)),
        sku=row.text("sellerSku"),
        location="FBA",
        quantity=row.quantity(("inventoryDetails", "fulfillableQuantity"), ("totalQuantity",)),
        at=row.when(("lastUpdatedTime",)),
    )


def inventory_event(row: Doc) -> Incoming:
    """Read how many of an ASIN Amazon can ship at once."""
    return StockUpdate(
        external_id=row.need(("asin",)),
        location=row.text("marketplaceId"),
        quantity=row.quantity(("highlyAvailableInventory",)),
        at=row.when(("endTime",)),
    )


def inventory_change(row: Doc) -> Incoming:
    """Read FBA's stock of a SKU, in the first of its marketplaces."""
    return StockUpdate(
        external_id=row.need(("SKU",), ("FNSKU",)),
        sku=row.text("SKU"),
        location="FBA",
        quantity=row.quantity(("FulfillmentInventoryByMarketplace", "FulfillmentInventory", "Fulfillable")),
    )


def merchant_quantity(row: Doc) -> Incoming:
    """Read the stock that we announced for a listing of our own."""
    return StockUpdate(
        external_id=row.need(("Sku",), ("sellerSku",), ("SellerSku",), ("SKU",)),
        sku=row.first(("Sku",), ("sellerSku",), ("SellerSku",), ("SKU",)),
        quantity=row.quantity(("quantity",), ("Quantity",)),
    )

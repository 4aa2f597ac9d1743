"""Sale orders of Unicommerce: their total is that of their items, whose prices hold the tax.

https://documentation.unicommerce.com/docs/saleorder-get.html
"""

from decimal import Decimal

from orders.channels.base import (
    ZERO,
    Address,
    Document,
    Incoming,
    IncomingCancellation,
    IncomingCharge,
    IncomingLine,
    IncomingOrder,
    IncomingPayment,
    Other,
    ShipmentUpdate,
    StockUpdate,
)
from orders.channels.reading import Doc, total
from orders.channels.shapes import Maker, Shape, by_envelope, by_shape, complain, each, other

WHO = "Unicommerce"
TAXES = ("totalIntegratedGst", "totalUnionTerritoryGst", "totalStateGst", "totalCentralGst")
SHIPPING = ("shippingCharges", "shippingMethodCharges")
ONE = Decimal(1)
CREDITS = ("storeCredit", "voucherValue")


def read(body: Doc) -> list[Document]:
    """Read an answer of Uniware's REST API."""
    if body.at("successful").value is False:
        complain(WHO, body.text("errors", "description"), body.text("errors", "message"), body.text("message"))
    if body.has("shippingPackages") and not body.has("code"):
        return each(body.parts("shippingPackages"), shipment)
    return by_envelope(body, ENVELOPES, BY_SHAPE)


def order(row: Doc) -> Incoming:
    items = row.rows("saleOrderItems")
    return IncomingOrder(
        external_id=row.need(("code",)),
        number=row.first(("displayOrderCode",), ("code",)),
        currency=row.currency(("currencyCode",)),
        total=total(item.need_amount(("totalPrice",)) for item in items) if items else None,
        line_count=row.count("saleOrderItems"),
        tax=total(item.sum(*TAXES) for item in items),
        shipping=total(item.sum(*SHIPPING) for item in items),
        discount=total(item.amount("discount") for item in items),
        refunded=ZERO,
        ship_to=_address(
            _place(row, row.first(("saleOrderItems", "shippingAddressId"), ("shippingAddress", "referenceId")))
        ),
        bill_to=_address(_billing(row)),
        lines=tuple(_line(item) for item in items),
        charges=tuple(charge for item in items for charge in _charges(item)),
        payments=tuple(payment for item in items for payment in _payments(item)),
        prices_include_tax=True,
        email=row.text("notificationEmail"),
        phone=row.text("notificationMobile"),
        status=row.text("status"),
        is_partial=not row.has("saleOrderItems"),
        is_cancelled=row.text("status") == "CANCELLED",
        ordered_at=row.when(("displayOrderDateTime",), ("created",)),
        updated_at=row.when(("updated",)),
    )


def shipment(row: Doc) -> Incoming:
    """Read a package: {SKU: item}, or the order's lines; what is answered to an invoice names no order."""
    items = row.at("items").value
    return ShipmentUpdate(
        external_id=row.need(("code",), ("shippingPackageCode",)),
        order_id=row.text("saleOrderCode"),
        status=row.first(("status",), ("statusCode",)),
        carrier=row.first(("shippingProvider",), ("shippingProviderCode",), ("shippingCourier",)),
        tracking_numbers=row.codes("trackingNumber"),
        line_count=len(items) if isinstance(items, dict) else row.count("items") or row.count("saleOrderItems"),
    )


def stock(row: Doc) -> Incoming:
    sku = row.need(("itemTypeSKU",), ("itemSKU",), ("skuCode",))
    return StockUpdate(
        external_id=sku, sku=sku, location=row.text("facilityCode"), quantity=row.quantity(("inventory",))
    )


def _adjusted(row: Doc) -> Incoming:
    """Read how a number of pieces was set, or by how many it changed."""
    asked = row.at("facilityInventoryAdjustment") if row.has("facilityInventoryAdjustment") else row
    sku, kind = asked.need(("itemSKU",)), asked.text("adjustmentType")
    quantity = asked.quantity(("quantity",))
    return StockUpdate(
        external_id=sku,
        sku=sku,
        location=asked.text("facilityCode"),
        quantity=-quantity if kind == "REMOVE" else quantity,
        is_change=kind in ("ADD", "REMOVE"),
    )


def _summary(row: Doc) -> Incoming:
    """Read an order without its lines: cancelled, or to be fetched."""
    if row.text("status") != "CANCELLED":
        return Other(about="An order without its lines: to be fetched", external_id=row.text("code"))
    return IncomingCancellation(external_id=row.text("code"), number=row.first(("displayOrderCode",), ("code",)))


def _return(row: Doc) -> Incoming:
    ident = row.first(("returnSaleOrderValue", "reversePickupCode"), ("returnSaleOrderValue", "shipmentCode"))
    return Other(about="A return", external_id=ident, line_count=row.count("returnSaleOrderItems"))


def _place(row: Doc, ident: str) -> Doc:
    """Return the address of an id, else the first there is."""
    addresses = row.rows("addresses")
    return next((one for one in addresses if one.text("id") == ident), addresses[0] if addresses else row.at("none"))


def _billing(row: Doc) -> Doc:
    """Return who pays; an order that is yet to be made names an address of its list."""
    named = row.text("billingAddress", "referenceId")
    return _place(row, named) if named else row.at("billingAddress")


def _address(row: Doc) -> Address:
    return Address(
        name=row.text("name"),
        line1=row.text("addressLine1"),
        line2=row.text("addressLine2"),
        city=row.text("city"),
        region=row.text("state"),
        postcode=row.text("pincode"),
        country=row.text("country"),
        phone=row.text("phone"),
    )


def _line(row: Doc) -> IncomingLine:
    discount = row.amount("discount") or ZERO
    price = row.amount("sellingPrice")
    # The selling price is after the discount.
    before = None if price is None else price + discount
    return IncomingLine(
        external_id=row.need(("code",), ("id",)),
        sku=row.first(("itemSku",), ("sellerSkuCode",)),
        name=row.text("itemName"),
        quantity=row.quantity(("quantity",)) if row.has("quantity") else ONE,
        unit_price=before,
        amount=before,
        discount=discount,
        tax=row.sum(*TAXES),
        parent_id=row.text("bundleSkuCode"),
        personalisation=row.text("giftMessage"),
    )


def _charges(row: Doc) -> list[IncomingCharge]:
    found = [
        ("shipping", "Shipping", row.sum(*SHIPPING)),
        ("fee", "Cash on delivery", row.sum("cashOnDeliveryCharges")),
    ]
    found.append(("fee", "Gift wrap", row.sum("giftWrapCharges")))
    return [IncomingCharge(kind=kind, name=name, amount=amount) for kind, name, amount in found if amount]


def _payments(row: Doc) -> list[IncomingPayment]:
    credit, paid = row.sum(*CREDITS), row.sum("prepaidAmount")
    found = [IncomingPayment(amount=credit, method="store credit", is_gift_card=True)] if credit else []
    return found + ([IncomingPayment(amount=paid, method="prepaid")] if paid else [])


SHAPES: list[Shape] = [
    (("saleOrderItems",), order),
    (("returnSaleOrderItems",), _return),
    (("code", "displayOrderCode"), _summary),
    (("shippingPackageCode", "trackingNumber"), shipment),
    (("saleOrderCode",), shipment),
    (("itemTypeSKU",), stock),
    (("code", "status"), _summary),
    (("successful",), other("An answer about no order")),
]
BY_SHAPE = by_shape(SHAPES, WHO)
ENVELOPES: dict[str, Maker] = {
    "saleOrderDTO": order,
    "saleOrderDetailDTO": order,
    "saleOrder": order,
    "shippingPackageDetailDTO": shipment,
    "inventorySnapshots": stock,
    "inventoryDTOs": stock,
    "inventoryAdjustment": _adjusted,
    "inventoryAdjustmentResponses": _adjusted,
    "itemTypeDTO": other("A product", "skuCode"),
    "invoice": other("An invoice of Unicommerce's own", "code"),
    "returnOrders": other("A return", "code"),
    "elements": BY_SHAPE,
}

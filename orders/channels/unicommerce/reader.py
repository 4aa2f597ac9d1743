"""Sale orders of Unicommerce: their total is that of their items, whose prices hold the tax.

https://documentation.unicommerce.com/docs/saleorder-get.html
"""

from decimal import Decimal

from orders.channels.base import (
    ZERO,
    Address,
    Document,
    Incoming,
    IncomingCharge,
    IncomingLine,
    IncomingOrder,
    IncomingPayment,
    ShipmentUpdate,
    StockUpdate,
)
from orders.channels.reading import Doc, total
from orders.channels.shapes import Maker, Shape, by_envelope, by_shape, complain, other

WHO = "Unicommerce"
TAXES = ("totalIntegratedGst", "totalUnionTerritoryGst", "totalStateGst", "totalCentralGst")
SHIPPING = ("shippingCharges", "shippingMethodCharges")
ONE = Decimal(1)
CREDITS = ("storeCredit", "voucherValue")


def read(body: Doc) -> list[Document]:
    """Read an answer of Uniware's REST API."""
    if body.at("successful").value is False:
        complain(WHO, body.text("errors", "description"), body.text("errors", "message"), body.text("message"))
    return by_envelope(body, ENVELOPES, BY_SHAPE)


def order(row: Doc) -> Incoming:
    items = row.rows("saleOrderItems")
    return IncomingOrder(
        external_id=row.need(("code",)),
        number=row.first(("displayOrderCode",), ("code",)),
        currency=row.currency(("currencyCode",)),
        total=total(item.need_amount(("totalPrice",)) for item in items),
        line_count=row.count("saleOrderItems"),
        tax=total(item.sum(*TAXES) for item in items),
        shipping=total(item.sum(*SHIPPING) for item in items),
        discount=total(item.amount("discount") for item in items),
        refunded=ZERO,
        ship_to=_ship_to(row),
        bill_to=_address(row.at("billingAddress")),
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
    return ShipmentUpdate(
        external_id=row.need(("code",), ("shippingPackageCode",)),
        order_id=row.need(("saleOrderCode",)),
        status=row.first(("status",), ("statusCode",)),
        carrier=row.first(("shippingProvider",), ("shippingProviderCode",), ("shippingCourier",)),
        tracking_numbers=row.codes("trackingNumber"),
        line_count=row.count("items"),
    )


def stock(row: Doc) -> Incoming:
    return StockUpdate(
        external_id=row.need(("itemTypeSKU",)), sku=row.text("itemTypeSKU"), quantity=row.quantity(("inventory",))
    )


def _ship_to(row: Doc) -> Address:
    """Return the address of the first item that is shipped, else the first there is."""
    wanted = row.text("saleOrderItems", "shippingAddressId")
    addresses = row.rows("addresses")
    found = next((one for one in addresses if one.text("id") == wanted), addresses[0] if addresses else row.at("none"))
    return _address(found)


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
    (("code", "displayOrderCode"), order),
    (("saleOrderCode",), shipment),
    (("itemTypeSKU",), stock),
    (("code", "status"), order),
    (("successful",), other("An answer about no order")),
]
BY_SHAPE = by_shape(SHAPES, WHO)
ENVELOPES: dict[str, Maker] = {
    "saleOrderDTO": order,
    "saleOrder": order,
    "shippingPackageDetailDTO": shipment,
    "inventorySnapshots": stock,
    "elements": other("A line of a list: its order is to be fetched", "code"),
}

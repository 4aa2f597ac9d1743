"""Feeds and order reports of Amazon, XML: an AmazonEnvelope of messages.

https://images-na.ssl-images-amazon.com/images/G/01/rainier/help/xsd/release_4_1/amzn-envelope.xsd, …/OrderReport.xsd
"""

from collections.abc import Iterable
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
    IncomingRefund,
    LineQuantity,
    Other,
    ShipmentUpdate,
    StockUpdate,
)
from orders.channels.reading import Doc, positive, share, total
from orders.channels.shapes import each

TAXES = ("Tax", "ShippingTax", "GiftWrapTax")


def read_envelope(body: Doc) -> list[Document]:
    """Return a document for each message."""
    kind = body.text("MessageType")
    return each(body.parts("Message"), lambda row: _message(row, kind))


def _message(row: Doc, kind: str) -> Incoming:
    read = MESSAGES.get(kind)
    if read is None or not isinstance(row.at(kind).value, dict):
        return Other(about=f"A message of a feed: {kind or 'it does not say of which kind'}")
    return read(row.at(kind))


def _order(row: Doc) -> Incoming:
    """Read an order of a report: its total is what its lines come to."""
    items = row.rows("Item")
    prices = [one for item in items for one in _components(item, "ItemPrice")]
    off = positive(total(one.amount("Amount") for item in items for one in _promotions(item))) or ZERO
    owed = total(one.amount("Amount") for one in prices) - off if prices else None
    ident = row.need(("AmazonOrderID",))
    return IncomingOrder(
        external_id=ident,
        number=ident,
        currency=prices[0].currency(("Amount", "@currency")) if prices else "",
        total=owed,
        line_count=row.count("Item"),
        tax=_sum(prices, *TAXES),
        shipping=_sum(prices, "Shipping"),
        discount=off,
        refunded=ZERO,
        buyer=row.text("BillingData", "BuyerName"),
        ship_to=_address(row.at("FulfillmentData", "Address")),
        lines=tuple(_line(item) for item in items),
        charges=tuple(_charges(prices)),
        order_discount=off,
        payments=(IncomingPayment(amount=owed),) if owed else (),
        prices_include_tax=False,
        email=row.text("BillingData", "BuyerEmailAddress"),
        phone=row.text("BillingData", "BuyerPhoneNumber"),
        is_partial=not items,
        is_summed_here=True,
        ordered_at=row.when(("OrderDate",)),
    )


def _line(row: Doc) -> IncomingLine:
    prices = _components(row, "ItemPrice")
    quantity, goods = row.quantity(("Quantity",)), _sum(prices, "Principal")
    return IncomingLine(
        external_id=row.need(("AmazonOrderItemCode",)),
        sku=row.text("SKU"),
        name=row.text("Title"),
        quantity=quantity,
        unit_price=share(goods, quantity),
        amount=goods,
        tax=_sum(prices, "Tax"),
        personalisation=row.text("GiftMessageText"),
    )


def _charges(prices: list[Doc]) -> list[IncomingCharge]:
    found = [("shipping", "Shipping", "Shipping", "ShippingTax"), ("fee", "Gift wrap", "GiftWrap", "GiftWrapTax")]
    charges = [
        IncomingCharge(kind=kind, name=name, amount=_sum(prices, part), tax=_sum(prices, tax))
        for kind, name, part, tax in found
    ]
    return [charge for charge in charges if charge.amount or charge.tax]


def _components(row: Doc, name: str) -> list[Doc]:
    return row.rows(name, "Component")


def _promotions(row: Doc) -> list[Doc]:
    return [one for promotion in row.rows("Promotion") for one in promotion.rows("Component")]


def _sum(prices: Iterable[Doc], *kinds: str) -> Decimal:
    return total(one.amount("Amount") for one in prices if one.text("Type") in kinds)


def _address(row: Doc) -> Address:
    lines = [row.text(name) for name in ("AddressFieldOne", "AddressFieldTwo", "AddressFieldThree")]
    return Address(
        name=row.text("Name"),
        line1=lines[0],
        line2=", ".join(line for line in lines[1:] if line),
        city=row.text("City"),
        region=row.text("StateOrRegion"),
        postcode=row.text("PostalCode"),
        country=row.text("CountryCode"),
        phone=row.text("PhoneNumber"),
    )


def _shipment(row: Doc) -> Incoming:
    ident = row.need(("AmazonOrderID",), ("MerchantOrderID",))
    return ShipmentUpdate(
        external_id=row.first(("MerchantFulfillmentID",), ("AmazonOrderID",), ("MerchantOrderID",)),
        order_id=ident,
        carrier=row.first(("FulfillmentData", "CarrierName"), ("FulfillmentData", "CarrierCode")),
        tracking_numbers=row.codes("FulfillmentData", "ShipperTrackingNumber"),
        line_count=row.count("Item"),
        lines=tuple(
            LineQuantity(
                line_id=one.need(("AmazonOrderItemCode",), ("MerchantOrderItemID",)),
                quantity=one.quantity(("Quantity",)) if one.has("Quantity") else Decimal(1),
            )
            for one in row.rows("Item")
        ),
        at=row.when(("FulfillmentDate",)),
    )


def _refund(row: Doc) -> Incoming:
    items = row.rows("AdjustedItem")
    given = [one for item in items for name in ADJUSTED for one in _components(item, name)]
    amount = total(one.amount("Amount") for one in given) if given else None
    ident = row.need(("AmazonOrderID",), ("MerchantOrderID",))
    return IncomingRefund(
        external_id=row.first(("AdjustedItem", "MerchantAdjustmentItemID"), ("AmazonOrderID",), ("MerchantOrderID",)),
        order_id=ident,
        currency=given[0].text("Amount", "@currency") if given else "",
        total=amount,
        refunded=amount,
        line_count=row.count("AdjustedItem"),
        tax=_sum(given, *TAXES),
        reason=row.text("AdjustedItem", "AdjustmentReason"),
    )


ADJUSTED = ("ItemPriceAdjustments", "PromotionAdjustments")


def _acknowledged(row: Doc) -> Incoming:
    ident = row.need(("AmazonOrderID",))
    if row.text("StatusCode") != "Failure":
        return Other(about="An order was acknowledged", external_id=ident, line_count=row.count("Item"))
    reason = row.text("Item", "CancelReason")
    return IncomingCancellation(external_id=ident, number=ident, line_count=row.count("Item"), reason=reason)


def _stock(row: Doc) -> Incoming:
    return StockUpdate(external_id=row.need(("SKU",)), sku=row.text("SKU"), quantity=row.quantity(("Quantity",)))


MESSAGES = {
    "OrderReport": _order,
    "OrderFulfillment": _shipment,
    "OrderAdjustment": _refund,
    "OrderAcknowledgement": _acknowledged,
    "Inventory": _stock,
}

"""Orders and shipments of eBay's Fulfillment API. Discounts are written below zero.

https://developer.ebay.com/api-docs/sell/fulfillment/types/sel:Order
"""

from dataclasses import replace
from decimal import Decimal

from orders.channels.base import (
    ZERO,
    Address,
    Incoming,
    IncomingCharge,
    IncomingLine,
    IncomingOrder,
    IncomingPayment,
    IncomingRefund,
    LineQuantity,
    ShipmentUpdate,
)
from orders.channels.reading import Doc, positive, share, total

# What is said of an order whose payment was taken.
PAID = ("PAID", "PARTIALLY_REFUNDED", "FULLY_REFUNDED")


def order(row: Doc) -> Incoming:
    prices = row.at("pricingSummary")
    # eBay leaves out what is zero.
    none = ZERO if prices else None
    ship_to = row.at("fulfillmentStartInstructions", "shippingStep", "shipTo")
    refunds = tuple(
        _refund(one) for one in row.rows("paymentSummary", "refunds") if one.text("refundStatus") != "FAILED"
    )
    return IncomingOrder(
        external_id=row.need(("orderId",)),
        number=row.text("orderId"),
        currency=prices.currency(("total", "currency"), ("priceSubtotal", "currency")),
        total=prices.need_amount(("total", "value")),
        line_count=row.count("lineItems"),
        tax=_value(prices, "tax") or none,
        shipping=_value(prices, "deliveryCost") or none,
        discount=total(positive(_value(prices, name)) for name in ("priceDiscount", "deliveryDiscount")) or none,
        refunded=total(one.refunded for one in refunds),
        buyer=row.text("buyer", "buyerRegistrationAddress", "fullName"),
        ship_to=_address(ship_to),
        bill_to=_address(row.at("buyer", "buyerRegistrationAddress")),
        lines=tuple(_line(one) for one in row.rows("lineItems")),
        charges=tuple(_charges(prices)),
        payments=tuple(_in_full(row, _payments(row))),
        refunds=refunds,
        prices_include_tax=not _value(prices, "tax"),
        email=ship_to.text("email"),
        phone=ship_to.text("primaryPhone", "phoneNumber"),
        note=row.text("buyerCheckoutNotes"),
        status=row.text("orderPaymentStatus"),
        is_cancelled=row.text("cancelStatus", "cancelState") == "CANCELED",
        ordered_at=row.when(("creationDate",)),
        updated_at=row.when(("lastModifiedDate",)),
    )


def shipment(row: Doc) -> Incoming:
    """Read a shipping fulfilment; its order stands in the address called."""
    return ShipmentUpdate(
        external_id=row.need(("fulfillmentId",)),
        order_id=row.text("orderId"),
        carrier=row.text("shippingCarrierCode"),
        tracking_numbers=row.codes("shipmentTrackingNumber") or row.codes("trackingNumber"),
        line_count=row.count("lineItems"),
        lines=tuple(
            LineQuantity(
                line_id=one.need(("lineItemId",)),
                quantity=one.quantity(("quantity",)) if one.has("quantity") else Decimal(1),
            )
            for one in row.rows("lineItems")
        ),
        at=row.when(("shippedDate",)),
    )


def refund(row: Doc) -> Incoming:
    """Read the answer to a refund that was asked for: it names no amount."""
    return IncomingRefund(external_id=row.need(("refundId",)), reason=row.text("refundStatus"))


def _value(row: Doc, *names: str) -> Decimal | None:
    return row.amount(*names, "value")


def _refund(row: Doc) -> IncomingRefund:
    amount = _value(row, "amount")
    return IncomingRefund(
        external_id=row.first(("refundId",), ("refundReferenceId",)),
        currency=row.text("amount", "currency"),
        total=amount,
        refunded=amount,
        at=row.when(("refundDate",)),
    )


def _line(row: Doc) -> IncomingLine:
    cost, quantity = _value(row, "lineItemCost"), row.quantity(("quantity",))
    discounted = _value(row, "discountedLineItemCost")
    return IncomingLine(
        external_id=row.need(("lineItemId",)),
        sku=row.text("sku"),
        name=row.text("title"),
        quantity=quantity,
        unit_price=share(cost, quantity),
        amount=cost,
        discount=cost - discounted if cost is not None and discounted is not None else ZERO,
        tax=total(_value(one, "amount") for one in row.rows("taxes")),
    )


def _charges(prices: Doc) -> list[IncomingCharge]:
    shipping = total([_value(prices, "deliveryCost"), _value(prices, "deliveryDiscount")])
    found = [("shipping", "Shipping", shipping), ("fee", "Fee", _value(prices, "fee"))]
    found.append(("fee", "Adjustment", _value(prices, "adjustment")))
    return [IncomingCharge(kind=kind, name=name, amount=amount) for kind, name, amount in found if amount]


def _payments(row: Doc) -> list[IncomingPayment]:
    return [
        IncomingPayment(
            amount=_value(one, "amount") or ZERO,
            currency=one.text("amount", "currency"),
            method=one.text("paymentMethod"),
            reference=one.text("paymentReferenceId"),
        )
        for one in row.rows("paymentSummary", "payments")
        if one.text("paymentStatus") in ("PAID", "")
    ]


def _in_full(row: Doc, payments: list[IncomingPayment]) -> list[IncomingPayment]:
    """Return what the buyer paid: of a payment eBay states what it leaves the seller after its fees."""
    owed = _value(row, "pricingSummary", "total") or ZERO
    kept = owed - total(one.amount for one in payments)
    if kept <= 0 or not payments or row.text("orderPaymentStatus") not in PAID:
        return payments
    return [replace(payments[0], amount=payments[0].amount + kept), *payments[1:]]


def _address(row: Doc) -> Address:
    where = row.at("contactAddress")
    return Address(
        name=row.text("fullName"),
        company=row.text("companyName"),
        line1=where.text("addressLine1"),
        line2=where.text("addressLine2"),
        city=where.text("city"),
        region=where.text("stateOrProvince"),
        postcode=where.text("postalCode"),
        country=where.text("countryCode"),
        phone=row.text("primaryPhone", "phoneNumber"),
    )

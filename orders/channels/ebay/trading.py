"""Orders of eBay's Trading API, XML: each Transaction is a line, its price without the tax that eBay collects.

https://developer.ebay.com/devzone/xml/docs/reference/ebay/types/OrderType.html
"""

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
)
from orders.channels.reading import Doc, joined, total


def order(row: Doc) -> Incoming:
    lines = row.rows("TransactionArray", "Transaction")
    currency = row.currency(("Total", "@currencyID"), ("AmountPaid", "@currencyID"), ("Subtotal", "@currencyID"))
    refunds = tuple(_refund(one, currency) for one in row.rows("MonetaryDetails", "Refunds", "Refund"))
    shipping = row.first_amount(
        ("ShippingServiceSelected", "ShippingServiceCost"),
        ("ShippingDetails", "ShippingServiceOptions", "ShippingServiceCost"),
    )
    buyer = row.at("TransactionArray", "Transaction", "Buyer")
    return IncomingOrder(
        external_id=row.need(("OrderID",)),
        number=row.first(("ExtendedOrderID",), ("OrderID",)),
        currency=currency,
        total=row.need_amount(("Total",)),
        line_count=row.at("TransactionArray").count("Transaction"),
        tax=_tax(row, lines, currency),
        shipping=shipping,
        discount=max(-_adjusted(row), ZERO),
        refunded=total(one.refunded for one in refunds),
        buyer=joined(buyer.text("UserFirstName"), buyer.text("UserLastName")),
        ship_to=address(row.at("ShippingAddress")),
        lines=tuple(_line(one, currency) for one in lines),
        charges=_charges(shipping, _adjusted(row)),
        payments=tuple(_payments(row)),
        refunds=refunds,
        prices_include_tax=None,
        email=buyer.text("Email"),
        phone=row.text("ShippingAddress", "Phone"),
        note=row.text("BuyerCheckoutMessage"),
        status=row.text("OrderStatus"),
        is_partial=not row.has("TransactionArray"),
        is_cancelled=row.text("OrderStatus") == "Cancelled",
        ordered_at=row.when(("CreatedTime",)),
        updated_at=row.when(("CheckoutStatus", "LastModifiedTime")),
    )


def address(row: Doc) -> Address:
    return Address(
        name=row.text("Name"),
        company=row.text("CompanyName"),
        line1=row.first(("Street1",), ("Street",)),
        line2=row.text("Street2"),
        city=row.text("CityName"),
        region=row.text("StateOrProvince"),
        postcode=row.text("PostalCode"),
        country=row.text("Country"),
        phone=row.text("Phone"),
    )


def _adjusted(row: Doc) -> Decimal:
    """Return what seller and buyer agreed on beside the prices. Refunds are in it too: then it is nothing."""
    is_refunded = row.has("MonetaryDetails.Refunds") or row.text("OrderStatus") == "Cancelled"
    return ZERO if is_refunded else row.amount("AdjustmentAmount") or ZERO


def _charges(shipping: Decimal | None, adjusted: Decimal) -> tuple[IncomingCharge, ...]:
    found = [("shipping", "Shipping", shipping or ZERO), ("fee", "Adjustment", adjusted)]
    return tuple(IncomingCharge(kind=kind, name=name, amount=amount) for kind, name, amount in found if amount)


def _tax(row: Doc, lines: list[Doc], currency: str) -> Decimal:
    stated = row.amount("ShippingDetails", "SalesTax", "SalesTaxAmount")
    return total(_line_tax(line, currency) for line in lines) if stated is None else stated


def _line_tax(row: Doc, currency: str) -> Decimal:
    """Return a line's tax; one in another currency than the order's is for the seller's eyes."""
    tax = row.at("Taxes", "TotalTaxAmount")
    return tax.amount() or ZERO if tax.text("@currencyID") in ("", currency) else ZERO


def _line(row: Doc, currency: str) -> IncomingLine:
    price, quantity = row.need_amount(("TransactionPrice",)), row.quantity(("QuantityPurchased",))
    varied = row.rows("Variation", "VariationSpecifics", "NameValueList")
    return IncomingLine(
        external_id=row.need(("OrderLineItemID",), ("TransactionID",)),
        sku=row.first(("Variation", "SKU"), ("Item", "SKU")),
        name=row.first(("Variation", "VariationTitle"), ("Item", "Title")),
        quantity=quantity,
        unit_price=price,
        amount=None if price is None else price * quantity,
        tax=_line_tax(row, currency),
        personalisation="; ".join(f"{one.text('Name')}: {one.text('Value')}" for one in varied),
    )


def _payments(row: Doc) -> list[IncomingPayment]:
    stated = [
        IncomingPayment(
            amount=one.amount("PaymentAmount") or ZERO,
            currency=one.text("PaymentAmount", "@currencyID"),
            method=row.text("CheckoutStatus", "PaymentMethod"),
            reference=one.text("ReferenceID"),
        )
        for one in row.rows("MonetaryDetails", "Payments", "Payment")
        if one.text("PaymentStatus") in ("Succeeded", "")
    ]
    paid = row.amount("AmountPaid")
    if stated or not paid:
        return stated
    return [IncomingPayment(amount=paid, method=row.text("CheckoutStatus", "PaymentMethod"))]


def _refund(row: Doc, currency: str) -> IncomingRefund:
    """Read a refund, which eBay writes with either sign, and at times without an amount."""
    amount = abs(row.amount("RefundAmount") or ZERO)
    return IncomingRefund(
        external_id=row.text("ReferenceID"),
        currency=currency,
        total=amount,
        refunded=amount,
        at=row.when(("RefundTime",)),
    )

"""Orders of Amazon v0, and MWS's of the same names; an order's lines, and its address, come in documents of their own.

Where we asked ourselves, the lines stand in the order, as OrderItems.

https://developer-docs.amazon.com/sp-api/docs/orders-api-v0-reference
"""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from orders.channels.amazon.fields import WITHOUT_TOTAL, address, amount, counted, currency_of, listed
from orders.channels.base import (
    ZERO,
    Incoming,
    IncomingCharge,
    IncomingLine,
    IncomingOrder,
    IncomingPayment,
    Other,
)
from orders.channels.reading import Doc, share, total

TAXES = ("ItemTax", "ShippingTax", "GiftWrapTax", "CODFeeTax")
TAX_RELIEFS = ("PromotionDiscountTax", "ShippingDiscountTax")
# Where Amazon states prices without tax.
NET_MARKETPLACES = ("ATVPDKIKX0DER", "A2EUQ1WTGCTBG2", "A1AM78C64UM0Y8")


def order(row: Doc) -> Incoming:
    """Read an order, with its lines or without."""
    status = row.text("OrderStatus")
    owed = amount(row, "OrderTotal")
    if owed is None and status.lower() not in WITHOUT_TOTAL:
        row.at("OrderTotal").note("is missing")
    found = IncomingOrder(
        external_id=row.need(("AmazonOrderId",)),
        number=row.text("AmazonOrderId"),
        currency=currency_of(row, "OrderTotal") if owed is None else row.currency(("OrderTotal", "CurrencyCode")),
        total=owed,
        refunded=ZERO,
        buyer=row.first(("BuyerInfo", "BuyerName"), ("BuyerName",)),
        ship_to=address(row.at("ShippingAddress")),
        payments=_payments(row, owed),
        prices_include_tax=row.text("MarketplaceId") not in NET_MARKETPLACES,
        email=row.first(("BuyerInfo", "BuyerEmail"), ("BuyerEmail",)),
        phone=row.text("ShippingAddress", "Phone"),
        status=status,
        is_partial=True,
        is_cancelled=status.lower() in ("canceled", "cancelled"),
        ordered_at=row.when(("PurchaseDate",)),
        updated_at=row.when(("LastUpdateDate",)),
    )
    return replace(found, is_partial=False, **_lines(row, found.currency)) if row.has("OrderItems") else found


def order_items(row: Doc) -> Incoming:
    """Read the lines of an order, whose total comes with the order itself."""
    rows = listed(row, "OrderItems", "OrderItem")
    currency = next((code for code in (currency_of(one, "ItemPrice") for one in rows) if code), "")
    return IncomingOrder(
        external_id=row.need(("AmazonOrderId",)),
        number=row.text("AmazonOrderId"),
        currency=currency,
        refunded=ZERO,
        is_partial=True,
        **_lines(row, currency),
    )


def _lines(row: Doc, currency: str) -> dict[str, Any]:
    """Return the fields that the lines of an order make, which is in `currency`."""
    rows = listed(row, "OrderItems", "OrderItem")
    names = ("ShippingPrice", "PromotionDiscount", "ShippingDiscount", "CODFeeDiscount")
    shipping, *off = (total(amount(one, name) for one in rows) for name in names)
    taxes = total(amount(one, name) for one in rows for name in TAXES)
    _check_currency(rows, currency)
    return {
        "line_count": counted(row, "OrderItems", "OrderItem"),
        "tax": taxes - total(amount(one, name) for one in rows for name in TAX_RELIEFS),
        "shipping": shipping,
        "discount": sum(off, ZERO),
        "lines": tuple(_line(one) for one in rows),
        "charges": tuple(charge for one in rows for charge in _charges(one)),
    }


def order_address(row: Doc) -> Incoming:
    return Other(
        about="Where an order goes",
        external_id=row.need(("AmazonOrderId",)),
        ship_to=address(row.at("ShippingAddress")),
    )


def order_buyer(row: Doc) -> Incoming:
    return Other(about="Who bought an order", external_id=row.need(("AmazonOrderId",)), buyer=row.text("BuyerName"))


def _line(row: Doc) -> IncomingLine:
    price, quantity = amount(row, "ItemPrice"), row.quantity(("QuantityOrdered",))
    return IncomingLine(
        external_id=row.need(("OrderItemId",)),
        sku=row.text("SellerSKU"),
        name=row.text("Title"),
        quantity=quantity,
        unit_price=share(price, quantity),
        amount=price,
        discount=amount(row, "PromotionDiscount") or ZERO,
        tax=(amount(row, "ItemTax") or ZERO) - (amount(row, "PromotionDiscountTax") or ZERO),
        personalisation=row.first(("BuyerInfo", "GiftMessageText"), ("GiftMessageText",)),
    )


def _check_currency(rows: list[Doc], currency: str) -> None:
    """Note what is in another currency than the order: it cannot be added up."""
    for row in rows:
        for money in (row.at("ShippingPrice"), row.at("CODFee"), _wrap(row).at("GiftWrapPrice")):
            code = currency_of(money)
            if code not in ("", currency):
                money.note(f"is in {code}, the order in {currency or 'none'}")


def _wrap(row: Doc) -> Doc:
    """Return where the gift wrap of a line stands: beside the buyer since v0, before that on the line."""
    return row.at("BuyerInfo") if row.has("BuyerInfo.GiftWrapPrice") else row


def _charges(row: Doc) -> list[IncomingCharge]:
    """Return shipping, gift wrap and the fee of cash on delivery of a line, each after its discount."""
    parts = [
        ("shipping", "Shipping", row, "ShippingPrice", "ShippingDiscount", "ShippingTax"),
        ("fee", "Gift wrap", _wrap(row), "GiftWrapPrice", "", "GiftWrapTax"),
        ("fee", "Cash on delivery", row, "CODFee", "CODFeeDiscount", "CODFeeTax"),
    ]
    found = [(kind, name, _less(at, price, off), amount(at, tax) or ZERO) for kind, name, at, price, off, tax in parts]
    return [IncomingCharge(kind=kind, name=name, amount=sum_, tax=tax) for kind, name, sum_, tax in found if sum_]


def _less(row: Doc, price: str, off: str) -> Decimal:
    return (amount(row, price) or ZERO) - (amount(row, off) or ZERO if off else ZERO)


def _payments(row: Doc, owed: Decimal | None) -> tuple[IncomingPayment, ...]:
    """Return how it was paid; Amazon has the money, but of cash on delivery."""
    given = listed(row, "PaymentExecutionDetail", "PaymentExecutionDetailItem")
    if given:
        return tuple(
            IncomingPayment(
                amount=amount(one, "Payment") or ZERO,
                currency=currency_of(one, "Payment"),
                method=one.text("PaymentMethod"),
                is_gift_card=one.text("PaymentMethod") in ("GC", "PointsAccount"),
            )
            for one in given
        )
    method = row.text("PaymentMethod")
    return (IncomingPayment(amount=owed, method=method),) if owed and method != "COD" else ()

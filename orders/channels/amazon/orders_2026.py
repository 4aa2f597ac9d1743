"""Orders of Amazon's API of 2026-01-01: lines, packages and proceeds in one document.

https://developer-docs.amazon.com/sp-api/docs/orders-api
"""

from decimal import Decimal

from orders.channels.amazon.fields import WITHOUT_TOTAL, address, amount, currency_of
from orders.channels.base import Incoming, IncomingCharge, IncomingLine, IncomingOrder, IncomingPayment
from orders.channels.reading import Doc, share, total

CHARGES = {"SHIPPING": "shipping", "GIFT_WRAP": "fee", "COD_FEE": "fee", "OTHER": "fee"}


def order(row: Doc) -> Incoming:
    """Read an order; without the data set PROCEEDS it has no amounts, and without lines it is a piece."""
    items = row.rows("orderItems")
    status = row.text("fulfillment", "fulfillmentStatus")
    owed = amount(row, "proceeds", "grandTotal")
    if owed is None and row.has("proceeds") and status.lower().replace("_", "") not in WITHOUT_TOTAL:
        row.at("proceeds", "grandTotal").note("is missing")
    return IncomingOrder(
        external_id=row.need(("orderId",)),
        number=row.text("orderId"),
        currency=currency_of(row, "proceeds", "grandTotal")
        or next((code for code in (currency_of(one, *UNIT_PRICE) for one in items) if code), ""),
        total=owed,
        line_count=row.count("orderItems"),
        tax=total(_part(one, "TAX") for one in items),
        shipping=total(_part(one, "SHIPPING") for one in items),
        discount=total(abs(_part(one, "DISCOUNT")) for one in items),
        refunded=total(abs(_part(one, "REFUND")) for one in items),
        buyer=row.text("buyer", "buyerName"),
        ship_to=address(row.at("recipient", "deliveryAddress")),
        lines=tuple(_line(one) for one in items),
        charges=(*(charge for one in items for charge in _charges(one)), *_tip(row)),
        payments=(IncomingPayment(amount=owed),) if owed else (),
        email=row.text("buyer", "buyerEmail"),
        phone=row.text("recipient", "deliveryAddress", "phone"),
        note=row.text("recipient", "deliveryPreference", "addressInstruction"),
        status=status,
        is_partial=not row.has("proceeds", "orderItems"),
        is_cancelled=status == "CANCELLED",
        ordered_at=row.when(("createdTime",)),
        updated_at=row.when(("lastUpdatedTime",)),
    )


UNIT_PRICE = ("product", "price", "unitPrice")


def _part(row: Doc, kind: str) -> Decimal:
    """Return what a line's proceeds hold of one type; what is zero Amazon leaves out."""
    return total(amount(one, "subtotal") for one in row.rows("proceeds", "breakdowns") if one.text("type") == kind)


def _taken(row: Doc, kind: str, subtype: str) -> Decimal:
    """Return a part of a part: of DISCOUNT what is off the ITEM."""
    details = [
        detail
        for one in row.rows("proceeds", "breakdowns")
        if one.text("type") == kind
        for detail in one.rows("detailedBreakdowns")
    ]
    return total(amount(detail, "value") for detail in details if detail.text("subtype") == subtype)


def _line(row: Doc) -> IncomingLine:
    quantity = row.quantity(("quantityOrdered",))
    price = amount(row, *UNIT_PRICE)
    goods = _part(row, "ITEM") or (price * quantity if price is not None else None)
    return IncomingLine(
        external_id=row.need(("orderItemId",)),
        sku=row.text("product", "sellerSku"),
        name=row.text("product", "title"),
        quantity=quantity,
        unit_price=share(goods, quantity) if price is None else price,
        amount=goods,
        discount=abs(_taken(row, "DISCOUNT", "ITEM")),
        tax=_taken(row, "TAX", "ITEM"),
        personalisation=row.text("fulfillment", "packing", "giftOption", "giftMessage"),
    )


def _tip(row: Doc) -> list[IncomingCharge]:
    """Return the tip for who delivers: it is the order's, no line's."""
    tip = _part(row, "DELIVERY_TIP")
    return [IncomingCharge(kind="tip", name="Tip", amount=tip)] if tip else []


def _charges(row: Doc) -> list[IncomingCharge]:
    found = [
        (kind, one.text("type").replace("_", " ").capitalize(), amount(one, "subtotal"), one.text("type"))
        for one in row.rows("proceeds", "breakdowns")
        for name, kind in CHARGES.items()
        if one.text("type") == name
    ]
    return [
        IncomingCharge(
            kind=kind,
            name=name,
            amount=sum_ - abs(_taken(row, "DISCOUNT", what)),
            tax=_taken(row, "TAX", what),
        )
        for kind, name, sum_, what in found
        if sum_
    ]

"""Orders, refunds and shipments of BigCommerce, read without tax; the products of an order may come by another call.

https://developer.bigcommerce.com/docs/rest-management/orders, …/order-refunds
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
    LineQuantity,
    Other,
    ShipmentUpdate,
)
from orders.channels.reading import Doc, joined, share, total

INCOMPLETE, REFUNDED, CANCELLED, DECLINED = "0", "4", "5", "6"
CURRENCY: list[tuple[str, ...]] = [("currency_code",), ("default_currency_code",), ("store_default_currency_code",)]


def order(row: Doc) -> Incoming:
    rows = _lines(row)
    lines = tuple(_line(one) for one in rows)
    discount = row.sum("discount_amount", "coupon_discount")
    owed = row.need_amount(("total_inc_tax",))
    status = row.text("status_id")
    return IncomingOrder(
        external_id=row.need(("id",)),
        number=row.text("id"),
        currency=row.currency(*CURRENCY),
        total=owed,
        line_count=len(rows),
        tax=row.amount("total_tax"),
        shipping=row.first_amount(("shipping_cost_ex_tax",), ("base_shipping_cost",)),
        discount=discount,
        refunded=row.amount("refunded_amount") or ZERO,
        ship_to=address(_shipping_address(row)),
        bill_to=address(row.at("billing_address")),
        lines=lines,
        charges=tuple(_charges(row)),
        order_discount=max(discount - total(line.discount for line in lines), ZERO),
        payments=_payments(row, owed),
        prices_include_tax=False,
        email=row.text("billing_address", "email"),
        phone=row.text("billing_address", "phone"),
        note=row.text("customer_message"),
        status=row.text("status"),
        is_partial=not lines,
        is_draft=status == INCOMPLETE,
        is_cancelled=status in (CANCELLED, DECLINED),
        ordered_at=row.when(("date_created",)),
        updated_at=row.when(("date_modified",)),
    )


def products(rows: list[Doc]) -> Incoming:
    """Read an order's lines, which come in a list of their own."""
    return IncomingOrder(
        external_id=rows[0].need(("order_id",)),
        number=rows[0].text("order_id"),
        line_count=len(rows),
        tax=total(row.amount("total_tax") for row in rows),
        refunded=total(row.amount("refund_amount") for row in rows),
        lines=tuple(_line(row) for row in rows),
        prices_include_tax=False,
        is_partial=True,
    )


def refund(row: Doc) -> Incoming:
    amount = row.need_amount(("total_amount",))
    return IncomingRefund(
        external_id=row.need(("id",)),
        order_id=row.need(("order_id",)),
        total=amount,
        refunded=amount,
        line_count=row.count("items"),
        tax=row.amount("total_tax"),
        reason=row.first(("reason",), ("items", "reason")),
        lines=tuple(
            LineQuantity(
                line_id=one.need(("item_id",)),
                quantity=one.quantity(("quantity",)) if one.has("quantity") else ZERO,
                amount=one.first_amount(("requested_amount",), ("amount",)),
            )
            for one in row.rows("items")
        ),
        at=row.when(("created",)),
    )


def shipment(row: Doc) -> Incoming:
    return ShipmentUpdate(
        external_id=row.need(("id",)),
        order_id=row.need(("order_id",)),
        carrier=row.first(("shipping_provider_display_name",), ("shipping_provider",), ("tracking_carrier",)),
        tracking_numbers=row.codes("tracking_number"),
        line_count=row.count("items"),
        ship_to=address(row.at("shipping_address")),
        bill_to=address(row.at("billing_address")),
        lines=tuple(
            LineQuantity(line_id=one.need(("order_product_id",)), quantity=one.quantity(("quantity",)))
            for one in row.rows("items")
        ),
        at=row.when(("date_created",)),
    )


def shipping_address(row: Doc) -> Incoming:
    return Other(about="Where an order goes", external_id=row.need(("order_id",)), ship_to=address(row))


def address(row: Doc) -> Address:
    return Address(
        name=joined(row.text("first_name"), row.text("last_name")),
        company=row.text("company"),
        line1=row.text("street_1"),
        line2=row.text("street_2"),
        city=row.text("city"),
        region=row.text("state"),
        postcode=row.text("zip"),
        country=row.first(("country_iso2",), ("country_code",), ("country",)),
        phone=row.text("phone"),
    )


def _lines(row: Doc) -> list[Doc]:
    """Return the lines where they are in the order; else there is only a link to them."""
    if isinstance(row.at("products").value, list):
        return row.rows("products")
    consignments = [one for name in ("shipping", "pickups", "downloads") for one in row.rows("consignments", name)]
    return [line for one in consignments for line in one.rows("line_items")]


def _shipping_address(row: Doc) -> Doc:
    listed = row.at("shipping_addresses")
    if isinstance(listed.value, list):
        return listed.rows()[0] if listed.rows() else listed.at("none")
    return row.at("consignments", "shipping")


def _line(row: Doc) -> IncomingLine:
    quantity = row.quantity(("quantity",))
    amount = row.first_amount(("total_ex_tax",), ("price_ex_tax",))
    return IncomingLine(
        external_id=row.text("id"),
        sku=row.text("sku"),
        name=row.text("name"),
        quantity=quantity,
        unit_price=row.amount("price_ex_tax") or share(amount, quantity),
        amount=row.amount("total_ex_tax"),
        discount=total(one.amount("amount") for one in row.rows("applied_discounts")),
        tax=row.amount("total_tax") or ZERO,
        parent_id=row.text("parent_order_product_id"),
        personalisation="; ".join(
            f"{one.text('display_name')}: {one.text('display_value')}"
            for one in row.rows("product_options")
            if one.text("display_value")
        ),
        is_shipped=row.text("type") in ("", "physical"),
        is_gift_card=row.text("type") == "giftcertificate",
    )


def _charges(row: Doc) -> list[IncomingCharge]:
    kinds = {"shipping": ("shipping", "Shipping"), "handling": ("fee", "Handling"), "wrapping": ("fee", "Gift wrap")}
    found = [
        IncomingCharge(
            kind=kind,
            name=title,
            amount=row.amount(f"{name}_cost_ex_tax") or ZERO,
            tax=row.amount(f"{name}_cost_tax") or ZERO,
        )
        for name, (kind, title) in kinds.items()
    ]
    fees = [
        IncomingCharge(
            kind="fee",
            name=one.first(("display_name_customer",), ("display_name_merchant",), ("type",)),
            amount=one.first_amount(("cost_ex_tax",), ("cost",)) or ZERO,
            tax=one.amount("cost_tax") or ZERO,
        )
        for one in row.rows("fees")
        if one.has("type")
    ]
    return [charge for charge in (*found, *fees) if charge.amount]


# What was paid back later was paid: refunds come for themselves.
STATES = dict.fromkeys(("captured", "paid", "partially refunded", "refunded"), "captured") | {
    "authorized": "authorised"
}


def _payments(row: Doc, owed: Decimal | None) -> tuple[IncomingPayment, ...]:
    """Return what was paid: credit and gift certificates first, the rest by the order's method."""
    credits = [
        IncomingPayment(amount=amount, method=method, is_gift_card=True)
        for name, method in (("store_credit_amount", "store credit"), ("gift_certificate_amount", "gift certificate"))
        if (amount := row.amount(name))
    ]
    rest = (owed or ZERO) - total(one.amount for one in credits)
    state = STATES.get(row.text("payment_status").lower())
    if state is None or rest <= 0:
        return tuple(credits)
    reference = row.text("payment_provider_id")
    return (*credits, IncomingPayment(amount=rest, method=row.text("payment_method"), reference=reference, state=state))

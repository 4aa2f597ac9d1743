"""Orders, credit memos and carts of Magento. Amounts are without tax; the discount is written below zero.

https://developer.adobe.com/commerce/webapi/rest/: /V1/orders, /V1/creditmemo; Magento 1's have the same names, the
addresses beside the items and all numbers as text.
"""

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
)
from orders.channels.reading import Doc, joined, positive, share, total

CURRENCY: list[tuple[str, ...]] = [("order_currency_code",), ("base_currency_code",), ("store_currency_code",)]
CREDITS = {
    "gift_cards_amount": "gift card",
    "customer_balance_amount": "store credit",
    "reward_currency_amount": "reward points",
}


def order(row: Doc) -> Incoming:
    """Read an order of Magento 2."""
    return read_order(row, ids=[("entity_id",)], items="items")


def read_order(row: Doc, *, ids: list[tuple[str, ...]], items: str) -> IncomingOrder:
    amount = row.need_amount(("grand_total",))
    state = row.first(("state",), ("status",))
    credits = _credits(row)
    return IncomingOrder(
        external_id=row.need(*ids, ("increment_id",)),
        number=row.text("increment_id"),
        currency=row.currency(*CURRENCY),
        total=amount,
        line_count=row.count(items),
        tax=row.amount("tax_amount"),
        shipping=row.amount("shipping_amount"),
        discount=positive(row.amount("discount_amount")),
        refunded=row.amount("total_refunded") or ZERO,
        buyer=joined(row.text("customer_firstname"), row.text("customer_lastname")),
        ship_to=address(_shipping_address(row)),
        bill_to=address(row.at("billing_address") if row.at("billing_address") else _address_of(row, "billing")),
        lines=tuple(_line(one) for one in _goods(row.rows(items))),
        charges=_freight(row),
        payments=(*credits, *_payments(row)),
        prices_include_tax=False,
        gift_cards=total(one.amount for one in credits),
        email=row.text("customer_email"),
        phone=row.text("billing_address", "telephone"),
        note=row.text("customer_note"),
        status=row.first(("status",), ("state",)),
        is_partial=not row.has(items),
        is_cancelled=state in ("canceled", "cancelled"),
        ordered_at=row.when(("created_at",)),
        updated_at=row.when(("updated_at",)),
    )


def credit_memo(row: Doc) -> Incoming:
    """Read a credit memo: money given back."""
    amount = row.need_amount(("grand_total",))
    return IncomingRefund(
        external_id=row.need(("entity_id",), ("creditmemo_id",), ("increment_id",)),
        number=row.text("increment_id"),
        order_id=row.need(("order_id",), ("order_increment_id",)),
        reason=joined(*(one.text("comment") for one in row.rows("comments"))),
        # A list of them does not say it: it is the order's.
        currency=row.currency(*CURRENCY) if any(row.has(*path) for path in CURRENCY) else "",
        total=amount,
        refunded=amount,
        line_count=row.count("items"),
        tax=row.amount("tax_amount"),
        shipping=row.amount("shipping_amount"),
        discount=positive(row.amount("discount_amount")),
        lines=tuple(quantity_of(one) for one in row.rows("items")),
        at=row.when(("created_at",)),
    )


def refund_wish(row: Doc) -> Incoming:
    """Read what asks Magento for a refund: its order stands in the address called, the amount is worked out there."""
    return IncomingRefund(
        line_count=row.count("items"),
        shipping=row.amount("arguments", "shipping_amount"),
        lines=tuple(quantity_of(one) for one in row.rows("items")),
    )


def cart(row: Doc) -> Incoming:
    """Read the order of a headless shop that Magento is yet to place: it has neither number nor total."""
    where = row.at("addressInformation") if row.has("addressInformation") else row
    return IncomingOrder(
        external_id=row.need(("order_id",), ("cart_id",)),
        currency=row.currency(*CURRENCY),
        total=row.need_amount(("grand_total",)),
        line_count=row.count("products"),
        ship_to=address(where.at("shippingAddress")),
        bill_to=address(where.at("billingAddress")),
        is_draft=True,
    )


def quantity_of(row: Doc) -> LineQuantity:
    return LineQuantity(
        line_id=row.need(("order_item_id",), ("orderItemId",), ("item_id",), ("entity_id",)),
        sku=row.text("sku"),
        quantity=row.quantity(("qty",)),
        amount=row.amount("row_total"),
    )


def address(row: Doc) -> Address:
    street = [*row.lines("street"), "", ""]
    names = (row.text(name) for name in ("firstname", "middlename", "lastname"))
    return Address(
        name=joined(*names),
        company=row.text("company"),
        line1=street[0],
        line2=", ".join(line for line in street[1:] if line),
        city=row.text("city"),
        region=_region(row),
        postcode=row.text("postcode"),
        country=row.first(("country_id",), ("countryId",)),
        phone=row.text("telephone"),
    )


def _region(row: Doc) -> str:
    if isinstance(row.at("region").value, dict):
        return row.first(("region", "region_code"), ("region", "region"))
    return row.first(("region_code",), ("region",))


def _shipping_address(row: Doc) -> Doc:
    assigned = row.at("extension_attributes", "shipping_assignments", "shipping", "address")
    if assigned:
        return assigned
    return row.at("shipping_address") if row.at("shipping_address") else _address_of(row, "shipping")


def _address_of(row: Doc, kind: str) -> Doc:
    """Return one of the addresses that Magento 1's REST API lists."""
    found = [one for one in row.rows("addresses") if one.text("address_type") == kind]
    return found[0] if found else row.at("addresses", "none")


def _goods(rows: list[Doc]) -> list[Doc]:
    """Return the rows that stand for goods: of configurable goods the first one has price, SKU and what left."""
    configurable = {row.text("item_id") for row in rows if row.text("product_type") == "configurable"}
    return [row for row in rows if row.text("parent_item_id") not in configurable]


def _line(row: Doc) -> IncomingLine:
    quantity = row.quantity(("qty_ordered",))
    amount = row.amount("row_total")
    price = row.amount("price")
    return IncomingLine(
        external_id=row.text("item_id"),
        sku=row.text("sku"),
        name=row.text("name"),
        quantity=quantity,
        unit_price=share(amount, quantity) if price is None else price,
        amount=amount,
        discount=positive(row.amount("discount_amount")) or ZERO,
        tax=row.amount("tax_amount") or ZERO,
        parent_id=row.text("parent_item_id"),
        is_shipped=not row.flag("is_virtual"),
        is_gift_card=row.text("product_type") == "giftcard",
    )


def _freight(row: Doc) -> tuple[IncomingCharge, ...]:
    amount = row.amount("shipping_amount")
    if not amount:
        return ()
    name = row.first(("shipping_description",), ("shipping_method",))
    tax = row.amount("shipping_tax_amount") or ZERO
    return (IncomingCharge(kind="shipping", name=name, amount=amount, tax=tax),)


def _credits(row: Doc) -> tuple[IncomingPayment, ...]:
    """Return what gift cards and credit pay: Magento takes it off the total."""
    found = [(row.first_amount((name,), ("extension_attributes", name)), method) for name, method in CREDITS.items()]
    return tuple(
        IncomingPayment(amount=abs(amount), method=method, is_gift_card=True) for amount, method in found if amount
    )


def _payments(row: Doc) -> list[IncomingPayment]:
    method = row.text("payment", "method")
    reference = row.text("payment", "last_trans_id")
    paid = row.first_amount(("total_paid",), ("payment", "amount_paid"))
    if paid:
        return [IncomingPayment(amount=paid, method=method, reference=reference)]
    held = row.amount("payment", "amount_authorized")
    return [IncomingPayment(amount=held, method=method, reference=reference, state="authorised")] if held else []

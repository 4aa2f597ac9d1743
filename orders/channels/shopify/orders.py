"""Orders and draft orders of Shopify. `total_price` is before refunds; `current_total_price` is after them.

https://shopify.dev/docs/api/admin-rest/latest/resources/order, …/admin-graphql/latest/objects/Order
"""

from decimal import Decimal

from orders.channels.base import (
    ZERO,
    Incoming,
    IncomingCharge,
    IncomingLine,
    IncomingOrder,
    IncomingPayment,
    IncomingRefund,
)
from orders.channels.reading import Doc, joined, total
from orders.channels.shopify.fields import address, currency_paths, ident, money, need_ident
from orders.channels.shopify.refunds import refund

TAKEN = ("paid", "partially_refunded", "refunded")


def order(row: Doc) -> Incoming:
    lines = tuple(_line(line) for line in row.rows("line_items"))
    refunds = tuple(refund(one, nested=True) for one in row.rows("refunds"))
    amount = money(row, "total_price", "original_total_price", "current_total_price")
    if amount is None and not row.at("total_price"):
        row.at("total_price").note("is missing")
    shipping = money(row, "total_shipping_price")
    return IncomingOrder(
        external_id=need_ident(row, "id"),
        number=row.first(("name",), ("order_number",)),
        currency=row.currency(*currency_paths("total_price", "original_total_price", "current_total_price")),
        total=amount,
        line_count=row.count("line_items"),
        tax=_total_tax(row),
        shipping=total(money(one, "price", "original_price") for one in _shipping(row))
        if shipping is None
        else shipping,
        discount=money(row, "total_discounts", "current_total_discounts"),
        refunded=_refunded(row, refunds),
        buyer=row.text("customer", "display_name")
        or joined(row.text("customer", "first_name"), row.text("customer", "last_name")),
        ship_to=address(row.at("shipping_address")),
        bill_to=address(row.at("billing_address")),
        lines=lines,
        charges=(*_freight(row), *_extras(row)),
        payments=_payments(row, amount),
        refunds=refunds,
        prices_include_tax=row.flag("taxes_included"),
        email=row.first(("email",), ("contact_email",), ("customer", "email")),
        phone=row.first(("phone",), ("customer", "phone")),
        note=row.text("note"),
        status=_status(row),
        is_partial=not row.has("line_items"),
        is_test=row.flag("test"),
        is_cancelled=bool(row.at("cancelled_at")),
        ordered_at=row.when(("processed_at",), ("created_at",)),
        updated_at=row.when(("updated_at",)),
    )


def draft(row: Doc) -> Incoming:
    """Read a draft: no order until it is completed, and then one with an id of its own."""
    lines = tuple(_line(line) for line in row.rows("line_items"))
    off = money(row.at("applied_discount"), "amount") or ZERO
    shipping = money(row, "total_shipping_price")
    return IncomingOrder(
        external_id=need_ident(row, "id"),
        number=row.text("name"),
        currency=row.currency(*currency_paths("total_price")),
        total=money(row, "total_price") or row.need_amount(("total_price",)),
        line_count=row.count("line_items"),
        tax=money(row, "total_tax"),
        shipping=money(row.at("shipping_line"), "price", "original_price") or ZERO if shipping is None else shipping,
        discount=off + total(line.discount for line in lines),
        refunded=ZERO,
        buyer=joined(row.text("customer", "first_name"), row.text("customer", "last_name")),
        ship_to=address(row.at("shipping_address")),
        bill_to=address(row.at("billing_address")),
        lines=lines,
        charges=_freight(row),
        order_discount=off,
        prices_include_tax=row.flag("taxes_included"),
        email=row.text("email"),
        note=row.text("note"),
        status=row.text("status").lower(),
        is_draft=True,
        ordered_at=row.when(("created_at",)),
    )


def _line(row: Doc) -> IncomingLine:
    given = row.rows("discount_allocations")
    # Allocations hold a share of the order's discounts too, total_discount does not.
    taken = total(money(one, "amount", "allocated_amount") for one in given) if given else money(row, "total_discount")
    price, quantity = money(row, "price", "original_unit_price"), row.quantity(("quantity",))
    return IncomingLine(
        external_id=ident(row, "id"),
        sku=row.text("sku"),
        name=row.first(("name",), ("title",)),
        quantity=quantity,
        unit_price=price,
        amount=None if price is None else price * quantity,
        discount=taken or money(row.at("applied_discount"), "amount") or ZERO,
        tax=_tax(row),
        personalisation=_properties(row),
        is_shipped=row.at("requires_shipping").value is not False,
        is_gift_card=row.flag("gift_card"),
    )


def _properties(row: Doc) -> str:
    """Return what the customer had engraved; names that begin with _ are the theme's own."""
    said = [
        (one.first(("name",), ("key",)), one.text("value"))
        for name in ("properties", "custom_attributes")
        for one in row.rows(name)
        if one
    ]
    return "; ".join(f"{name}: {value}" for name, value in said if name and not name.startswith("_"))


def _tax(row: Doc) -> Decimal:
    return total(money(one, "price") for one in row.rows("tax_lines"))


def _total_tax(row: Doc) -> Decimal | None:
    """Return the tax of an order; who asks by GraphQL for no total has it in the order's parts."""
    stated = money(row, "total_tax", "current_total_tax")
    parts = [row] if row.rows("tax_lines") else [*row.rows("line_items"), *_shipping(row)]
    return (
        total(_tax(part) for part in parts)
        if stated is None and any(part.rows("tax_lines") for part in parts)
        else stated
    )


def _shipping(row: Doc) -> list[Doc]:
    return [one for name in ("shipping_lines", "shipping_line") for one in row.rows(name)]


def _freight(row: Doc) -> tuple[IncomingCharge, ...]:
    return tuple(
        IncomingCharge(
            kind="shipping",
            name=one.first(("title",), ("code",)),
            amount=money(one, "discounted_price", "price", "original_price") or ZERO,
            tax=_tax(one),
        )
        for one in _shipping(row)
    )


def _extras(row: Doc) -> list[IncomingCharge]:
    """Return tip and duties; a tip may be a line too, then it is one already."""
    has_tip_line = any(line.has("tip") for line in row.rows("line_items"))
    tip = ZERO if has_tip_line else money(row, "total_tip_received")
    duty = total(money(one, "price") for line in row.rows("line_items") for one in line.rows("duties"))
    duty = duty or money(row, "original_total_duties") or ZERO
    found = [IncomingCharge(kind="tip", name="Tip", amount=tip)] if tip else []
    return found + ([IncomingCharge(kind="duty", name="Duties", amount=duty)] if duty else [])


def _refunded(row: Doc, refunds: tuple[IncomingRefund, ...]) -> Decimal | None:
    stated = money(row, "total_refunded")
    if stated is None and not row.has("refunds") and "refunded" in _status(row):
        return None
    return total(one.refunded for one in refunds) if stated is None else stated


def _status(row: Doc) -> str:
    return row.first(("financial_status",), ("display_financial_status",)).lower()


def _payments(row: Doc, amount: Decimal | None) -> tuple[IncomingPayment, ...]:
    """Return what was taken; without transactions what the state of payment says of the whole."""
    done = [one for one in row.rows("transactions") if one.text("status").lower() == "success"]
    taken = [one for one in done if one.text("kind").lower() in ("sale", "capture")]
    taken = taken or [one for one in done if one.text("kind").lower() == "authorization"]
    if taken:
        return tuple(_payment(one) for one in taken)
    method = (row.codes("payment_gateway_names") or (row.text("gateway"),))[0]
    states = {"authorized": "authorised"} | dict.fromkeys(TAKEN, "captured")
    if amount and _status(row) in states:
        return (IncomingPayment(amount=amount, method=method, state=states[_status(row)]),)
    return ()


def _payment(row: Doc) -> IncomingPayment:
    return IncomingPayment(
        amount=money(row, "amount") or ZERO,
        currency=row.first(*currency_paths("amount")),
        method=row.text("gateway"),
        reference=ident(row, "id"),
        state="authorised" if row.text("kind").lower() == "authorization" else "captured",
        is_gift_card=row.text("gateway") == "gift_card",
    )

"""Orders and refunds of WooCommerce. All amounts are without tax, whatever the shop's prices include.

https://woocommerce.github.io/woocommerce-rest-api-docs/#order-properties; the legacy API says total_discount for
discount_total and billing_address for billing.
"""

from decimal import Decimal
from html import unescape

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

CANCELLED = ("cancelled", "failed", "trash")
DRAFTS = ("draft", "auto-draft", "checkout-draft")


def order(row: Doc) -> Incoming:
    amount = row.need_amount(("total",))
    refunds = tuple(_nested_refund(one) for one in row.rows("refunds"))
    status = row.text("status").removeprefix("wc-")
    return IncomingOrder(
        external_id=row.need(("id",)),
        number=row.first(("number",), ("order_number",), ("id",)),
        currency=row.currency(("currency",)),
        total=amount,
        line_count=row.count("line_items"),
        tax=row.amount("total_tax"),
        shipping=row.first_amount(("shipping_total",), ("total_shipping",)),
        discount=row.first_amount(("discount_total",), ("total_discount",)),
        refunded=total(one.refunded for one in refunds),
        ship_to=address(row, "shipping", "shipping_address"),
        bill_to=address(row, "billing", "billing_address"),
        lines=tuple(_line(one) for one in row.rows("line_items")),
        charges=(*_charges(row, "shipping_lines", "shipping"), *_charges(row, "fee_lines", "fee")),
        payments=_payments(row, amount),
        refunds=refunds,
        prices_include_tax=False,
        gift_cards=_gift_cards(row),
        email=row.first(("billing", "email"), ("billing_address", "email")),
        phone=row.first(("billing", "phone"), ("billing_address", "phone")),
        note=row.first(("customer_note",), ("note",)),
        status=status,
        is_partial=not row.has("line_items"),
        is_draft=status in DRAFTS,
        is_cancelled=status in CANCELLED,
        ordered_at=row.when(("date_created_gmt",), ("date_created",), ("created_at",)),
        updated_at=row.when(("date_modified_gmt",), ("date_modified",), ("updated_at",)),
    )


def refund(row: Doc) -> Incoming:
    """Read a refund; which order it is of stands in the address it was asked for at."""
    amount = positive(row.need_amount(("amount",), ("total",)))
    return IncomingRefund(
        external_id=row.need(("id",)),
        order_id=row.first(("parent_id",), ("order_id",)),
        total=amount,
        refunded=amount,
        line_count=row.count("line_items"),
        reason=row.text("reason"),
        lines=tuple(_refunded(one) for one in row.rows("line_items")),
        at=row.when(("date_created_gmt",), ("date_created",), ("created_at",)),
    )


def _nested_refund(row: Doc) -> IncomingRefund:
    amount = positive(row.need_amount(("total",), ("amount",)))
    return IncomingRefund(external_id=row.need(("id",)), total=amount, refunded=amount, reason=row.text("reason"))


def _refunded(row: Doc) -> LineQuantity:
    named = [one.text("value") for one in row.rows("meta_data") if one.text("key") == "_refunded_item_id"]
    return LineQuantity(
        line_id=row.text("refunded_item_id") or "".join(named[:1]) or row.text("id"),
        sku=row.text("sku"),
        quantity=abs(row.quantity(("quantity",))),
        amount=positive(row.amount("total")),
    )


def address(row: Doc, *names: str) -> Address:
    """Return an address: texts may hold HTML entities."""
    found = next((row.at(name) for name in names if isinstance(row.at(name).value, dict)), None)
    if found is None:
        return Address()
    return Address(
        name=unescape(joined(found.text("first_name"), found.text("last_name"))),
        company=unescape(found.text("company")),
        line1=unescape(found.text("address_1")),
        line2=unescape(found.text("address_2")),
        city=unescape(found.text("city")),
        region=found.text("state"),
        postcode=found.text("postcode"),
        country=found.text("country"),
        phone=found.text("phone"),
    )


def _line(row: Doc) -> IncomingLine:
    quantity = row.quantity(("quantity",))
    paid = row.amount("total") or ZERO
    before = row.first_amount(("subtotal",), ("total",)) or ZERO
    return IncomingLine(
        external_id=row.text("id"),
        sku=row.text("sku"),
        name=unescape(row.text("name")),
        quantity=quantity,
        unit_price=share(before, quantity),
        amount=before,
        discount=before - paid,
        tax=row.amount("total_tax") or ZERO,
        parent_id=row.first(("bundled_by",), ("composite_parent",)),
        personalisation=_chosen(row),
    )


def _chosen(row: Doc) -> str:
    """Return what the customer chose or wrote; keys that begin with _ are the plug-ins' own."""
    said = [
        (one.first(("display_key",), ("key",)), one.at("display_value").value, one) for one in row.rows("meta_data")
    ]
    texts = [(key, one.text("display_value")) for key, value, one in said if isinstance(value, str)]
    return unescape("; ".join(f"{key}: {text}" for key, text in texts if text and not key.startswith("_")))


def _charges(row: Doc, name: str, kind: str) -> list[IncomingCharge]:
    return [
        IncomingCharge(
            kind=kind,
            name=unescape(one.first(("method_title",), ("name",), ("title",))),
            amount=one.amount("total") or ZERO,
            tax=one.amount("total_tax") or ZERO,
        )
        for one in row.rows(name)
    ]


def _gift_cards(row: Doc) -> Decimal:
    """Return what gift cards pay; their plug-in takes it off the total."""
    return total(one.amount("amount") for one in row.rows("gift_cards"))


def _payments(row: Doc, amount: Decimal | None) -> tuple[IncomingPayment, ...]:
    cards = [
        IncomingPayment(
            amount=one.amount("amount") or ZERO, method="gift card", reference=one.text("code"), is_gift_card=True
        )
        for one in row.rows("gift_cards")
    ]
    is_paid = row.at("date_paid") or row.at("date_paid_gmt") or row.flag("payment_details", "paid")
    if amount and is_paid:
        method = row.first(("payment_method",), ("payment_details", "method_id"))
        cards.append(IncomingPayment(amount=amount, method=method, reference=row.text("transaction_id")))
    return tuple(cards)

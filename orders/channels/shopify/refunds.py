"""Refunds of Shopify: what its transactions gave back; without any, what its lines are worth."""

from decimal import Decimal

from orders.channels.base import IncomingRefund, LineQuantity
from orders.channels.reading import Doc, total
from orders.channels.shopify.fields import currency_paths, ident, money, need_ident

GAVE_NOTHING = ("failure", "error")
# Where the currency stands when the transactions of a webhook do not say it.
LINE_CURRENCIES = [
    ("refund_line_items", f"{name}_set", "shop_money", "currency_code") for name in ("subtotal", "total_tax")
]


def refund(row: Doc, *, nested: bool = False) -> IncomingRefund:
    """Read a refund; one that is `nested` in its order needs not name it."""
    amount = _amount(row)
    paths = [*currency_paths("total_refunded"), *LINE_CURRENCIES]
    return IncomingRefund(
        external_id=need_ident(row, "id"),
        currency=row.first(("transactions", "currency"), *paths),
        total=amount,
        refunded=amount,
        line_count=row.count("refund_line_items"),
        tax=total(money(one, "total_tax") for one in row.rows("refund_line_items")),
        shipping=_shipping(row),
        order_id=_order_id(row) if nested else _order_id(row) or need_ident(row, "order_id"),
        reason=row.text("note"),
        lines=tuple(_line(one) for one in row.rows("refund_line_items")),
        at=row.when(("processed_at",), ("created_at",)),
    )


def _order_id(row: Doc) -> str:
    """Return which order it is of: its transactions name it too."""
    return ident(row, "order_id") or ident(row.at("order"), "id") or ident(row.at("transactions"), "order_id")


def _amount(row: Doc) -> Decimal:
    stated = money(row, "total_refunded")
    if stated is not None:
        return stated
    given = [one for one in row.rows("transactions") if one.text("kind").lower() == "refund"]
    if given or row.has("transactions"):
        return total(money(one, "amount") for one in given if one.text("status").lower() not in GAVE_NOTHING)
    lines = row.rows("refund_line_items")
    for one in lines:
        one.need(("subtotal",), ("subtotal_set",))
    shipped, kept = row.rows("refund_shipping_lines"), row.rows("order_adjustments")
    if shipped:
        kept = [one for one in kept if not _is_of_shipping(one)]
    given_back = total(money(one, name) for one in lines for name in ("subtotal", "total_tax"))
    given_back += total(money(one, name) for one in shipped for name in ("subtotal_amount", "tax_amount"))
    return given_back - total(money(one, name) for one in kept for name in ("amount", "tax_amount"))


def _shipping(row: Doc) -> Decimal | None:
    """Return what is given back of shipping, before tax: newer versions list it, in older ones it is an adjustment."""
    if shipped := row.rows("refund_shipping_lines"):
        return total(money(one, "subtotal_amount") for one in shipped)
    # Adjustments are negative where something is given back.
    adjusted = [one for one in row.rows("order_adjustments") if _is_of_shipping(one)]
    return -total(money(one, "amount") for one in adjusted) if adjusted else None


def _is_of_shipping(adjustment: Doc) -> bool:
    return adjustment.text("kind") == "shipping_refund"


def _line(row: Doc) -> LineQuantity:
    return LineQuantity(
        line_id=ident(row, "line_item_id") or ident(row.at("line_item"), "id"),
        sku=row.text("line_item", "sku"),
        quantity=row.quantity(("quantity",)),
        amount=money(row, "subtotal"),
        is_cancelled=row.text("restock_type").lower() == "cancel",
    )

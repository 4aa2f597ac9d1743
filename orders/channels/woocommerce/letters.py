"""Telling WooCommerce what became of one of its orders; each looks first what stands there.

A tracking number goes to the Shipment Tracking extension where the shop has it, else into a note on the order; so does
what the REST API has no field for: https://woocommerce.github.io/woocommerce-rest-api-docs/#order-notes
"""

from collections.abc import Mapping
from typing import Any

from orders.channels.out import (
    CancellationOut,
    ChangeOut,
    LineOut,
    RefundOut,
    RetractionOut,
    ShipmentOut,
    leave_to_people,
    split_name,
    told_by,
)
from orders.channels.shop import Shop, ShopError
from orders.channels.woocommerce.orders import CANCELLED
from orders.channels.woocommerce.rest import ROOT

CALLED = {
    "company": "company",
    "line1": "address_1",
    "line2": "address_2",
    "city": "city",
    "region": "state",
    "postcode": "postcode",
    "country": "country",
    "phone": "phone",
}
TRACKING = "/wp-json/wc-shipment-tracking/v3/orders"


def _ship(shop: Shop, letter: ShipmentOut) -> str:
    known = _trackings(shop, letter.order_id) if letter.number else None
    made = _note(shop, letter.order_id, _words(letter), f"[{letter.parcel}]") if known is None else ""
    if known is not None:
        ours = [row for row in known if row.get("tracking_number") == letter.number]
        made = str((ours[0] if ours else _track(shop, letter)).get("tracking_id") or "")
    if letter.is_last:
        _complete(shop, _order(shop, letter.order_id))
    return made


def _complete(shop: Shop, order: dict[str, Any]) -> None:
    if order.get("status") != "completed":
        shop.ask("PUT", f"{ROOT}/orders/{order['id']}", {"status": "completed"})


def _trackings(shop: Shop, order_id: str) -> list[dict[str, Any]] | None:
    """Return the tracking numbers of an order, None where the shop lacks the extension."""
    try:
        return list(shop.ask("GET", f"{TRACKING}/{order_id}/shipment-trackings"))
    except ShopError as error:
        if error.retry:
            raise
        return None


def _track(shop: Shop, letter: ShipmentOut) -> dict[str, Any]:
    said = {
        "tracking_number": letter.number,
        "custom_tracking_provider": letter.carrier,
        "custom_tracking_link": letter.url,
    }
    return shop.ask("POST", f"{TRACKING}/{letter.order_id}/shipment-trackings", said)


def _words(letter: ShipmentOut) -> str:
    tracking = " ".join(part for part in (letter.carrier, letter.number, letter.url) if part)
    return f"Shipped {sum(letter.lines.values())} pieces. {tracking}".strip()


def _retract(shop: Shop, letter: RetractionOut) -> str:
    known = _trackings(shop, letter.order_id) if letter.number else None
    for row in known or []:
        if row.get("tracking_number") == letter.number:
            shop.ask("DELETE", f"{TRACKING}/{letter.order_id}/shipment-trackings/{row['tracking_id']}")
    if _order(shop, letter.order_id).get("status") == "completed":
        shop.ask("PUT", f"{ROOT}/orders/{letter.order_id}", {"status": "processing"})
    return _note(shop, letter.order_id, "A parcel has not left after all.", f"[not {letter.parcel}]")


def _cancel(shop: Shop, letter: CancellationOut) -> str:
    order = _order(shop, letter.order_id)
    if order.get("status") in CANCELLED:
        return ""
    if letter.is_whole:
        shop.ask("PUT", f"{ROOT}/orders/{letter.order_id}", {"status": "cancelled"})
        return ""
    gone = [
        f"{there - letter.keep[str(line['id'])]} × {line.get('name')}"
        for line in order.get("line_items") or []
        if (there := int(float(line.get("quantity")))) > letter.keep.get(str(line["id"]), there)
    ]
    text = f"Cancelled: {', '.join(gone)}. {letter.reason}"
    made = _note(shop, letter.order_id, text, letter.mark) if gone else ""
    if letter.is_over:
        _complete(shop, order)
    return made


def _change(shop: Shop, letter: ChangeOut) -> str:
    """Update who it is for and add what is more of its lines; the method is noted.

    https://woocommerce.github.io/woocommerce-rest-api-docs/#update-an-order
    """
    fields, said, rest = letter.fields, dict[str, Any](), list[str]()
    if "ship_to" in fields:
        said["shipping"] = _address(fields["ship_to"])
    if fields.get("bill_to"):
        said["billing"] = _address(fields["bill_to"])
    if "email" in fields:
        said["billing"] = said.get("billing", {}) | {"email": fields["email"]}
    if "customer_note" in fields:
        said["customer_note"] = fields["customer_note"]
    if letter.lines:
        rows, rest = _more(letter.lines, _order(shop, letter.order_id).get("line_items") or [])
        said |= {"line_items": rows} if rows else {}
    if said:
        shop.ask("PUT", f"{ROOT}/orders/{letter.order_id}", said)
    if "method" in fields:
        _note(shop, letter.order_id, f"Is sent by another method: {fields['method']}.", letter.mark)
    leave_to_people("WooCommerce", rest)
    return ""


def _more(lines: tuple[LineOut, ...], there: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the lines that are to be more there, or new, and in words those that it takes from people only.

    One that was added by an answer that never came has an id there that is none of ours.
    """
    rows, rest, known = [], [], {line.line_id for line in lines}
    by_id = {str(row["id"]): row for row in there}
    by_goods = {_goods(row): row for ident, row in by_id.items() if ident not in known}
    for line in lines:
        ids = {"product_id": int(line.parent_id or line.item_id or 0), "variation_id": 0}
        ids |= {"variation_id": int(line.item_id)} if line.parent_id else {}
        row = by_id.get(line.line_id) if line.line_id else by_goods.get(tuple(ids.values()))
        if row and int(float(row["quantity"])) >= line.pieces:
            continue
        money = {"quantity": line.pieces, "subtotal": f"{line.amount:f}", "total": f"{line.total:f}"}
        if row:
            rows.append({"id": row["id"]} | money)
        elif line.item_id and not line.line_id:
            rows.append(ids | money)
        else:
            rest.append(f"{line.pieces} of {line.sku}")
    return rows, rest


def _goods(row: dict[str, Any]) -> tuple[int, ...]:
    return int(row.get("product_id") or 0), int(row.get("variation_id") or 0)


def _address(said: Mapping[str, str]) -> dict[str, str]:
    first, last = split_name(said.get("name", ""))
    named = {theirs: said.get(ours, "") for ours, theirs in CALLED.items()}
    return {"first_name": first, "last_name": last} | named


def _refund(shop: Shop, letter: RefundOut) -> str:
    path = f"{ROOT}/orders/{letter.order_id}/refunds"
    done = [one for one in shop.ask("GET", f"{path}?per_page=100") if letter.mark in str(one.get("reason"))]
    if done:
        return str(done[0]["id"])
    reason = f"{letter.reason} {letter.mark}".strip()
    # The shop's own gateway gives the money back.
    made = shop.ask("POST", path, {"amount": f"{letter.amount:f}", "reason": reason, "api_refund": True})
    return str(made.get("id") or "")


def _order(shop: Shop, order_id: str) -> dict[str, Any]:
    return shop.ask("GET", f"{ROOT}/orders/{order_id}")


def _note(shop: Shop, order_id: str, text: str, mark: str) -> str:
    """Put a note that no customer sees on an order, unless it is there."""
    path = f"{ROOT}/orders/{order_id}/notes"
    known = [one for one in shop.ask("GET", path) if mark in str(one.get("note"))]
    made = known[0] if known else shop.ask("POST", path, {"note": f"{text} {mark}", "customer_note": False})
    return str(made.get("id") or "")


tell = told_by(ship=_ship, retract=_retract, cancel=_cancel, refund=_refund, change=_change)

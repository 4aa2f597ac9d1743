"""Telling WooCommerce what became of one of its orders; each looks first what stands there.

A tracking number goes to the Shipment Tracking extension where the shop has it, else into a note on the order; so does
what the REST API has no field for: https://woocommerce.github.io/woocommerce-rest-api-docs/#order-notes
"""

from typing import Any

from orders.channels.out import CancellationOut, RefundOut, RetractionOut, ShipmentOut, told_by
from orders.channels.shop import Shop, ShopError
from orders.channels.woocommerce.orders import CANCELLED
from orders.channels.woocommerce.rest import ROOT

TRACKING = "/wp-json/wc-shipment-tracking/v3/orders"


def _ship(shop: Shop, letter: ShipmentOut) -> str:
    known = _trackings(shop, letter.order_id) if letter.number else None
    made = _note(shop, letter.order_id, _words(letter), f"[{letter.parcel}]") if known is None else ""
    if known is not None:
        ours = [row for row in known if row.get("tracking_number") == letter.number]
        made = str((ours[0] if ours else _track(shop, letter)).get("tracking_id") or "")
    if letter.is_last and _order(shop, letter.order_id).get("status") != "completed":
        shop.ask("PUT", f"{ROOT}/orders/{letter.order_id}", {"status": "completed"})
    return made


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
    return _note(shop, letter.order_id, f"Cancelled: {', '.join(gone)}. {letter.reason}", letter.mark) if gone else ""


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


tell = told_by(ship=_ship, retract=_retract, cancel=_cancel, refund=_refund)

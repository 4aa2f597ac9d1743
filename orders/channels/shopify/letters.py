"""Telling Shopify what became of one of its orders; each looks first what stands there.

https://shopify.dev/docs/api/admin-rest/latest/resources/fulfillment, …/fulfillmentorder, …/refund, …/order#cancel
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from orders.channels.out import (
    CancellationOut,
    ChangeOut,
    RefundOut,
    RetractionOut,
    ShipmentOut,
    leave_to_people,
    more_of,
    not_told,
    pieces_of,
    split_name,
    told_by,
)
from orders.channels.shop import Shop, ShopError
from orders.channels.shopify.admin import VERSION

ROOT = f"/admin/api/{VERSION}"
OPEN = ("open", "in_progress")
VOID = ("cancelled", "error", "failure")
LONGEST_CODE = 3  # of a province
CALLED = {"ship_to": "shipping_address", "email": "email", "customer_note": "note"}


def _ship(shop: Shop, letter: ShipmentOut) -> str:
    known = _fulfilments(shop, letter.order_id)
    number = "" if letter.is_shared else letter.number
    ours = [one for one in known if number and number in (one.get("tracking_numbers") or [])]
    missing = not_told(letter, *(pieces_of(rows, "line_items", "id") for rows in (ours, known)))
    if not missing:
        return _ids(ours or known[-1:])
    made = [_fulfil(shop, letter, rows) for rows in _by_place(shop, letter.order_id, missing)]
    return _ids([*ours, *made])


def _by_place(shop: Shop, order_id: str, missing: Mapping[str, int]) -> list[list[dict]]:
    """Return what is asked for, a list for each place: one fulfilment is of one place."""
    left = dict(missing)
    places: dict[Any, list[dict]] = {}
    for row in shop.ask("GET", f"{ROOT}/orders/{order_id}/fulfillment_orders.json").get("fulfillment_orders") or []:
        if row.get("status") not in OPEN:
            continue
        taken = []
        for item in row.get("line_items") or []:
            line = str(item.get("line_item_id"))
            pieces = min(left.get(line, 0), int(item.get("fulfillable_quantity") or 0))
            if pieces > 0:
                left[line] -= pieces
                taken.append({"id": item["id"], "quantity": pieces})
        if taken:
            asked = {"fulfillment_order_id": row["id"], "fulfillment_order_line_items": taken}
            places.setdefault(row.get("assigned_location_id"), []).append(asked)
    if any(left.values()):
        lines = ", ".join(f"{pieces} of line {line}" for line, pieces in left.items() if pieces)
        raise ShopError(f"Shopify waits for nothing of the kind: {lines}.", retry=False)
    return list(places.values())


def _fulfil(shop: Shop, letter: ShipmentOut, rows: list[dict]) -> dict[str, Any]:
    said: dict[str, Any] = {"line_items_by_fulfillment_order": rows, "notify_customer": False}
    if letter.number:
        said["tracking_info"] = {"number": letter.number, "company": letter.carrier, "url": letter.url}
    return shop.ask("POST", f"{ROOT}/fulfillments.json", {"fulfillment": said}).get("fulfillment") or {}


def _retract(shop: Shop, letter: RetractionOut) -> str:
    ids = set(letter.external_id.split(","))
    for one in _fulfilments(shop, letter.order_id):
        if str(one.get("id")) in ids or (letter.number and letter.number in (one.get("tracking_numbers") or [])):
            shop.ask("POST", f"{ROOT}/fulfillments/{one['id']}/cancel.json", {})
    return ""


def _cancel(shop: Shop, letter: CancellationOut) -> str:
    path = f"{ROOT}/orders/{letter.order_id}"
    order = shop.ask("GET", f"{path}.json?fields=id,cancelled_at,line_items").get("order") or {}
    if order.get("cancelled_at"):
        return ""
    if letter.is_whole:
        shop.ask("POST", f"{path}/cancel.json", {"reason": "other", "email": False})
        return ""
    rows = [
        {"line_item_id": line["id"], "quantity": there - letter.keep[str(line["id"])], "restock_type": "cancel"}
        for line in order.get("line_items") or []
        if (there := int(line.get("current_quantity", line.get("quantity")))) > letter.keep.get(str(line["id"]), there)
    ]
    if letter.place_id:
        rows = [row | {"location_id": int(letter.place_id)} for row in rows]
    return _give_back(shop, path, letter, {"refund_line_items": rows}) if rows else ""


def _change(shop: Shop, letter: ChangeOut) -> str:
    """Update who it is for; its other fields and its lines only people change there.

    https://shopify.dev/docs/api/admin-rest/latest/resources/order#put-orders-order-id
    """
    path, said = f"{ROOT}/orders/{letter.order_id}", {}
    for name, value in letter.fields.items():
        if name in CALLED:
            said[CALLED[name]] = _address(value) if name == "ship_to" else value
    if said:
        shop.ask("PUT", f"{path}.json", {"order": {"id": int(letter.order_id)} | said})
    rest = [name.replace("_", " ") for name in letter.fields if name not in CALLED]
    if letter.lines:
        order = shop.ask("GET", f"{path}.json?fields=id,line_items").get("order") or {}
        rows = order.get("line_items") or []
        there = {str(row["id"]): int(row.get("current_quantity", row.get("quantity"))) for row in rows}
        rest += more_of(letter.lines, there)
    leave_to_people("Shopify", rest)
    return ""


def _address(said: Mapping[str, str]) -> dict[str, str]:
    first, last = split_name(said.get("name", ""))
    region = said.get("region", "")
    return {
        "first_name": first,
        "last_name": last,
        "company": said.get("company", ""),
        "address1": said.get("line1", ""),
        "address2": said.get("line2", ""),
        "city": said.get("city", ""),
        "province_code" if len(region) <= LONGEST_CODE else "province": region,
        "zip": said.get("postcode", ""),
        "country_code": said.get("country", ""),
        "phone": said.get("phone", ""),
    }


def _refund(shop: Shop, letter: RefundOut) -> str:
    path = f"{ROOT}/orders/{letter.order_id}"
    known = shop.ask("GET", f"{path}/refunds.json").get("refunds") or []
    done = [one for one in known if letter.mark in str(one.get("note"))]
    return str(done[0]["id"]) if done else _give_back(shop, path, letter, {"transactions": _over(shop, path, letter)})


def _give_back(shop: Shop, path: str, letter: CancellationOut | RefundOut, said: dict[str, Any]) -> str:
    """Make a refund of lines or of money; the mark in its note is how it is known again."""
    said |= {"note": f"{letter.reason} {letter.mark}".strip(), "notify": False}
    made = shop.ask("POST", f"{path}/refunds.json", {"refund": said}).get("refund") or {}
    return str(made.get("id") or "")


def _over(shop: Shop, path: str, letter: RefundOut) -> list[dict[str, Any]]:
    """Return the transactions that give `amount` back over those that took it, the oldest first."""
    rows = shop.ask("GET", f"{path}/transactions.json").get("transactions") or []
    rows = [row for row in rows if row.get("status") == "success"]
    missing, found = letter.amount, []
    for row in rows:
        if row.get("kind") not in ("sale", "capture"):
            continue
        back = [one for one in rows if one.get("kind") == "refund" and one.get("parent_id") == row.get("id")]
        left = Decimal(row["amount"]) - sum((Decimal(one["amount"]) for one in back), Decimal(0))
        part = min(missing, left)
        if part > 0:
            found.append({"parent_id": row["id"], "amount": f"{part:f}", "kind": "refund", "gateway": row["gateway"]})
            missing -= part
    if missing > 0:
        raise ShopError(f"Shopify has taken {missing} less than is to be given back.", retry=False)
    return found


def _fulfilments(shop: Shop, order_id: str) -> list[dict[str, Any]]:
    rows = shop.ask("GET", f"{ROOT}/orders/{order_id}/fulfillments.json").get("fulfillments") or []
    return [row for row in rows if row.get("status") not in VOID]


def _ids(rows: list[dict[str, Any]]) -> str:
    return ",".join(str(row.get("id")) for row in rows)


tell = told_by(ship=_ship, retract=_retract, cancel=_cancel, refund=_refund, change=_change)

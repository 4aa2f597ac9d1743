"""Telling Magento what became of one of its orders; each looks first what stands there.

https://developer.adobe.com/commerce/webapi/rest/modules/sales/ and .../rest/tutorials/orders/. What REST has no call
for is a comment that no customer sees: https://adobe-commerce.redoc.ly/2.4.7-admin/tag/ordersidcomments
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from orders.channels.magento.rest import ROOT, found
from orders.channels.magento.stock import levels
from orders.channels.out import (
    CancellationOut,
    ChangeOut,
    RefundOut,
    RetractionOut,
    ShipmentOut,
    leave_to_people,
    more_of,
    split_name,
    told_by,
)
from orders.channels.shop import Shop

CANCELLED = ("canceled", "closed")
UNSEEN = {"is_visible_on_front": 0, "is_customer_notified": 0}


def _ship(shop: Shop, letter: ShipmentOut) -> str:
    """Make a shipment of what has not left there, with our name of the parcel in its comment.

    What was shipped there by hand, or with a parcel that had not left after all, gets the tracking number.
    """
    if not letter.lines:
        return ""
    known, mark = _of_order(shop, "shipments", letter.order_id), f"[{letter.parcel}]"
    ours = _marked(shop, "shipment", known, mark)
    rows = [] if ours else _missing(shop, letter)
    if rows:
        return _make_shipment(shop, letter, rows, mark)
    bare = [one for one in known if not _numbers(one)]
    same = [one for one in known if letter.number in _numbers(one)]
    fitting = [*ours, *same, *bare, *known]
    if not fitting:
        return ""
    shipment = fitting[0]
    if letter.number and letter.number not in _numbers(shipment):
        track = _track(letter) | {"order_id": int(letter.order_id), "parent_id": shipment["entity_id"]}
        shop.ask("POST", f"{ROOT}/shipment/track", {"entity": track})
    return str(shipment["entity_id"])


def _missing(shop: Shop, letter: ShipmentOut) -> list[tuple[str, str, int]]:
    """Return (line, SKU, pieces) of what has not left there yet."""
    rows = {str(row["item_id"]): row for row in _order(shop, letter.order_id).get("items") or []}
    missing = []
    for line, pieces in letter.lines.items():
        row = rows.get(line) or {}
        gone = max(int(Decimal(row.get("qty_shipped") or 0)) - letter.before.get(line, 0), 0)
        if pieces > gone and not row.get("is_virtual"):
            missing.append((line, str(row.get("sku") or ""), pieces - gone))
    return missing


def _make_shipment(shop: Shop, letter: ShipmentOut, rows: list[tuple[str, str, int]], mark: str) -> str:
    said: dict[str, Any] = {"items": [{"order_item_id": int(line), "qty": pieces} for line, _, pieces in rows]}
    said |= {"notify": False, "comment": {"comment": f"Shipped. {mark}", "is_visible_on_front": 0}}
    if letter.number:
        said["tracks"] = [_track(letter)]
    source = _source(shop, rows)
    if source:
        said["arguments"] = {"extension_attributes": {"source_code": source}}
    return str(shop.ask("POST", f"{ROOT}/order/{letter.order_id}/ship", said))


def _source(shop: Shop, rows: list[tuple[str, str, int]]) -> str:
    """Return the first source that has it all, "" where Magento is to choose."""
    wanted: dict[str, int] = {}
    for _, sku, pieces in rows:
        wanted[sku] = wanted.get(sku, 0) + pieces
    there = levels(shop, wanted)
    sources = dict.fromkeys(source for sku in wanted for source in there[sku])
    enough = (one for one in sources if all(there[sku].get(one, 0) >= pieces for sku, pieces in wanted.items()))
    return next(enough, "")


def _track(letter: ShipmentOut) -> dict[str, Any]:
    return {"track_number": letter.number, "title": letter.carrier or "Parcel", "carrier_code": "custom"}


def _numbers(shipment: dict[str, Any]) -> list[str]:
    return [str(track.get("track_number")) for track in shipment.get("tracks") or []]


def _retract(shop: Shop, letter: RetractionOut) -> str:
    """Take the tracking numbers off a shipment, which itself stands: there is no call that takes it back."""
    known = _of_order(shop, "shipments", letter.order_id)
    ours = [one for one in known if str(one["entity_id"]) == letter.external_id]
    for shipment in ours or _marked(shop, "shipment", known, f"[{letter.parcel}]"):
        for track in shipment.get("tracks") or []:
            shop.ask("DELETE", f"{ROOT}/shipment/track/{track['entity_id']}")
        mark = f"[not {letter.parcel}]"
        if not _marked(shop, "shipment", [shipment], mark):
            comment = {"comment": f"It has not left after all. {mark}", "parent_id": shipment["entity_id"]} | UNSEEN
            shop.ask("POST", f"{ROOT}/shipment/{shipment['entity_id']}/comments", {"entity": comment})
    return ""


def _cancel(shop: Shop, letter: CancellationOut) -> str:
    """Cancel the whole where it has no invoice; else the refund closes it, and what is cancelled is a comment."""
    order, path = _order(shop, letter.order_id), f"{ROOT}/orders/{letter.order_id}"
    if order.get("state") in CANCELLED or (letter.is_whole and shop.ask("POST", f"{path}/cancel", {}) is True):
        return ""
    gone = [
        f"{there - kept} × {row.get('name')}"
        for row in order.get("items") or []
        if (there := _ordered(row)) > (kept := letter.keep.get(str(row["item_id"]), there))
    ]
    known = shop.ask("GET", f"{path}/comments").get("items") or []
    if gone and not any(letter.mark in str(one.get("comment")) for one in known):
        comment = {"comment": f"Cancelled: {', '.join(gone)}. {letter.reason} {letter.mark}"}
        said = comment | UNSEEN | {"parent_id": int(letter.order_id), "status": order.get("status")}
        shop.ask("POST", f"{path}/comments", {"statusHistory": said})
    return ""


def _ordered(row: Mapping[str, Any]) -> int:
    return int(Decimal(row.get("qty_ordered") or 0) - Decimal(row.get("qty_canceled") or 0))


def _refund(shop: Shop, letter: RefundOut) -> str:
    """Give money back over the gateway that took it, by a credit memo for each invoice that it took money for.

    An invoice without a transaction was paid by other ways, and Magento would give nothing back.
    """
    memos = _of_order(shop, "creditmemos", letter.order_id)
    ours = _marked(shop, "creditmemo", memos, letter.mark)
    missing, parts = letter.amount - _sum(ours), list[tuple[dict[str, Any], Decimal]]()
    for invoice in _of_order(shop, "invoices", letter.order_id) if missing > 0 else ():
        back = _sum(memo for memo in memos if memo.get("invoice_id") == invoice["entity_id"])
        part = min(missing, _sum([invoice]) - back) if invoice.get("transaction_id") else Decimal(0)
        if part > 0:
            parts.append((invoice, part))
            missing -= part
    if missing > 0:
        leave_to_people("Magento", [f"{missing} that none of its gateways took, to be given back"])
    made = [_give_back(shop, letter, invoice, part) for invoice, part in parts]
    return ",".join([*(str(one["entity_id"]) for one in ours), *made])


def _give_back(shop: Shop, letter: RefundOut, invoice: dict[str, Any], part: Decimal) -> str:
    comment = {"comment": f"{letter.reason} {letter.mark}".strip(), "is_visible_on_front": 0}
    said: dict[str, Any] = {"isOnline": True, "notify": False, "appendComment": False, "comment": comment}
    lines = [row.get("order_item_id") for row in invoice.get("items") or []]
    if part < _sum([invoice]):
        if invoice.get("base_currency_code") != invoice.get("order_currency_code"):
            leave_to_people("Magento", [f"{part} to be given back, as it counts in {invoice['base_currency_code']}"])
        # Without items, and without what shipping is given back, it would be all of them.
        money = {"shipping_amount": 0, "adjustment_positive": float(part), "adjustment_negative": 0}
        said |= {"items": [{"order_item_id": line, "qty": 0} for line in lines[:1]], "arguments": money}
    else:
        # What has not left shall not be taken off the sources.
        there = {row["item_id"] for row in _order(shop, letter.order_id).get("items") or [] if _is_here(row)}
        back = [line for line in lines if line in there]
        said["arguments"] = {"extension_attributes": {"return_to_stock_items": back}}
    return str(shop.ask("POST", f"{ROOT}/invoice/{invoice['entity_id']}/refund", said))


def _is_here(row: Mapping[str, Any]) -> bool:
    """Say whether a row is of goods none of which has left."""
    return not (row.get("parent_item_id") or row.get("is_virtual") or Decimal(row.get("qty_shipped") or 0))


def _sum(rows: Iterable[dict[str, Any]]) -> Decimal:
    return sum((Decimal(row.get("grand_total") or 0) for row in rows), Decimal(0))


def _change(shop: Shop, letter: ChangeOut) -> str:
    """Update the addresses; all else only people change there.

    https://adobe-commerce.redoc.ly/2.4.7-admin/tag/ordersparent_id
    """
    order = _order(shop, letter.order_id)
    assigned = (order.get("extension_attributes") or {}).get("shipping_assignments") or [{}]
    there = {"bill_to": order.get("billing_address"), "ship_to": (assigned[0].get("shipping") or {}).get("address")}
    rest = []
    for name, value in letter.fields.items():
        was = there.get(name)
        if was and value:
            shop.ask("PUT", f"{ROOT}/orders/{letter.order_id}", {"entity": was | _address(value, was)})
        else:
            rest.append(name.replace("_", " "))
    kept = {str(row["item_id"]): _ordered(row) for row in order.get("items") or []}
    leave_to_people("Magento", [*rest, *more_of(letter.lines, kept)])
    return ""


def _address(said: Mapping[str, str], there: Mapping[str, Any]) -> dict[str, Any]:
    """Return an address as Magento has it, which wants two names and a telephone number."""
    first, last = split_name(said.get("name", ""))
    region = said.get("region", "")
    is_other = region not in (there.get("region_code"), there.get("region") or "")
    return {
        "firstname": first or "-",
        "middlename": "",
        "lastname": last,
        "company": said.get("company", ""),
        "street": [line for line in (said.get("line1"), said.get("line2")) if line],
        "city": said.get("city", ""),
        "postcode": said.get("postcode", ""),
        "country_id": said.get("country", ""),
        "telephone": said.get("phone") or there.get("telephone"),
    } | ({"region": region, "region_code": region, "region_id": 0} if is_other else {})


def _order(shop: Shop, order_id: str) -> dict[str, Any]:
    return shop.ask("GET", f"{ROOT}/orders/{order_id}")


def _of_order(shop: Shop, path: str, order_id: str) -> list[dict[str, Any]]:
    return found(shop, path, "entity_id", ("order_id", "eq", order_id))


def _marked(shop: Shop, path: str, rows: list[dict[str, Any]], mark: str) -> list[dict[str, Any]]:
    """Return the documents that bear our mark in a comment, which lists of documents do not show."""
    return [
        row
        for row in rows
        if any(
            mark in str(one.get("comment"))
            for one in shop.ask("GET", f"{ROOT}/{path}/{row['entity_id']}/comments").get("items") or []
        )
    ]


tell = told_by(ship=_ship, retract=_retract, cancel=_cancel, refund=_refund, change=_change)

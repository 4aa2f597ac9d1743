"""Telling BigCommerce what became of one of its orders; each looks first what stands there.

https://developer.bigcommerce.com/docs/rest-management/orders/order-shipments, …/orders/order-shipping-addresses,
…/orders#update-an-order, …/rest-management/transactions/payment-actions. What has no field goes into the staff notes.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from orders.channels.bigcommerce.orders import CANCELLED, DECLINED
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

SHIPPED, PARTLY_SHIPPED, COMPLETED, AWAITING_FULFILMENT = 2, 3, 10, 11
MOST_ROWS = 250  # of a list that is read whole
CREDIT = "storecredit"
PROVIDERS = ("canadapost", "fedex", "royalmail", "ups", "usps")  # that it makes links for; others are in the comment
CALLED = {
    "company": "company",
    "line1": "street_1",
    "line2": "street_2",
    "city": "city",
    "region": "state",
    "postcode": "zip",
    "country": "country_iso2",
    "phone": "phone",
}


def _ship(shop: Shop, letter: ShipmentOut) -> str:
    """Make a shipment for each address that lines of the parcel go to; the comment says which parcel it is."""
    path = _path(letter.order_id)
    known = _list(shop, f"{path}/shipments")
    ours = [row for row in known if f"[{letter.parcel}]" in str(row.get("comments"))]
    missing = not_told(letter, *(pieces_of(rows, "items", "order_product_id") for rows in (ours, known)))
    address_of = {str(row["id"]): row["order_address_id"] for row in _list(shop, f"{path}/products")} if missing else {}
    by_address: dict[Any, list[dict[str, int]]] = {}
    for line, pieces in missing.items():
        by_address.setdefault(address_of.get(line), []).append({"order_product_id": int(line), "quantity": pieces})
    for address, items in by_address.items():
        said = {"order_address_id": address, "items": items} | _tracking(letter)
        ours.append(shop.ask("POST", f"{path}/shipments", said))
    if letter.is_last:
        _finish(shop, path, shop.ask("GET", path))
    return ",".join(str(row["id"]) for row in ours)


def _finish(shop: Shop, path: str, order: dict[str, Any]) -> None:
    if order.get("status_id") not in (SHIPPED, COMPLETED):
        shop.ask("PUT", path, {"status_id": SHIPPED})


def _tracking(letter: ShipmentOut) -> dict[str, str]:
    provider = letter.carrier.lower().replace(" ", "")
    is_known = provider in PROVIDERS
    comment = f"[{letter.parcel}]" if is_known else f"{letter.carrier} [{letter.parcel}]".strip()
    said = {"tracking_number": letter.number, "shipping_provider": provider if is_known else "", "comments": comment}
    return said | ({"tracking_link": letter.url} if letter.url else {})


def _retract(shop: Shop, letter: RetractionOut) -> str:
    """Delete what was made of a parcel; the order is not taken out of its status by that."""
    path, ids = _path(letter.order_id), set(letter.external_id.split(","))
    known = _list(shop, f"{path}/shipments")
    ours = [row for row in known if str(row["id"]) in ids or f"[{letter.parcel}]" in str(row.get("comments"))]
    for row in ours:
        shop.ask("DELETE", f"{path}/shipments/{row['id']}")
    if shop.ask("GET", path).get("status_id") in (SHIPPED, PARTLY_SHIPPED):
        shop.ask("PUT", path, {"status_id": PARTLY_SHIPPED if len(known) > len(ours) else AWAITING_FULFILMENT})
    return ""


def _cancel(shop: Shop, letter: CancellationOut) -> str:
    path = _path(letter.order_id)
    order = shop.ask("GET", path)
    if str(order.get("status_id")) in (CANCELLED, DECLINED):
        return ""
    if letter.is_whole:
        shop.ask("PUT", path, {"status_id": int(CANCELLED)})
        return ""
    gone = [
        f"{there - letter.keep[str(row['id'])]} × {row.get('name')}"
        for row in _list(shop, f"{path}/products")
        if (there := int(row["quantity"])) > letter.keep.get(str(row["id"]), there)
    ]
    if gone:
        _note(shop, path, order, f"Cancelled: {', '.join(gone)}. {letter.reason}", letter.mark)
    if letter.is_over:
        _finish(shop, path, order)
    return ""


def _refund(shop: Shop, letter: RefundOut) -> str:
    """Give an amount back without a tax of its own, over what was paid with, as a quote says that it can be."""
    path = f"/v3/orders/{letter.order_id}/payment_actions"
    known = shop.ask("GET", f"{path}/refunds").get("data") or []
    made = next((row for row in known if any(letter.mark in str(item.get("reason")) for item in row["items"])), None)
    if made is None:
        item = {"item_type": "ORDER", "item_id": int(letter.order_id), "amount": float(letter.amount)}
        item |= {"reason": f"{letter.reason} {letter.mark}".strip()}
        quote = shop.ask("POST", f"{path}/refund_quotes", {"items": [item]}).get("data") or {}
        payments = _over(letter.amount, quote.get("refund_methods") or [])
        made = shop.ask("POST", f"{path}/refunds", {"items": [item], "payments": payments}).get("data") or {}
    declined = [str(one.get("declined_message")) for one in made.get("payments") or [] if one.get("is_declined")]
    if declined:
        raise ShopError(f"The refund was declined: {' '.join(declined)}", retry=False)
    return str(made.get("id") or "")


def _over(amount: Decimal, methods: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return the payments of the first method that needs no hand, and is more than a credit for the next order."""
    for method in methods:
        is_credit = all(one.get("provider_id") == CREDIT for one in method)
        is_whole = sum((Decimal(one["amount"]) for one in method), Decimal(0)) == amount
        if is_whole and not is_credit and not any(one.get("offline") for one in method):
            return [
                {"provider_id": one["provider_id"], "amount": float(one["amount"]), "offline": False} for one in method
            ]
    raise ShopError(f"BigCommerce gives {amount} back by hand or as store credit only: do it there.", retry=False)


def _change(shop: Shop, letter: ChangeOut) -> str:
    """Update who it is for; the method is noted, and its lines only people change, as discounts would go."""
    path, fields, said, rest = _path(letter.order_id), letter.fields, dict[str, Any](), list[str]()
    if "ship_to" in fields and not _move(shop, path, fields["ship_to"]):
        rest.append("ship to")
    if fields.get("bill_to"):
        said["billing_address"] = _address(fields["bill_to"])
    if "email" in fields:
        # It takes no billing address without its postcode.
        billing = said.get("billing_address") or {"zip": shop.ask("GET", path)["billing_address"]["zip"]}
        said["billing_address"] = billing | {"email": fields["email"]}
    if "customer_note" in fields:
        said["customer_message"] = fields["customer_note"]
    if said:
        shop.ask("PUT", path, said)
    if "method" in fields:
        _note(shop, path, shop.ask("GET", path), f"Is sent by another method: {fields['method']}.", letter.mark)
    if letter.lines:
        rest += more_of(letter.lines, {str(row["id"]): int(row["quantity"]) for row in _list(shop, f"{path}/products")})
    leave_to_people("BigCommerce", rest)
    return ""


def _move(shop: Shop, path: str, ship_to: Mapping[str, str]) -> bool:
    """Update where an order goes; returns whether it has just one address."""
    addresses = _list(shop, f"{path}/shipping_addresses")
    if len(addresses) == 1:
        shop.ask("PUT", f"{path}/shipping_addresses/{addresses[0]['id']}", _address(ship_to))
    return len(addresses) == 1


def _address(said: Mapping[str, str]) -> dict[str, str]:
    first, last = split_name(said.get("name", ""))
    return {"first_name": first, "last_name": last} | {theirs: said.get(ours, "") for ours, theirs in CALLED.items()}


def _path(order_id: str) -> str:
    return f"/v2/orders/{order_id}"


def _list(shop: Shop, path: str) -> list[dict[str, Any]]:
    return shop.ask("GET", f"{path}?limit={MOST_ROWS}") or []  # it answers nothing at all where there is none


def _note(shop: Shop, path: str, order: dict[str, Any], text: str, mark: str) -> None:
    """Add a text to the notes that no customer sees, unless it is there."""
    notes = str(order.get("staff_notes") or "")
    if mark not in notes:
        shop.ask("PUT", path, {"staff_notes": f"{notes}\n{text} {mark}".strip()})


tell = told_by(ship=_ship, retract=_retract, cancel=_cancel, refund=_refund, change=_change)

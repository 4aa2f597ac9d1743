"""Telling Amazon what became of one of its orders: parcels, and that the whole of it is cancelled.

https://developer-docs.amazon.com/sp-api/docs/orders-api-v0-reference: confirmShipment, which 2026-01-01 lacks, whose
package reference is ours, so that the same package confirmed again is changed and no second one; …/sp-api/reference/
cancelorder. What has no call of its own there (pieces cancelled, parcels taken back, refunds) is refused with what to
do.
"""

from decimal import Decimal
from typing import Any

from orders.channels.amazon.partner import ORDERS, partner_of, segment
from orders.channels.out import (
    CancellationOut,
    ChangeOut,
    RefundOut,
    RetractionOut,
    ShipmentOut,
    more_of,
    told_by,
)
from orders.channels.poll import iso
from orders.channels.shop import Shop, ShopError

CONFIRMATION = "/orders/v0/orders"
# Of the carriers that Amazon knows those that we are likely to, by our names; others have their own name.
CARRIERS = {
    "AUSTRALIA POST": "Australia Post",
    "CANADA POST": "Canada Post",
    "DEUTSCHE POST": "Deutsche Post",
    "DHL": "DHL",
    "DPD": "DPD",
    "FEDEX": "FedEx",
    "GLS": "GLS",
    "HERMES": "Hermes",
    "ROYAL MAIL": "Royal Mail",
    "UPS": "UPS",
    "USPS": "USPS",
}
IN_SELLER_CENTRAL = "do it in Seller Central"


def _ship(shop: Shop, letter: ShipmentOut) -> str:
    if not letter.lines:
        return ""
    if not letter.number:
        raise ShopError(f"Amazon wants a tracking number with a parcel: {IN_SELLER_CENTRAL}.", retry=False)
    said = {"marketplaceId": _marketplace(shop, letter.order_id), "packageDetail": _package(letter)}
    try:
        shop.ask("POST", f"{CONFIRMATION}/{segment(letter.order_id)}/shipmentConfirmation", said)
    except ShopError as error:
        if error.retry or not _has_left(shop, letter):
            raise
    return str(letter.reference)


def _package(letter: ShipmentOut) -> dict[str, Any]:
    known = CARRIERS.get(letter.carrier.strip().upper())
    carrier = {"carrierCode": known} if known else {"carrierCode": "Other", "carrierName": letter.carrier or "Other"}
    return {
        "packageReferenceId": str(letter.reference),
        **carrier,
        "trackingNumber": letter.number,
        "shipDate": iso(letter.left_at) if letter.left_at else "",
        "orderItems": [{"orderItemId": line, "quantity": pieces} for line, pieces in letter.lines.items()],
    }


def _has_left(shop: Shop, letter: ShipmentOut) -> bool:
    """Say whether Amazon has all these pieces as shipped: somebody confirmed them there."""
    items = _order(shop, letter.order_id).get("orderItems") or []
    gone = {
        str(item.get("orderItemId")): int(_part(item, "fulfillment").get("quantityFulfilled") or 0) for item in items
    }
    return all(gone.get(line, 0) >= letter.before.get(line, 0) + pieces for line, pieces in letter.lines.items())


def _cancel(shop: Shop, letter: CancellationOut) -> str:
    if not letter.is_whole:
        raise ShopError(f"Amazon cancels whole orders only: {IN_SELLER_CENTRAL}.", retry=False)
    order = _order(shop, letter.order_id)
    if _status(order) == "CANCELLED":
        return ""
    wishes = [_part(item, "cancellation", "cancellationRequest") for item in order.get("orderItems") or []]
    is_wish = any(wish.get("requester") == "BUYER" for wish in wishes)
    said = {"cancelReasonCode": "BUYER_CANCELLED" if is_wish else "NO_INVENTORY"}
    shop.ask("PUT", f"{ORDERS}/{segment(letter.order_id)}/cancellation", said)
    return ""


def _refund(shop: Shop, letter: RefundOut) -> str:
    """Tell nothing where an order never left and is given back whole: Amazon charges when it leaves."""
    order = _order(shop, letter.order_id)
    owed = Decimal(_part(order, "proceeds", "grandTotal").get("amount") or 0)
    if _status(order) == "CANCELLED" or (_status(order) == "UNSHIPPED" and letter.amount >= owed):
        return ""
    raise ShopError(f"Amazon takes refunds by file only: {IN_SELLER_CENTRAL}.", retry=False)


def _retract(_: Shop, letter: RetractionOut) -> str:
    raise ShopError(f"Amazon takes no parcel back that was confirmed: {IN_SELLER_CENTRAL}.", retry=False)


def _change(shop: Shop, letter: ChangeOut) -> str:
    items = (_order(shop, letter.order_id).get("orderItems") or []) if letter.lines else []
    there = {str(item.get("orderItemId")): int(item.get("quantityOrdered") or 0) for item in items}
    rest = [*(name.replace("_", " ") for name in letter.fields), *more_of(letter.lines, there)]
    if rest:
        raise ShopError(f"Amazon takes no changes of an order ({', '.join(rest)}): {IN_SELLER_CENTRAL}.", retry=False)
    return ""


def _marketplace(shop: Shop, order_id: str) -> str:
    known = partner_of(shop).marketplaces
    return (
        known[0] if len(known) == 1 else str(_part(_order(shop, order_id), "salesChannel").get("marketplaceId") or "")
    )


def _order(shop: Shop, order_id: str) -> dict[str, Any]:
    said = shop.ask("GET", f"{ORDERS}/{segment(order_id)}?includedData=PROCEEDS,CANCELLATION,FULFILLMENT")
    order = said.get("order") if isinstance(said, dict) else None
    if not isinstance(order, dict):
        raise ShopError("Amazon's answer holds no order.")
    return order


def _status(order: dict[str, Any]) -> str:
    return str(_part(order, "fulfillment").get("fulfillmentStatus") or "")


def _part(row: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return an object in an object, which Amazon leaves out where it says nothing."""
    for name in names:
        row = row.get(name) or {}
    return row


tell = told_by(ship=_ship, retract=_retract, cancel=_cancel, refund=_refund, change=_change)

"""Telling eBay what became of one of its orders: parcels that left, and refunds.

https://developer.ebay.com/api-docs/sell/fulfillment/resources/order/shipping_fulfillment/methods/
createShippingFulfillment, …/order/methods/issueRefund. Whole orders are cancelled by the Post-Order API, which takes
tokens of another kind; for parcels taken back, pieces and changes there is no call. That is left to people.
"""

import json
import re
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
    told_by,
)
from orders.channels.shop import Shop, ShopError

WHO = "eBay"
ROOT = "/sell/fulfillment/v1/order"
# Of the carriers that eBay knows those that we are likely to; all others are one to it.
KNOWN = ("AustraliaPost", "DeutschePost", "DHL", "DPD", "FedEx", "GLS", "Hermes", "RoyalMail", "UPS", "USPS")
CARRIERS = {name.upper(): name for name in KNOWN}
LONGEST_COMMENT = 100


def _ship(shop: Shop, letter: ShipmentOut) -> str:
    path, number = f"{ROOT}/{letter.order_id}/shipping_fulfillment", _bare(letter.number)
    known = shop.ask("GET", path).get("fulfillments") or []
    ours = [row for row in known if number and not letter.is_shared and row.get("shipmentTrackingNumber") == number]
    missing = not_told(letter, *(pieces_of(rows, "lineItems", "lineItemId") for rows in (ours, known)))
    if not missing:
        return str(ours[0].get("fulfillmentId")) if ours else ""
    said: dict[str, Any] = {"lineItems": [{"lineItemId": line, "quantity": n} for line, n in missing.items()]}
    if letter.left_at:
        said["shippedDate"] = f"{letter.left_at:%Y-%m-%dT%H:%M:%S}.000Z"
    if number:
        carrier = CARRIERS.get(letter.carrier.upper().replace(" ", ""), "Other")
        said |= {"trackingNumber": number, "shippingCarrierCode": carrier}
    answer = shop.call("POST", f"{shop.base_url.rstrip('/')}{path}", json.dumps(said).encode())
    return str(answer.headers.get("location", "")).rpartition("/")[2]


def _retract(shop: Shop, letter: RetractionOut) -> str:
    known = shop.ask("GET", f"{ROOT}/{letter.order_id}/shipping_fulfillment").get("fulfillments") or []
    number = _bare(letter.number)
    there = [row for row in known if not number or row.get("shipmentTrackingNumber") == number]
    leave_to_people(WHO, [f"parcel {letter.number or letter.parcel} has not left"] if there else [])
    return ""


def _cancel(shop: Shop, letter: CancellationOut) -> str:
    order = _order(shop, letter.order_id)
    if _is_cancelled(order):
        return ""
    there = {row["lineItemId"]: (int(row["quantity"]), row.get("sku")) for row in order.get("lineItems") or []}
    gone = [(pieces - letter.keep.get(line, pieces), sku) for line, (pieces, sku) in there.items()]
    fewer = [f"{pieces} fewer of {sku}" for pieces, sku in gone if pieces > 0]
    leave_to_people(WHO, ["the order is cancelled"] if letter.is_whole else fewer)
    return ""


def _refund(shop: Shop, letter: RefundOut) -> str:
    """Give an amount back; an order that was cancelled there has been paid back with that.

    Nothing there bears our mark, so one whose answer is lost is never repeated.
    """
    order = _order(shop, letter.order_id)
    if _is_cancelled(order):
        return ""
    said = {
        "reasonForRefund": "OTHER_ADJUSTMENT",
        "comment": f"{letter.reason[: LONGEST_COMMENT - len(letter.mark) - 1]} {letter.mark}".strip(),
        "orderLevelRefundAmount": {
            "value": f"{letter.amount:f}",
            "currency": order["pricingSummary"]["total"]["currency"],
        },
    }
    try:
        made = shop.ask("POST", f"{ROOT}/{letter.order_id}/issue_refund", said)
    except ShopError as error:
        text = (
            "Refund it at eBay, unless that shows it was done. Of sellers in the EU and UK it takes signed calls only."
        )
        raise ShopError(f"{text} {error}", retry=False) from error
    if made.get("refundStatus") == "FAILED":
        raise ShopError("eBay could not give it back: refund it there.", retry=False)
    return str(made.get("refundId") or "")


def _change(shop: Shop, letter: ChangeOut) -> str:
    items = (_order(shop, letter.order_id).get("lineItems") or []) if letter.lines else []
    there = {str(row.get("lineItemId")): int(row.get("quantity") or 0) for row in items}
    leave_to_people(WHO, [*(name.replace("_", " ") for name in letter.fields), *more_of(letter.lines, there)])
    return ""


def _order(shop: Shop, order_id: str) -> dict[str, Any]:
    return shop.ask("GET", f"{ROOT}/{order_id}")


def _is_cancelled(order: dict[str, Any]) -> bool:
    return (order.get("cancelStatus") or {}).get("cancelState") == "CANCELED"


def _bare(number: str) -> str:
    """Return a tracking number as eBay takes it."""
    return re.sub("[^A-Za-z0-9]", "", number)


tell = told_by(ship=_ship, retract=_retract, cancel=_cancel, refund=_refund, change=_change)

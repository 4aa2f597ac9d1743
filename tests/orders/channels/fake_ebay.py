"""The parts of eBay that we call, as its documentation says they answer; orders come newest first."""

import base64
import re
from itertools import count

from orders.channels import poll as polling

WHO = f"Basic {base64.b64encode(b'ck:cs').decode()}"
numbers = count(1)


def eur(value):
    return {"value": value, "currency": "EUR"}


def bought(quantity, ident="07-1"):
    """Return an order of so many mugs of 10 euro, paid, for the fake's `orders`."""
    place = {"addressLine1": "S 1", "city": "Bonn", "postalCode": "53111", "countryCode": "DE"}
    ship_to = {"fullName": "Ann Miller", "contactAddress": place, "email": "ann@example.com"}
    total = eur(f"{10 * quantity}.0")
    goods = {"lineItemId": "11", "sku": "MUG", "title": "Mug", "quantity": quantity, "lineItemCost": total}
    head = {"orderId": ident, "lastModifiedDate": "2026-03-02T09:00:00.000Z", "lineItems": [goods]}
    head |= {"pricingSummary": {"priceSubtotal": total, "total": total}}
    head |= {"paymentSummary": {"payments": [{"amount": total, "paymentStatus": "PAID"}], "refunds": []}}
    head |= {"cancelStatus": {"cancelState": "NONE_REQUESTED"}}
    return head | {"fulfillmentStartInstructions": [{"shippingStep": {"shipTo": ship_to}}]}


def answer(shop, method, path, query, said, headers):
    """Return (status, what is answered), and headers where there are any."""
    if path == "/identity/v1/oauth2/token":
        if headers.get("Authorization") != WHO or said != {"grant_type": "refresh_token", "refresh_token": "tok"}:
            return 400, {"error": "invalid_grant", "error_description": "the provided refresh token is invalid"}
        shop.tokens.append(f"ebay{next(numbers)}")
        return 200, {"access_token": shop.tokens[-1], "expires_in": 7200, "token_type": "User Access Token"}
    if headers.get("Authorization", "").removeprefix("Bearer ") not in shop.tokens:
        return 401, {"errors": [{"errorId": 1001, "message": "Invalid access token"}]}
    for pattern, act in CALLS.items():
        found = re.fullmatch(pattern, f"{method} {path}")
        if found:
            return act(shop, query if said is None else said, *found.groups())
    return 404, error(32100, f"No {method} {path}")


def error(ident, message):
    return {"errors": [{"errorId": ident, "domain": "API", "category": "REQUEST", "message": message}]}


def orders(shop, query):
    assert int(query["limit"][0]) == polling.PER_PAGE
    begin = int(query["offset"][0])
    rows = shop.orders[::-1]
    if shop.is_asked_since:
        since, until = query["filter"][0].partition("[")[2].rstrip("]").split("..")
        rows = [row for row in rows if since <= row["lastModifiedDate"] <= (until or "9")]
    return 200, {"orders": rows[begin : begin + polling.PER_PAGE], "total": len(rows)}


def order_of(shop, ident):
    return next(row for row in shop.orders if row["orderId"] == ident)


def show(shop, query, ident):
    return 200, order_of(shop, ident)


def fulfilments_of(shop, ident="07-1"):
    return shop.lives.setdefault(ident, [])


def fulfilments(shop, query, ident):
    rows = fulfilments_of(shop, ident)
    return 200, {"fulfillments": rows, "total": len(rows)}


def fulfil(shop, said, ident):
    """The tracking number, with letters and digits only, is the id of what is made; the answer says nothing else."""
    assert ("trackingNumber" in said) == ("shippingCarrierCode" in said)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z", said["shippedDate"])
    number, rows = said.get("trackingNumber", ""), fulfilments_of(shop, ident)
    gone = sum(item["quantity"] for row in rows for item in row["lineItems"])
    [asked], [line] = said["lineItems"], order_of(shop, ident)["lineItems"]
    if number != re.sub(r"\W", "", number) or asked["lineItemId"] != line["lineItemId"]:
        return 400, error(32300, "Invalid shipment tracking number or carrier")
    if gone + asked["quantity"] > line["quantity"]:
        return 400, error(32600, "Invalid input data")
    made = {"fulfillmentId": number or "999", "lineItems": said["lineItems"]}
    rows.append(made | {"shipmentTrackingNumber": number, "shippingCarrierCode": said.get("shippingCarrierCode")})
    return (
        201,
        None,
        {"Location": f"{shop.url}/sell/fulfillment/v1/order/{ident}/shipping_fulfillment/{number or '999'}"},
    )


def refund(shop, said, ident):
    assert said["reasonForRefund"] == "OTHER_ADJUSTMENT"
    assert len(said["comment"]) <= 100
    if "refunds" in shop.refuses:
        return 400, error(215001, "Missing x-ebay-signature-key header")
    if "money" in shop.refuses:
        return 200, {"refundStatus": "FAILED"}
    made = {"refundId": f"R{next(shop.ids)}", "refundStatus": "PENDING", "amount": said["orderLevelRefundAmount"]}
    order_of(shop, ident)["paymentSummary"]["refunds"].append(made)
    return 200, {"refundId": made["refundId"], "refundStatus": "PENDING"}


def items(shop, query):
    """The offset is the number of the page."""
    size, number = int(query["limit"][0]), int(query["offset"][0])
    rows = [item(one) for one in shop.goods.values()]
    more = {"next": "/sell/inventory/v1/inventory_item?"} if (number + 1) * size < len(rows) else {}
    return 200, {"inventoryItems": rows[number * size : (number + 1) * size], "total": len(rows)} | more


def item(one):
    count = {"shipToLocationAvailability": {"quantity": one["levels"][""]}}
    return {"sku": one["sku"], "product": {"title": f"The {one['sku']}"}, "availability": count}


def set_items(shop, said):
    by_sku = {one["sku"]: one for one in shop.goods.values()}
    asked = {row["sku"]: row["shipToLocationAvailability"]["quantity"] for row in said["requests"]}
    assert 0 < len(asked) <= 25
    if "all" in shop.refuses:
        return 400, error(25709, "Invalid value for sku")
    refused = {sku for sku in asked if sku not in by_sku or sku in shop.refuses}
    for sku in asked.keys() - refused:
        by_sku[sku]["levels"][""] = asked[sku]
    shop.set_sizes.append(len(asked))
    gone = {"statusCode": 400} | error(25702, "SKU is not available")
    answers = [{"sku": sku} | (gone if sku in refused else {"statusCode": 200, "errors": []}) for sku in asked]
    return 207 if refused else 200, {"responses": answers}


ORDER = "/sell/fulfillment/v1/order"
CALLS = {
    f"GET {ORDER}": orders,
    f"GET {ORDER}/([^/]+)": show,
    f"GET {ORDER}/([^/]+)/shipping_fulfillment": fulfilments,
    f"POST {ORDER}/([^/]+)/shipping_fulfillment": fulfil,
    f"POST {ORDER}/([^/]+)/issue_refund": refund,
    "GET /sell/inventory/v1/inventory_item": items,
    "POST /sell/inventory/v1/bulk_update_price_quantity": set_items,
}

"""The parts of Amazon's Selling Partner API that we call, as its documentation says they answer.

An order of the shop is {id, total, changed, head, items}: what getOrders lists, and what getOrderItems does.
"""

import re
from datetime import UTC, datetime
from itertools import count
from urllib.parse import unquote

SELLER, MARKETPLACE = "A2SELLER", "A1PA6795UKMFR9"
KEYS = {"grant_type": "refresh_token", "refresh_token": "tok", "client_id": "ck", "client_secret": "cs"}
PAGE = 2
ADDRESS = {"Name": "Ann Miller", "AddressLine1": "S 1", "City": "Bonn", "PostalCode": "53111", "CountryCode": "DE"}
numbers = count(1)


def eur(amount):
    return {"CurrencyCode": "EUR", "Amount": f"{amount}"}


def bought(pk, *lines, status="Unshipped", changed=None, **head):
    """Return an order of lines (SKU, pieces, price of one), for the fake's `orders`."""
    ident, changed = f"902-{pk:07}-0000000", changed or iso(datetime.now(UTC))
    total = sum(pieces * price for _, pieces, price in lines)
    items = [
        {"OrderItemId": f"{pk}{n}", "SellerSKU": sku, "Title": sku, "QuantityOrdered": pieces}
        | {"QuantityShipped": 0, "ItemPrice": eur(pieces * price)}
        for n, (sku, pieces, price) in enumerate(lines, 1)
    ]
    said = {"AmazonOrderId": ident, "OrderStatus": status, "PurchaseDate": changed, "LastUpdateDate": changed}
    said |= {"OrderTotal": eur(total), "MarketplaceId": MARKETPLACE, "FulfillmentChannel": "MFN"}
    said |= {"ShippingAddress": ADDRESS, "BuyerInfo": {"BuyerEmail": f"{pk}@marketplace.example"}}
    return {"id": ident, "total": f"{total}", "changed": changed, "head": said | head, "items": items}


def iso(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def answer(shop, method, path, query, said, headers):
    """Return (status, what is answered)."""
    if path == "/auth/o2/token":
        return log_in(shop, said)
    kind = shop.tokens.get(headers.get("x-amz-access-token"))
    if kind is None or (kind == "restricted" and path != "/orders/v0/orders"):
        return 403, error("Unauthorized", "The access token you provided has expired.")
    for pattern, act in CALLS.items():
        found = re.fullmatch(pattern, f"{method} {path}")
        if found:
            return act(shop, query, said, kind, *map(unquote, found.groups()))
    return 404, error("NotFound", f"No {method} {path}")


def error(code, message):
    return {"errors": [{"code": code, "message": message, "details": ""}]}


def log_in(shop, said):
    if said != KEYS:
        return 400, {"error": "invalid_grant", "error_description": "The request has an invalid grant parameter"}
    shop.logins += 1
    return 200, {"access_token": token(shop, "Atza|", "plain"), "token_type": "bearer", "expires_in": 3600}


def token(shop, begin, kind):
    made = f"{begin}{next(numbers)}"
    shop.tokens[made] = kind
    return made


def restricted(shop, query, said, kind):
    [resource] = said["restrictedResources"]
    assert (resource["method"], resource["path"]) == ("GET", "/orders/v0/orders")
    return 200, {"restrictedDataToken": token(shop, "Atz.sprdt|", "restricted"), "expiresIn": 3600}


def orders(shop, query, said, kind):
    """Without a restricted token an order has no address and nobody's e-mail."""
    assert (query["MarketplaceIds"], query["FulfillmentChannels"]) == ([MARKETPLACE], ["MFN"])
    rows = [row["head"] for row in shop.orders if is_asked(row, query)]
    rows = rows if kind == "restricted" else [row | {"ShippingAddress": {}, "BuyerInfo": {}} for row in rows]
    size = int(query["MaxResultsPerPage"][0])
    page = int(query.get("NextToken", ["1"])[0].rstrip("+/="))
    payload = {"Orders": rows[(page - 1) * size : page * size]}
    more = {"NextToken": f"{page + 1}+/="} if page * size < len(rows) else {"LastUpdatedBefore": iso(datetime.now(UTC))}
    return 200, {"payload": payload | more}


def is_asked(row, query):
    if "CreatedAfter" in query:
        return query["CreatedAfter"][0] <= row["head"]["PurchaseDate"] <= query["CreatedBefore"][0]
    return query["LastUpdatedAfter"][0] <= row["changed"] <= query.get("LastUpdatedBefore", ["9"])[0]


def order_of(shop, ident):
    return next((row for row in shop.orders if row["id"] == ident), None)


def life_of(shop, ident):
    """Return what became of an order there: its packages {reference: detail}."""
    return shop.lives.setdefault(ident, {"packages": {}, "cancelled": ""})


def show(shop, query, said, kind, ident):
    row, life = order_of(shop, ident), life_of(shop, ident)
    left = sum(item["QuantityOrdered"] - shipped(shop, ident, item) for item in row["items"])
    status = "Canceled" if life["cancelled"] else "Shipped" if not left else row["head"]["OrderStatus"]
    return 200, {"payload": row["head"] | {"OrderStatus": status, "ShippingAddress": {}, "BuyerInfo": {}}}


def shipped(shop, ident, item):
    lines = [line for one in life_of(shop, ident)["packages"].values() for line in one["orderItems"]]
    gone = sum(line["quantity"] for line in lines if line["orderItemId"] == item["OrderItemId"])
    return gone + item["QuantityShipped"]


def items(shop, query, said, kind, ident):
    row = order_of(shop, ident)
    if row is None:
        return 404, error("NotFound", "No such order.")
    begin = int(query.get("NextToken", ["0"])[0].rstrip("+/="))
    rows = [item | {"QuantityShipped": shipped(shop, ident, item)} for item in row["items"]]
    more = {"NextToken": f"{begin + PAGE}+/="} if begin + PAGE < len(rows) else {}
    return 200, {"payload": {"AmazonOrderId": ident, "OrderItems": rows[begin : begin + PAGE]} | more}


def confirm(shop, query, said, kind, ident):
    """The same reference a second time edits the package."""
    one, packages = said["packageDetail"], life_of(shop, ident)["packages"]
    assert said["marketplaceId"] == MARKETPLACE
    assert one["packageReferenceId"].isdigit()
    assert one["carrierCode"] != "Other" or one["carrierName"]
    assert one["trackingNumber"]
    assert one["shipDate"] <= iso(datetime.now(UTC))
    before = packages.pop(one["packageReferenceId"], None)
    asked = {line["orderItemId"]: line["quantity"] for line in one["orderItems"]}
    left = {
        item["OrderItemId"]: item["QuantityOrdered"] - shipped(shop, ident, item)
        for item in order_of(shop, ident)["items"]
    }
    if any(pieces > left.get(line, 0) for line, pieces in asked.items()):
        packages |= {one["packageReferenceId"]: before} if before else {}
        return 400, error("InvalidInput", "Order already fulfilled.")
    packages[one["packageReferenceId"]] = one
    return 204, None


def cancel(shop, query, said, kind, ident):
    assert said["cancelReasonCode"] in ("NO_INVENTORY", "BUYER_CANCELLED")
    if life_of(shop, ident)["packages"]:
        return 400, error("InvalidInput", "The order has shipped.")
    life_of(shop, ident)["cancelled"] = said["cancelReasonCode"]
    return 204, None


def search(shop, query, said, kind, seller):
    """Of a search no more than `most_found` are shown, the oldest first."""
    assert (seller, query["marketplaceIds"]) == (SELLER, [MARKETPLACE])
    assert (query["sortBy"], query["sortOrder"]) == (["createdDate"], ["ASC"])
    rows = [listing(n, item) for n, item in enumerate(shop.goods.values())]
    since = query.get("createdAfter", [""])[0]
    rows = [row for row in rows if row["summaries"][0]["createdDate"] >= since]
    size, begin = int(query["pageSize"][0]), int(query.get("pageToken", ["0"])[0])
    end = min(begin + size, shop.most_found)
    more = {"nextToken": str(end)} if end < min(len(rows), shop.most_found) else {}
    return 200, {"numberOfResults": len(rows), "pagination": more, "items": rows[begin:end]}


def listing(n, item):
    code = item.get("channel", "DEFAULT")
    quantity = {"fulfillmentChannelCode": code, "quantity": item["levels"][""]}
    summary = {"itemName": f"The {item['sku']}", "createdDate": f"2026-01-01T{n // 2:06}Z"}
    return {"sku": item["sku"], "summaries": [summary], "fulfillmentAvailability": [quantity]}


def patch(shop, query, said, kind, seller, sku):
    assert (seller, query["marketplaceIds"]) == (SELLER, [MARKETPLACE])
    [change] = said["patches"]
    [value] = change["value"]
    assert (change["op"], change["path"]) == ("merge", "/attributes/fulfillment_availability")
    assert value["fulfillment_channel_code"] == "DEFAULT"
    item = next((item for item in shop.goods.values() if item["sku"] == sku), None)
    if item is None:
        return 404, error("NOT_FOUND", f"SKU '{sku}' not found.")
    if sku in shop.refuses:
        issue = {"code": "90220", "message": "A brand is missing.", "severity": "ERROR"}
        return 200, {"sku": sku, "status": "INVALID", "issues": [issue]}
    item["levels"][""] = value["quantity"]
    shop.set_sizes.append(1)
    return 200, {"sku": sku, "status": "ACCEPTED", "submissionId": "f1dc", "issues": []}


ORDER = r"/orders/v0/orders/([^/]+)"
CALLS = {
    "POST /tokens/2021-03-01/restrictedDataToken": restricted,
    "GET /orders/v0/orders": orders,
    f"GET {ORDER}": show,
    f"GET {ORDER}/orderItems": items,
    f"POST {ORDER}/shipmentConfirmation": confirm,
    r"PUT /orders/2026-01-01/orders/([^/]+)/cancellation": cancel,
    r"GET /listings/2021-08-01/items/([^/]+)": search,
    r"PATCH /listings/2021-08-01/items/([^/]+)/([^/]+)": patch,
}

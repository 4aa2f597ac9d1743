"""The parts of Amazon's Selling Partner API that we call, as its documentation says they answer.

An order of the shop is {id, total, changed, head}: what searchOrders lists of it, with all data sets.
"""

import re
from datetime import UTC, datetime
from itertools import count
from urllib.parse import unquote

SELLER, MARKETPLACE = "A2SELLER", "A1PA6795UKMFR9"
KEYS = {"grant_type": "refresh_token", "refresh_token": "tok", "client_id": "ck", "client_secret": "cs"}
ADDRESS = {"name": "Ann Miller", "addressLine1": "S 1", "city": "Bonn", "postalCode": "53111", "countryCode": "DE"}
# What is shown of an order, and of its lines, only where it is asked for.
DATA = {"buyer": "BUYER", "recipient": "RECIPIENT", "proceeds": "PROCEEDS", "fulfillment": "FULFILLMENT"}
DATA |= {"cancellation": "CANCELLATION"}
numbers = count(1)


def eur(amount):
    return {"currencyCode": "EUR", "amount": f"{amount}"}


def bought(pk, *lines, status="UNSHIPPED", changed=None):
    """Return an order of lines (SKU, pieces, price of one), for the fake's `orders`."""
    ident, changed = f"902-{pk:07}-0000000", changed or iso(datetime.now(UTC))
    total = sum(pieces * price for _, pieces, price in lines)
    items = [line(f"{pk}{n}", *said) for n, said in enumerate(lines, 1)]
    head = {"orderId": ident, "createdTime": changed, "lastUpdatedTime": changed, "orderItems": items}
    head |= {"salesChannel": {"channelName": "AMAZON", "marketplaceId": MARKETPLACE}}
    head |= {"buyer": {"buyerEmail": f"{pk}@marketplace.example"}, "recipient": {"deliveryAddress": ADDRESS}}
    head |= {"proceeds": {"grandTotal": eur(total)}}
    head |= {"fulfillment": {"fulfillmentStatus": status, "fulfilledBy": "MERCHANT"}}
    return {"id": ident, "total": f"{total}", "changed": changed, "head": head}


def line(ident, sku, pieces, price):
    goods = {"sellerSku": sku, "title": sku, "price": {"unitPrice": eur(price)}}
    said = {"orderItemId": ident, "quantityOrdered": pieces, "product": goods}
    said |= {"proceeds": {"breakdowns": [{"type": "ITEM", "subtotal": eur(pieces * price)}]}}
    return said | {"fulfillment": {"quantityFulfilled": 0}}


def iso(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def answer(shop, method, path, query, said, headers):
    """Return (status, what is answered)."""
    if path == "/auth/o2/token":
        return log_in(shop, said)
    if headers.get("x-amz-access-token") not in shop.tokens:
        return 403, error("Unauthorized", "The access token you provided has expired.")
    for pattern, act in CALLS.items():
        found = re.fullmatch(pattern, f"{method} {path}")
        if found:
            return act(shop, query, said, *map(unquote, found.groups()))
    return 404, error("NotFound", f"No {method} {path}")


def error(code, message):
    return {"errors": [{"code": code, "message": message, "details": ""}]}


def log_in(shop, said):
    if said != KEYS:
        return 400, {"error": "invalid_grant", "error_description": "The request has an invalid grant parameter"}
    shop.logins += 1
    made = f"Atza|{next(numbers)}"
    shop.tokens.append(made)
    return 200, {"access_token": made, "token_type": "bearer", "expires_in": 3600}


def orders(shop, query, said):
    assert (query["marketplaceIds"], query["fulfilledBy"]) == ([MARKETPLACE], ["MERCHANT"])
    rows = [shown(shop, row, query) for row in shop.orders if is_asked(row, query)]
    size = int(query["maxResultsPerPage"][0])
    page = int(query.get("paginationToken", ["1"])[0].rstrip("+/="))
    found = {"orders": rows[(page - 1) * size : page * size], "lastUpdatedBefore": iso(datetime.now(UTC))}
    return 200, found | ({"pagination": {"nextToken": f"{page + 1}+/="}} if page * size < len(rows) else {})


def is_asked(row, query):
    if "createdAfter" in query:
        return query["createdAfter"][0] <= row["head"]["createdTime"] <= query["createdBefore"][0]
    return query["lastUpdatedAfter"][0] <= row["changed"] <= query.get("lastUpdatedBefore", ["9"])[0]


def shown(shop, row, query):
    """Return an order as it is now, with the data sets that are asked for."""
    head, ident, items = row["head"], row["id"], row["head"]["orderItems"]
    gone = {item["orderItemId"]: shipped(shop, ident, item) for item in items}
    status = head["fulfillment"]["fulfillmentStatus"]
    if not any(item["quantityOrdered"] - gone[item["orderItemId"]] for item in items):
        status = "SHIPPED"
    if life_of(shop, ident)["cancelled"]:
        status = "CANCELLED"
    now = [item | {"fulfillment": {"quantityFulfilled": gone[item["orderItemId"]]}} for item in items]
    head = head | {"fulfillment": head["fulfillment"] | {"fulfillmentStatus": status}}
    asked = query["includedData"][0].split(",")
    return part(head, asked) | {"orderItems": [part(item, asked) for item in now]}


def part(row, asked):
    return {name: value for name, value in row.items() if name not in DATA or DATA[name] in asked}


def order_of(shop, ident):
    return next((row for row in shop.orders if row["id"] == ident), None)


def life_of(shop, ident):
    """Return what became of an order there: its packages {reference: detail}."""
    return shop.lives.setdefault(ident, {"packages": {}, "cancelled": ""})


def show(shop, query, said, ident):
    row = order_of(shop, ident)
    return (200, {"order": shown(shop, row, query)}) if row else (404, error("NotFound", "No such order."))


def shipped(shop, ident, item):
    lines = [one for package in life_of(shop, ident)["packages"].values() for one in package["orderItems"]]
    gone = sum(one["quantity"] for one in lines if one["orderItemId"] == item["orderItemId"])
    return gone + item["fulfillment"]["quantityFulfilled"]


def confirm(shop, query, said, ident):
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
        item["orderItemId"]: item["quantityOrdered"] - shipped(shop, ident, item)
        for item in order_of(shop, ident)["head"]["orderItems"]
    }
    if any(pieces > left.get(line, 0) for line, pieces in asked.items()):
        packages |= {one["packageReferenceId"]: before} if before else {}
        return 400, error("InvalidInput", "Order already fulfilled.")
    packages[one["packageReferenceId"]] = one
    return 204, None


def cancel(shop, query, said, ident):
    assert said["cancelReasonCode"] in ("NO_INVENTORY", "BUYER_CANCELLED")
    if life_of(shop, ident)["packages"]:
        return 400, error("InvalidInput", "The order has shipped.")
    life_of(shop, ident)["cancelled"] = said["cancelReasonCode"]
    return 202, None  # it is under way


def search(shop, query, said, seller):
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


def patch(shop, query, said, seller, sku):
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


ORDERS = "/orders/2026-01-01/orders"
CALLS = {
    f"GET {ORDERS}": orders,
    f"GET {ORDERS}/([^/]+)": show,
    f"PUT {ORDERS}/([^/]+)/cancellation": cancel,
    "POST /orders/v0/orders/([^/]+)/shipmentConfirmation": confirm,
    "GET /listings/2021-08-01/items/([^/]+)": search,
    "PATCH /listings/2021-08-01/items/([^/]+)/([^/]+)": patch,
}

"""The parts of Shopify's Admin API that we call, as its documentation says they answer."""

import re
from decimal import Decimal

PAGE = 2
MOST_QUANTITIES = 250


def answer(shop, method, path, query, said):
    """Return (status, what is answered)."""
    if path != "/admin/api/2025-01/graphql.json":
        return rest(shop, method, path.removeprefix("/admin/api/2025-01/").removesuffix(".json"), said)
    text, values = said["query"], said["variables"]
    [act] = [act for name, act in CALLS.items() if f"{name}(" in text]
    return 200, {"data": act(shop, values)}


def gid(kind, ident):
    return f"gid://shopify/{kind}/{ident}"


def bare(ident):
    return ident.rpartition("/")[2]


def locations(shop, values):
    rows = [{"id": gid("Location", ident), "name": name} for ident, name in shop.places.items()]
    return {"location": rows and {"id": rows[0]["id"]}, "locations": page(rows, values.get("after"))}


def items(shop, values):
    return {"inventoryItems": page([_item(ident, item) for ident, item in shop.goods.items()], values["after"])}


def item(shop, values):
    return {"inventoryItem": _item(bare(values["id"]), shop.goods[bare(values["id"])], values["after"])}


def page(rows, after):
    begin = int(after or 0)
    info = {"hasNextPage": begin + PAGE < len(rows), "endCursor": str(begin + PAGE)}
    return {"nodes": rows[begin : begin + PAGE], "pageInfo": info}


def _item(ident, item, after=None):
    levels = [
        {"location": {"id": gid("Location", place)}, "quantities": [{"name": "available", "quantity": pieces}]}
        for place, pieces in item["levels"].items()
    ]
    return {
        "id": gid("InventoryItem", ident),
        "sku": item["sku"],
        "tracked": item.get("tracked", True),
        "variant": {"displayName": f"The {item['sku']}"},
        "inventoryLevels": page(levels, after),
    }


def set_quantities(shop, values):
    rows = values["input"]["quantities"]
    assert values["input"]["name"] == "available"
    assert 0 < len(rows) <= MOST_QUANTITIES
    errors = []
    for i, row in enumerate(rows):
        item = shop.goods.get(bare(row["inventoryItemId"]))
        if item is None or bare(row["locationId"]) not in item["levels"] or item["sku"] in shop.refuses:
            field = ["input", "quantities", str(i), "inventoryItemId"]
            errors.append({"field": field, "code": "INVALID_INVENTORY_ITEM", "message": "No such item."})
    if not errors:
        shop.set_sizes.append(len(rows))
        for row in rows:
            shop.goods[bare(row["inventoryItemId"])]["levels"][bare(row["locationId"])] = row["quantity"]
    return {"inventorySetQuantities": {"userErrors": errors}}


CALLS = {
    "locations": locations,
    "inventoryItem": item,
    "inventoryItems": items,
    "inventorySetQuantities": set_quantities,
}


def rest(shop, method, path, said):
    for pattern, act in REST.items():
        found = re.fullmatch(pattern, f"{method} {path}")
        if found:
            return act(shop, said, *found.groups())
    return 404, {"errors": "Not Found"}


def life_of(shop, order):
    """Return what became of an order there."""
    fresh = {"fulfilments": [], "refunds": [], "cancelled_at": None}
    return shop.lives.setdefault(order, fresh)


def document(shop, order):
    return next(row for row in shop.orders if str(row["id"]) == order)


def pieces_left(shop, order):
    """Return {line: pieces} that neither left nor were cancelled."""
    life, left = life_of(shop, order), {line["id"]: line["quantity"] for line in document(shop, order)["line_items"]}
    for one in life["fulfilments"]:
        for line in one["line_items"] if one["status"] == "success" else []:
            left[line["id"]] -= line["quantity"]
    for line in cancelled_lines(life):
        left[line["line_item_id"]] -= line["quantity"]
    return left


def cancelled_lines(life):
    lines = [line for one in life["refunds"] for line in one["refund_line_items"]]
    return [line for line in lines if line["restock_type"] == "cancel"]


def show(shop, said, order):
    life, rows = life_of(shop, order), []
    for line in document(shop, order)["line_items"]:
        gone = sum(one["quantity"] for one in cancelled_lines(life) if one["line_item_id"] == line["id"])
        rows.append(line | {"current_quantity": line["quantity"] - gone})
    return 200, {"order": {"id": int(order), "cancelled_at": life["cancelled_at"], "line_items": rows}}


def change(shop, said, order):
    """Fields of the order that the REST API updates; any other is left as it is, without a word."""
    said, row = said["order"], document(shop, order)
    assert str(said["id"]) == order
    row |= {name: said[name] for name in ("email", "note") if name in said}
    if "shipping_address" in said:
        row["shipping_address"] = row["shipping_address"] | said["shipping_address"]
    return show(shop, None, order)


def fulfilments(shop, said, order):
    return 200, {"fulfillments": life_of(shop, order)["fulfilments"]}


def fulfilment_orders(shop, said, order):
    items = [
        {"id": line * 10, "line_item_id": line, "fulfillable_quantity": pieces, "quantity": pieces}
        for line, pieces in pieces_left(shop, order).items()
    ]
    row = {"id": int(order) * 10, "status": "open", "assigned_location_id": 1, "line_items": items}
    return 200, {"fulfillment_orders": [row]}


def fulfil(shop, said, *_):
    said = said["fulfillment"]
    [asked] = said["line_items_by_fulfillment_order"]
    order = str(asked["fulfillment_order_id"] // 10)
    lines = [{"id": row["id"] // 10, "quantity": row["quantity"]} for row in asked["fulfillment_order_line_items"]]
    left = pieces_left(shop, order)
    if any(line["quantity"] > left[line["id"]] for line in lines):
        return 422, {"errors": {"base": ["Invalid fulfillment order line item quantity requested."]}}
    numbers = [said["tracking_info"]["number"]] if "tracking_info" in said else []
    made = {"id": next(shop.ids), "status": "success", "tracking_numbers": numbers, "line_items": lines}
    life_of(shop, order)["fulfilments"].append(made | {"order_id": int(order)})
    return 201, {"fulfillment": made}


def unfulfil(shop, said, ident):
    [one] = [one for life in shop.lives.values() for one in life["fulfilments"] if str(one["id"]) == ident]
    one["status"] = "cancelled"
    return 200, {"fulfillment": one}


def cancel(shop, said, order):
    life = life_of(shop, order)
    if any(one["status"] == "success" for one in life["fulfilments"]) or life["cancelled_at"]:
        return 422, {"errors": "Cannot cancel the order."}
    life["cancelled_at"] = "2026-03-02T12:00:00Z"
    return 200, {"order": {"id": int(order)}}


def refunds(shop, said, order):
    return 200, {"refunds": life_of(shop, order)["refunds"]}


def transactions(shop, said, order):
    sale = {"id": 1, "kind": "sale", "status": "success", "gateway": "card"}
    rows = [sale | {"amount": document(shop, order)["total_price"]}]
    back = [row for one in life_of(shop, order)["refunds"] for row in one["transactions"]]
    return 200, {"transactions": rows + back}


def refund(shop, said, order):
    said, left = said["refund"], pieces_left(shop, order)
    lines = said.get("refund_line_items", [])
    if any(line["quantity"] > left[line["line_item_id"]] for line in lines):
        return 422, {"errors": {"base": ["Cannot refund more items than were purchased"]}}
    paid = Decimal(document(shop, order)["total_price"])
    moves = [row | {"id": next(shop.ids), "status": "success"} for row in said.get("transactions", [])]
    known = [row for one in life_of(shop, order)["refunds"] for row in one["transactions"]]
    if sum(Decimal(row["amount"]) for row in known + moves) > paid:
        return 422, {"errors": {"base": ["Refund amount exceeds what was paid"]}}
    made = {"id": next(shop.ids), "order_id": int(order), "note": said["note"], "refund_line_items": lines}
    made["transactions"] = moves
    life_of(shop, order)["refunds"].append(made)
    return 201, {"refund": made}


REST = {
    r"GET orders/(\d+)": show,
    r"PUT orders/(\d+)": change,
    r"GET orders/(\d+)/fulfillments": fulfilments,
    r"GET orders/(\d+)/fulfillment_orders": fulfilment_orders,
    "POST fulfillments": fulfil,
    r"POST fulfillments/(\d+)/cancel": unfulfil,
    r"POST orders/(\d+)/cancel": cancel,
    r"GET orders/(\d+)/refunds": refunds,
    r"GET orders/(\d+)/transactions": transactions,
    r"POST orders/(\d+)/refunds": refund,
}

"""The parts of Shopify's GraphQL Admin API that we call, as its documentation says they answer."""

PAGE = 2
MOST_QUANTITIES = 250


def answer(shop, method, path, query, said):
    """Return (status, what is answered)."""
    assert (method, path) == ("POST", "/admin/api/2025-01/graphql.json")
    text, values = said["query"], said["variables"]
    [act] = [act for name, act in CALLS.items() if f"{name}(" in text]
    return 200, {"data": act(shop, values)}


def gid(kind, ident):
    return f"gid://shopify/{kind}/{ident}"


def bare(ident):
    return ident.rpartition("/")[2]


def locations(shop, values):
    rows = [{"id": gid("Location", ident), "name": name} for ident, name in shop.places.items()]
    return {"location": rows and {"id": rows[0]["id"]}, "locations": {"nodes": rows}}


def items(shop, values):
    begin = int(values["after"] or 0)
    rows = [_item(ident, item) for ident, item in list(shop.goods.items())[begin : begin + PAGE]]
    more = begin + PAGE < len(shop.goods)
    return {
        "inventoryItems": {"nodes": rows, "pageInfo": {"hasNextPage": more, "endCursor": str(begin + PAGE)}},
    }


def _item(ident, item):
    levels = [
        {"location": {"id": gid("Location", place)}, "quantities": [{"name": "available", "quantity": pieces}]}
        for place, pieces in item["levels"].items()
    ]
    return {
        "id": gid("InventoryItem", ident),
        "sku": item["sku"],
        "tracked": item.get("tracked", True),
        "variant": {"displayName": f"The {item['sku']}"},
        "inventoryLevels": {"nodes": levels},
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
    "inventoryItems": items,
    "inventorySetQuantities": set_quantities,
}

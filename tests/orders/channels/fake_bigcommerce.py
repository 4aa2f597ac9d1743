"""The parts of BigCommerce's inventory API that we call, as its documentation says they answer."""

from orders.channels.bigcommerce import stock

GONE = {"status": 422, "title": "Variants not found, identities: [3]", "errors": {}}


def answer(shop, method, path, query, said):
    """Return (status, what is answered)."""
    call = f"{method} {path.removeprefix('/v3/inventory/')}"
    if call == "GET locations":
        return page([{"id": int(ident), "label": name, "enabled": True} for ident, name in shop.places.items()], query)
    if call == "GET items":
        return page([row(ident, item) for ident, item in shop.goods.items()], query)
    assert call == "PUT adjustments/absolute"
    return set_levels(shop, said["items"])


def row(ident, item):
    levels = [
        {"location_id": int(place), "available_to_sell": pieces, "total_inventory_onhand": pieces}
        for place, pieces in item["levels"].items()
    ]
    return {"identity": {"sku": item["sku"], "variant_id": int(ident), "product_id": 7}, "locations": levels}


def page(rows, query):
    size = int(query["limit"][0])
    end = int(query["page"][0]) * size
    return 200, {"data": rows[end - size : end], "meta": {"pagination": {"total": len(rows)}}}


def set_levels(shop, rows):
    assert 0 < len(rows) <= stock.MOST_ITEMS
    if any(shop.goods[str(one["variant_id"])]["sku"] in shop.refuses for one in rows):
        return 422, GONE
    shop.set_sizes.append(len(rows))
    for one in rows:
        shop.goods[str(one["variant_id"])]["levels"][str(one["location_id"])] = one["quantity"]
    return 200, {"transaction_id": "97a73cdd"}

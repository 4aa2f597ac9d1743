"""The parts of WooCommerce's REST API v3 that we call, as its documentation says they answer."""

import re

GONE = {"code": "woocommerce_rest_product_invalid_id", "message": "Invalid ID.", "data": {"status": 400}}


def answer(shop, method, path, query, said):
    """Return (status, what is answered)."""
    for pattern, act in CALLS.items():
        found = re.fullmatch(f"/wp-json/wc/v3/{pattern}", path)
        if found:
            return act(shop, method, query, said, *found.groups())
    return 404, {"code": "rest_no_route", "message": "No route was found.", "data": {"status": 404}}


def products(shop, method, query, said):
    parents = {item["parent"] for item in shop.goods.values()} - {""}
    rows = [_row(ident, item) for ident, item in shop.goods.items() if not item["parent"]]
    rows += [{"id": int(ident), "type": "variable", "name": "Shirt", "manage_stock": False} for ident in parents]
    return _page(rows, query)


def variations(shop, method, query, said, parent):
    return _page([_row(ident, item) for ident, item in shop.goods.items() if item["parent"] == parent], query)


def set_products(shop, method, query, said, parent=""):
    rows = said["update"]
    assert 0 < len(rows) <= 100
    answered = [_set(shop, row, parent) for row in rows]
    shop.set_sizes.append(len(rows))
    return 200, {"update": answered}


def _set(shop, row, parent):
    item = shop.goods.get(str(row["id"]))
    if item is None or item["parent"] != parent or item["sku"] in shop.refuses:
        return {"id": row["id"], "error": GONE}
    item["levels"][""] = row["stock_quantity"]
    return _row(row["id"], item)


def _row(ident, item):
    manages = {"manage_stock": item.get("tracked", True), "stock_quantity": item["levels"][""]}
    return {"id": int(ident), "sku": item["sku"], "name": f"The {item['sku']}", "type": "simple"} | manages


def _page(rows, query):
    size = int(query["per_page"][0])
    end = int(query["page"][0]) * size
    return 200, sorted(rows, key=lambda row: row["id"])[end - size : end]


CALLS = {
    "products": products,
    r"products/(\d+)/variations": variations,
    "products/batch": set_products,
    r"products/(\d+)/variations/batch": set_products,
}

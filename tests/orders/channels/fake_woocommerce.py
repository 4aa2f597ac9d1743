"""The parts of WooCommerce's REST API v3 that we call, as its documentation says they answer."""

import re
from decimal import Decimal

GONE = {"code": "woocommerce_rest_product_invalid_id", "message": "Invalid ID.", "data": {"status": 400}}


def answer(shop, method, path, query, said):
    """Return (status, what is answered)."""
    for pattern, act in ORDERS.items():
        found = re.fullmatch(rf"{pattern}", f"{method} {path.removeprefix('/wp-json/')}")
        if found and (shop.has_tracking or "tracking" not in pattern):
            return act(shop, said, *found.groups())
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


def life_of(shop, order):
    """Return what became of an order there."""
    fresh = {"trackings": [], "notes": [], "refunds": [], "status": "processing"}
    return shop.lives.setdefault(order, fresh)


def document(shop, order):
    return next(row for row in shop.orders if str(row["id"]) == order)


def show(shop, said, order):
    return 200, document(shop, order) | {"status": life_of(shop, order)["status"]}


def change(shop, said, order):
    row, said = document(shop, order), dict(said)
    life_of(shop, order)["status"] = said.pop("status", life_of(shop, order)["status"])
    for line in said.pop("line_items", []):
        _set_line(shop, row["line_items"], line)
    for name in ("billing", "shipping"):
        row[name] = row.get(name, {}) | said.pop(name, {})
    row |= {"customer_note": said.pop("customer_note", ""), "total": _total(row)}
    assert not said
    return show(shop, None, order)


def _set_line(shop, rows, said):
    """Set a line by its id, or add one of a product that it sells."""
    if "id" in said:
        next(row for row in rows if row["id"] == said["id"]).update(said)
        return
    item = shop.goods[str(said["variation_id"] or said["product_id"])]
    assert item["parent"] == (str(said["product_id"]) if said["variation_id"] else "")
    rows.append(said | {"id": 100 + next(shop.ids), "sku": item["sku"], "name": f"The {item['sku']}"})


def _total(row):
    rows = [*row["line_items"], *row.get("shipping_lines", [])]
    return f"{sum(Decimal(one['total']) for one in rows)}"


def rows_of(name):
    return lambda shop, said, order: (200, life_of(shop, order)[name])


def add(name, ident="id"):
    def act(shop, said, order):
        life_of(shop, order)[name].append(said | {ident: next(shop.ids)})
        return 201, life_of(shop, order)[name][-1]

    return act


def drop_tracking(shop, said, order, ident):
    rows = life_of(shop, order)["trackings"]
    rows[:] = [row for row in rows if str(row["tracking_id"]) != ident]
    return 200, {}


def refund(shop, said, order):
    if shop.refuses:
        return 500, {"code": "woocommerce_rest_cannot_create_order_refund", "message": "The gateway cannot refund."}
    assert said["api_refund"] is True
    return add("refunds")(shop, said, order)


TRACKED = r"wc-shipment-tracking/v3/orders/(\d+)/shipment-trackings"
ORDERS = {
    r"GET wc/v3/orders/(\d+)": show,
    r"PUT wc/v3/orders/(\d+)": change,
    r"GET wc/v3/orders/(\d+)/notes": rows_of("notes"),
    r"POST wc/v3/orders/(\d+)/notes": add("notes"),
    r"GET wc/v3/orders/(\d+)/refunds": rows_of("refunds"),
    r"POST wc/v3/orders/(\d+)/refunds": refund,
    f"GET {TRACKED}": rows_of("trackings"),
    f"POST {TRACKED}": add("trackings", "tracking_id"),
    rf"DELETE {TRACKED}/(\d+)": drop_tracking,
}

"""The parts of BigCommerce's V2 and V3 that we call, as its documentation says they answer.

An order goes to the address that its first consignment is; goods with a parent are counted as variants of it.
"""

import re
from decimal import Decimal

PERSON = {"first_name": "Ann", "last_name": "Miller", "company": "", "street_1": "S 1", "street_2": "", "city": "Bonn"}
PERSON |= {"state": "", "zip": "53111", "country_iso2": "DE", "phone": ""}
WRITABLE = {"status_id", "staff_notes", "billing_address", "customer_message"}

SHIPMENT = {"order_address_id", "items", "tracking_number", "shipping_provider", "comments"}


def bought(quantity, price="10.00", *, pk=5001):
    """Return an order of so many mugs, paid by card, for the fake's `orders`."""
    total = f"{quantity * Decimal(price)}"
    goods = {"id": 61, "order_id": pk, "sku": "MUG", "name": "Mug", "quantity": quantity, "type": "physical"}
    goods |= {"price_ex_tax": price, "total_ex_tax": total, "total_tax": "0.0000", "order_address_id": 41}
    head = {"id": pk, "status_id": 11, "currency_code": "EUR", "total_inc_tax": total, "total_tax": "0.0000"}
    head |= {"payment_status": "captured", "payment_method": "Card", "staff_notes": "", "customer_message": ""}
    head |= {
        "date_modified": "Mon, 02 Mar 2026 09:00:00 +0000",
        "billing_address": PERSON | {"email": "ann@example.com"},
    }
    return head | {"consignments": {"shipping": [PERSON | {"id": 41, "line_items": [goods]}]}}


def answer(shop, method, path, query, said):
    """Return (status, what is answered)."""
    for pattern, act in CALLS.items():
        found = re.fullmatch(pattern, f"{method} {path}")
        if found:
            return act(shop, query if said is None else said, *found.groups())
    return 404, [{"status": 404, "message": "The requested resource was not found."}]


def document(shop, order):
    return next(row for row in shop.orders if str(row["id"]) == order)


def goods_of(shop, order):
    return [line for one in document(shop, order)["consignments"]["shipping"] for line in one["line_items"]]


def life_of(shop, order="5001"):
    """Return what became of an order there."""
    return shop.lives.setdefault(order, {"shipments": [], "refunds": []})


def show(shop, said, order):
    return 200, document(shop, order)


def change(shop, said, order):
    row = document(shop, order)
    assert said.keys() <= WRITABLE
    if "zip" not in said.get("billing_address", {"zip": ""}):
        return 400, [{"status": 400, "message": "The billing address must include the ZIP code."}]
    row |= said | {"billing_address": row["billing_address"] | said.get("billing_address", {})}
    return 200, row


def products(shop, said, order):
    return 200, goods_of(shop, order)


def addresses(shop, said, order):
    return 200, document(shop, order)["consignments"]["shipping"]


def move(shop, said, order, ident):
    [one] = [one for one in document(shop, order)["consignments"]["shipping"] if str(one["id"]) == ident]
    one |= said
    return 200, one


def shipments(shop, said, order):
    rows = life_of(shop, order)["shipments"]
    return (200, rows) if rows else (204, None)


def ship(shop, said, order):
    assert said.keys() - {"tracking_link"} == SHIPMENT
    assert said.get("tracking_link") != ""
    assert said["shipping_provider"] in ("", "auspost", "canadapost", "usps", "fedex", "royalmail", "ups")
    rows = life_of(shop, order)["shipments"]
    gone = [item for row in rows for item in row["items"]]
    for item in said["items"]:
        [line] = [line for line in goods_of(shop, order) if line["id"] == item["order_product_id"]]
        left = line["quantity"] - sum(one["quantity"] for one in gone if one["order_product_id"] == line["id"])
        if item["quantity"] > left or line["order_address_id"] != said["order_address_id"]:
            return 400, [{"status": 400, "message": "The quantity of an item is invalid."}]
    rows.append(said | {"id": next(shop.ids), "order_id": int(order)})
    return 201, rows[-1]


def unship(shop, said, order, ident):
    rows = life_of(shop, order)["shipments"]
    rows[:] = [row for row in rows if str(row["id"]) != ident]
    return 204, None


def refunds(shop, said, order):
    return 200, {"data": life_of(shop, order)["refunds"], "meta": {}}


def quote(shop, said, order):
    """What can be given back: as credit, by hand, or, where the test says so, over the card."""
    [item] = said["items"]
    assert (item["item_type"], item["item_id"]) == ("ORDER", int(order))
    ways = [("storecredit", False), ("custom", True), *([] if "card" in shop.refuses else [("card", False)])]
    methods = [[{"provider_id": name, "amount": item["amount"], "offline": offline}] for name, offline in ways]
    return 201, {"data": {"total_refund_amount": item["amount"], "refund_methods": methods}, "meta": {}}


def refund(shop, said, order):
    [item], [payment] = said["items"], said["payments"]
    assert payment == {"provider_id": "card", "amount": item["amount"], "offline": False}
    is_declined = "refunds" in shop.refuses
    payment |= {"is_declined": is_declined, "declined_message": "The card has expired." if is_declined else ""}
    made = {"id": next(shop.ids), "order_id": int(order), "reason": "", "total_amount": item["amount"]}
    life_of(shop, order)["refunds"].append(made | {"items": [item], "payments": [payment]})
    return 201, {"data": life_of(shop, order)["refunds"][-1], "meta": {}}


# goods


def locations(shop, query):
    return page([{"id": int(ident), "label": name} for ident, name in shop.places.items()], query)


def catalogue(shop, query):
    rows = {}
    for ident, item in shop.goods.items():
        kind = "variant" if item["parent"] else "product"
        tracking = kind if item.get("tracked", True) else "none"
        pk = int(item["parent"] or ident)
        rows[pk] = {"id": pk, "name": f"The {item['sku']}", "sku": item["sku"], "inventory_tracking": tracking}
    return page(list(rows.values()), query)


def items(shop, query):
    wanted = query["product_id:in"][0].split(",")
    found = []
    for ident, item in shop.goods.items():
        product = item["parent"] or ident
        levels = [{"location_id": int(place), "total_inventory_onhand": n} for place, n in item["levels"].items()]
        # A product that is counted as a whole may have several variants.
        variants = [int(ident)] if item["parent"] else [10_000 + int(ident), 20_000 + int(ident)]
        for variant in variants if product in wanted else []:
            identity = {"sku": item["sku"], "variant_id": variant, "product_id": int(product)}
            found.append({"identity": identity, "locations": levels})
    return page(found, query)


def adjust(shop, said):
    """All or none, and what is counted as a whole by no variant of it."""
    by_id = {("variant_id" if item["parent"] else "product_id", int(ident)): item for ident, item in shop.goods.items()}
    asked = [
        (next((name, row[name]) for name in ("product_id", "variant_id") if name in row), row) for row in said["items"]
    ]
    for who, _ in asked:
        if who not in by_id or by_id[who]["sku"] in shop.refuses:
            return 422, {"status": 422, "title": f"Item with {who[0]} {who[1]} is not tracked.", "errors": {}}
    for who, row in asked:
        by_id[who]["levels"][str(row["location_id"])] = row["quantity"]
    shop.set_sizes.append(len(asked))
    return 200, {"transaction_id": "t1"}


def page(rows, query):
    size, number = int(query["limit"][0]), int(query["page"][0])
    return 200, {"data": rows[(number - 1) * size : number * size], "meta": {"pagination": {"total": len(rows)}}}


ORDER, PAYMENTS = r"/v2/orders/(\d+)", r"/v3/orders/(\d+)/payment_actions"
CALLS = {
    f"GET {ORDER}": show,
    f"PUT {ORDER}": change,
    f"GET {ORDER}/products": products,
    f"GET {ORDER}/shipping_addresses": addresses,
    rf"PUT {ORDER}/shipping_addresses/(\d+)": move,
    f"GET {ORDER}/shipments": shipments,
    f"POST {ORDER}/shipments": ship,
    rf"DELETE {ORDER}/shipments/(\d+)": unship,
    f"GET {PAYMENTS}/refunds": refunds,
    f"POST {PAYMENTS}/refund_quotes": quote,
    f"POST {PAYMENTS}/refunds": refund,
    "GET /v3/inventory/locations": locations,
    "GET /v3/inventory/items": items,
    "GET /v3/catalog/products": catalogue,
    "PUT /v3/inventory/adjustments/absolute": adjust,
}

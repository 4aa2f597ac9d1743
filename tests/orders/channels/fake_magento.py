"""The parts of Magento 2's REST API that we call, as its reference and its source say they answer."""

import re
from decimal import Decimal

from orders.channels import poll

ADDRESS = {"firstname": "Ann", "lastname": "M", "street": ["S 1"], "city": "Bonn", "postcode": "53111"}
ADDRESS |= {"country_id": "DE", "telephone": "0228", "email": "ann@example.com", "parent_id": 5001}
MOST_QUERY = 8000
SEARCH = re.compile(r"searchCriteria\[filterGroups\]\[\d+\]\[filters\]\[0\]\[(field|value|conditionType)\]")


def order(quantity=3, **fields):
    """An order of mugs, configurable goods: the row that is ordered, and the simple one that it stands for."""
    head = {"item_id": 1, "sku": "MUG", "name": "Mug", "product_type": "configurable", "price": 9.5}
    counts = {"qty_ordered": quantity, "qty_shipped": 0, "qty_invoiced": 0, "qty_refunded": 0, "qty_canceled": 0}
    part = {"item_id": 2, "parent_item_id": 1, "sku": "MUG", "name": "Mug", "product_type": "simple", "price": 0}
    return {
        "entity_id": 5001,
        "increment_id": "000005001",
        "order_currency_code": "EUR",
        "base_currency_code": "EUR",
        "grand_total": 9.5 * quantity,
        "total_paid": 9.5 * quantity,
        "state": "processing",
        "status": "processing",
        "updated_at": "2026-03-02 09:00:00",
        "items": [head | counts | {"row_total": 9.5 * quantity}, part | counts | {"row_total": 0}],
        "payment": {"method": "paypal", "last_trans_id": "T1"},
        "billing_address": ADDRESS | {"entity_id": 61, "address_type": "billing"},
        "extension_attributes": {
            "shipping_assignments": [{"shipping": {"address": ADDRESS | {"entity_id": 62, "address_type": "shipping"}}}]
        },
    } | fields


def invoice(**fields):
    """The invoice of that order, which a gateway captured."""
    made = {"entity_id": 301, "order_id": 5001, "transaction_id": "T1", "items": [{"order_item_id": 1}]}
    return made | {"grand_total": 28.5, "order_currency_code": "EUR", "base_currency_code": "EUR"} | fields


def life_of(shop, order="5001"):
    """Return what became of an order there; comments are {(document, its id): texts}."""
    return shop.lives.setdefault(order, {"shipments": [], "creditmemos": [], "invoices": [invoice()], "comments": {}})


def answer(shop, method, path, query, said):
    """Return (status, what is answered)."""
    for pattern, act in CALLS.items():
        found = re.fullmatch(pattern, f"{method} {path.removeprefix('/rest/V1/')}")
        if found:
            return act(shop, _wanted(query) if method == "GET" else said, *found.groups())
    return 404, {"message": "Request does not match any route."}


def _wanted(query):
    """Return {field: value} of a search, all conditions of which must be met."""
    assert sum(map(len, map(str, query.items()))) < MOST_QUERY
    parts = {}
    for name, [value] in query.items():
        if found := SEARCH.fullmatch(name):
            parts.setdefault(name.partition("[filters]")[0], {})[found[1]] = value
    found = {part["field"]: part["value"] for part in parts.values()}
    return found | {"page": int(query.get("searchCriteria[currentPage]", ["1"])[0])}


def _found(rows, wanted):
    size = poll.PER_PAGE
    end = min(wanted["page"], max(-(-len(rows) // size), 1)) * size  # the last page for any after it
    return 200, {"items": rows[end - size : end], "total_count": len(rows)}


def refusal(text, *given):
    return 400, {"message": text, "parameters": list(given)}


# stock


def sources(shop, wanted):
    if not shop.places:
        return 404, {"message": "Request does not match any route."}
    rows = [{"source_code": code, "name": name, "enabled": True} for code, name in shop.places.items()]
    return _found([*rows, {"source_code": "old", "name": "Old", "enabled": False}], wanted)


def products(shop, wanted):
    assert wanted["type_id"] == "configurable,bundle,grouped"
    return _found([{"sku": item["sku"], "name": f"The {item['sku']}"} for item in shop.goods.values()], wanted)


def source_items(shop, wanted):
    skus = wanted["sku"].split(",")
    rows = [
        {"sku": item["sku"], "source_code": source, "quantity": pieces, "status": 1}
        for item in shop.goods.values()
        for source, pieces in item["levels"].items()
    ]
    return _found([row for row in rows if row["sku"] in skus], wanted)


def set_source_items(shop, said):
    """Set all or none; what was at no source before would be from now on."""
    for row in said["sourceItems"]:
        if row["sku"] in shop.refuses:
            return refusal("Product with SKU %1 does not exist", row["sku"])
    for row in said["sourceItems"]:
        levels_of(shop, row["sku"])[row["source_code"]] = row["quantity"]
        assert row["status"] == (1 if row["quantity"] else 0)
    shop.set_sizes.append(len(said["sourceItems"]))
    return 200, []


def levels_of(shop, sku):
    return next((item["levels"] for item in shop.goods.values() if item["sku"] == sku), {})


# orders


def document(shop, order):
    return next(row for row in shop.orders if str(row["entity_id"]) == order)


def of_order(name):
    def act(shop, wanted):
        rows = life_of(shop, wanted["order_id"])[name]
        return _found([row | {"comments": None} for row in rows], wanted)  # as lists of documents show them

    return act


def comments(shop, wanted, kind, ident):
    texts = life_of(shop)["comments"].get((kind, ident), [])
    return 200, {"items": [{"comment": text} for text in texts]}


def comment(shop, said, kind, ident):
    [(name, row)] = said.items()
    assert name == ("statusHistory" if kind == "orders" else "entity")
    assert row["is_visible_on_front"] == row["is_customer_notified"] == 0
    assert kind != "orders" or row["status"] == document(shop, ident)["status"]  # without one the order would lose its
    return note(shop, kind, ident, row["comment"])


def note(shop, kind, ident, text):
    life_of(shop)["comments"].setdefault((kind, str(ident)), []).append(text)
    return 200, True


def ship(shop, said, order):
    assert (said["notify"], said["comment"]["is_visible_on_front"]) == (False, 0)
    source = said.get("arguments", {}).get("extension_attributes", {}).get("source_code")
    rows = {row["item_id"]: row for row in document(shop, order)["items"]}
    for one in said["items"]:
        row = rows[one["order_item_id"]]
        if "parent_item_id" in row or one["qty"] > row["qty_ordered"] - row["qty_shipped"] - row["qty_canceled"]:
            return refusal('We found an invalid quantity to ship for item "%1".', row["name"])
        row["qty_shipped"] += one["qty"]
        if source:
            levels_of(shop, row["sku"])[source] -= one["qty"]
    shipment = {"entity_id": next(shop.ids), "order_id": int(order), "items": said["items"]}
    shipment["tracks"] = [track | {"entity_id": next(shop.ids)} for track in said.get("tracks", [])]
    life_of(shop, order)["shipments"].append(shipment)
    note(shop, "shipment", shipment["entity_id"], said["comment"]["comment"])
    return 200, shipment["entity_id"]


def add_track(shop, said):
    track = said["entity"]
    [shipment] = [one for one in life_of(shop)["shipments"] if one["entity_id"] == track["parent_id"]]
    shipment["tracks"].append(track | {"entity_id": next(shop.ids)})
    return 200, track


def drop_track(shop, said, ident):
    for shipment in life_of(shop)["shipments"]:
        shipment["tracks"] = [track for track in shipment["tracks"] if str(track["entity_id"]) != ident]
    return 200, True


def cancel(shop, said, order):
    """Cancel what has no invoice, and say whether anything was."""
    row = document(shop, order)
    if row["state"] != "new":
        return 200, False
    row |= {"state": "canceled", "status": "canceled"}
    return 200, True


def refund(shop, said, ident):
    """Make a credit memo over the gateway: of all where no items are named."""
    if shop.refuses:
        return refusal("Could not save a Creditmemo, see error log for details")
    assert (said["isOnline"], said["notify"]) == (True, False)
    [paid] = [one for one in life_of(shop)["invoices"] if str(one["entity_id"]) == ident]
    amount = paid["grand_total"] if "items" not in said else said["arguments"]["adjustment_positive"]
    back = said["arguments"].get("extension_attributes", {}).get("return_to_stock_items")
    if "items" in said:
        assert ([one["qty"] for one in said["items"]], said["arguments"]["shipping_amount"]) == ([0], 0)
    memo = {
        "entity_id": next(shop.ids),
        "order_id": 5001,
        "invoice_id": paid["entity_id"],
        "grand_total": amount,
        "back": back,
    }
    life_of(shop)["creditmemos"].append(memo)
    note(shop, "creditmemo", memo["entity_id"], said["comment"]["comment"])
    return 200, memo["entity_id"]


def set_address(shop, said, order):
    """Store an address under its id, with all that Magento wants of one."""
    row, entity = document(shop, order), said["entity"]
    assert all(entity.get(name) for name in ("firstname", "lastname", "street", "city", "email", "telephone"))
    shipping = row["extension_attributes"]["shipping_assignments"][0]["shipping"]
    place, name = (row, "billing_address") if entity["entity_id"] == 61 else (shipping, "address")
    place[name] = place[name] | entity
    return 200, place[name]


CALLS = {
    "GET inventory/sources": sources,
    "GET products": products,
    "GET inventory/source-items": source_items,
    "POST inventory/source-items": set_source_items,
    r"GET orders/(\d+)": lambda shop, wanted, order: (200, document(shop, order)),
    r"PUT orders/(\d+)": set_address,
    r"POST orders/(\d+)/cancel": cancel,
    r"GET (orders|shipment|creditmemo)/(\d+)/comments": comments,
    r"POST (orders|shipment)/(\d+)/comments": comment,
    "GET shipments": of_order("shipments"),
    "GET creditmemos": of_order("creditmemos"),
    "GET invoices": of_order("invoices"),
    r"POST order/(\d+)/ship": ship,
    "POST shipment/track": add_track,
    r"DELETE shipment/track/(\d+)": drop_track,
    r"POST invoice/(\d+)/refund": refund,
}


def paid_back(shop):
    return [Decimal(str(memo["grand_total"])) for memo in life_of(shop)["creditmemos"]]

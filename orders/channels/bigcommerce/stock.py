"""Which goods a store of BigCommerce counts and where, and setting how many there are.

https://developer.bigcommerce.com/docs/rest-management/inventory/adjustments#absolute-adjustment: 2,000 items a call,
all or none, those of a location together; …/inventory/items, …/inventory/locations, …/docs/rest-catalog/products.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from oms.lib.chunks import chunks
from orders.channels.out import Piece, Place, Variant, set_in_parts
from orders.channels.shop import Shop, ShopError

MOST_ITEMS = 2000
PER_PAGE = 250
MOST_PAGES = 10_000
DEFAULT = 1  # the location that every store has
COUNTED = ("product", "variant")  # by which one product is counted; others are not


def places(shop: Shop) -> list[Place]:
    """Return the store's locations."""
    found = [row for rows in _pages(shop, "inventory/locations?") for row in rows]
    return [Place(str(row["id"]), str(row.get("label") or ""), is_default=row["id"] == DEFAULT) for row in found]


def variants(shop: Shop) -> Iterator[list[Variant]]:
    """Yield all goods that are counted, a page of products at a time, each once a location."""
    for products in _pages(shop, "catalog/products?include_fields=name,sku,inventory_tracking&"):
        counted = {row["id"]: row for row in products if row.get("inventory_tracking") in COUNTED}
        query = f"inventory/items?product_id:in={','.join(map(str, counted))}&"
        items = [item for rows in (_pages(shop, query) if counted else ()) for item in rows]
        # A product that is counted as a whole is shown once a variant.
        found = {(one.item_id, one.place_id): one for item in items for one in _variants(item, counted)}
        yield list(found.values())


def _variants(item: dict[str, Any], products: dict[int, dict[str, Any]]) -> Iterator[Variant]:
    identity = item["identity"]
    product = products[identity["product_id"]]
    kind = product["inventory_tracking"]
    code = product.get("sku") if kind == "product" else identity.get("sku")
    for level in item.get("locations") or []:
        yield Variant(
            item_id=f"{kind}:{identity[f'{kind}_id']}",
            code=str(code or "").strip(),
            name=str(product.get("name") or ""),
            place_id=str(level["location_id"]),
            pieces=level.get("total_inventory_onhand"),
        )


def set_stock(shop: Shop, pieces: Sequence[Piece]) -> dict[int, str]:
    """Set quantities, location by location."""
    ordered = sorted(pieces, key=lambda piece: piece.place_id)
    return set_in_parts(chunks(ordered, MOST_ITEMS), lambda part: _set(shop, part))


def _set(shop: Shop, pieces: Sequence[Piece]) -> dict[int, str]:
    rows = []
    for piece in pieces:
        kind, _, ident = piece.item_id.partition(":")
        rows.append({"location_id": int(piece.place_id), f"{kind}_id": int(ident), "quantity": piece.pieces})
    shop.ask("PUT", "/v3/inventory/adjustments/absolute", {"reason": "Stock", "items": rows})
    return {}


def _pages(shop: Shop, path: str) -> Iterator[list[dict[str, Any]]]:
    for number in range(1, MOST_PAGES):
        said = shop.ask("GET", f"/v3/{path}limit={PER_PAGE}&page={number}")
        rows = said.get("data") if isinstance(said, dict) else None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ShopError("The shop's answer is no list.")
        yield rows
        if len(rows) < PER_PAGE:
            return

"""Which inventory items a seller of eBay has, and setting how many there are: one number for all its sites.

https://developer.ebay.com/api-docs/sell/inventory/resources/inventory_item/methods/getInventoryItems,
…/bulkUpdatePriceQuantity: 25 a call. A listing shows no more than its own offer allots; one that was not made with the
Inventory API is no inventory item.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from oms.lib.chunks import chunks
from orders.channels.out import Piece, Variant, set_in_parts
from orders.channels.shop import Shop, ShopError

ROOT = "/sell/inventory/v1"
PER_PAGE = 200
MOST_PAGES = 10_000
MOST_ITEMS = 25


def variants(shop: Shop) -> Iterator[list[Variant]]:
    """Yield all inventory items, a page at a time."""
    for number in range(MOST_PAGES):
        # What is called offset is the number of the page.
        said = shop.ask("GET", f"{ROOT}/inventory_item?limit={PER_PAGE}&offset={number}")
        if not isinstance(said, dict):
            raise ShopError("eBay's answer is no list.")
        yield [_variant(row) for row in said.get("inventoryItems") or []]
        if not said.get("next"):
            return


def _variant(row: dict[str, Any]) -> Variant:
    count = (row.get("availability") or {}).get("shipToLocationAvailability") or {}
    name = str((row.get("product") or {}).get("title") or "")
    return Variant(item_id=row["sku"], code=row["sku"].strip(), name=name, pieces=count.get("quantity"))


def set_stock(shop: Shop, pieces: Sequence[Piece]) -> dict[int, str]:
    """Set quantities; what an offer allots of them stays as it is."""
    return set_in_parts(chunks(pieces, MOST_ITEMS), lambda part: _set(shop, part))


def _set(shop: Shop, pieces: Sequence[Piece]) -> dict[int, str]:
    rows = [{"sku": piece.item_id, "shipToLocationAvailability": {"quantity": piece.pieces}} for piece in pieces]
    said = shop.ask("POST", f"{ROOT}/bulk_update_price_quantity", {"requests": rows})
    answered = {row.get("sku"): row for row in said.get("responses") or []}
    if not all(piece.item_id in answered for piece in pieces):
        raise ShopError("eBay does not say what it took.")
    found = {piece.key: answered[piece.item_id] for piece in pieces}
    return {key: _reason(row) for key, row in found.items() if row.get("statusCode") != 200}


def _reason(row: dict[str, Any]) -> str:
    words = [str(error.get("longMessage") or error.get("message")) for error in row.get("errors") or []]
    return (" ".join(words) or f"eBay answers {row.get('statusCode')}.")[:300]

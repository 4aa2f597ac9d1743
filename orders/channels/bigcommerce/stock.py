"""Which goods a shop of BigCommerce counts and where, and setting how many there are.

https://developer.bigcommerce.com/docs/rest-management/inventory/items, …/locations, …/adjustments#absolute-adjustment:
up to 2000 items a call, all or none.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from oms.lib.chunks import chunks
from orders.channels.out import Piece, Place, Variant
from orders.channels.shop import Shop, ShopError

ROOT = "/v3/inventory"
PER_PAGE = 250
MOST_PAGES = 10_000
MOST_ITEMS = 250
PRIMARY = "1"  # the location that each shop has


def places(shop: Shop) -> list[Place]:
    """Return the shop's locations."""
    rows = [row for page in _pages(shop, "locations") for row in page]
    found = [(str(row.get("id")), str(row.get("label") or "")) for row in rows if row.get("enabled") is not False]
    return [Place(ident, name, is_default=ident == PRIMARY) for ident, name in found]


def variants(shop: Shop) -> Iterator[list[Variant]]:
    """Yield all goods that are counted, a page at a time, each once a location."""
    for page in _pages(shop, "items"):
        yield [variant for row in page for variant in _at_places(row)]


def _at_places(row: dict[str, Any]) -> Iterator[Variant]:
    who = row.get("identity") or {}
    for level in row.get("locations") or []:
        pieces = level.get("total_inventory_onhand")
        yield Variant(
            item_id=str(who.get("variant_id")),
            code=str(who.get("sku") or "").strip(),
            place_id=str(level.get("location_id")),
            pieces=None if pieces is None else int(pieces),
        )


def set_stock(shop: Shop, pieces: Sequence[Piece]) -> dict[int, str]:
    """Set quantities; as one that is wrong keeps its whole call from being done, they are sent one by one then."""
    refused: dict[int, str] = {}
    for chunk in chunks(list(pieces), MOST_ITEMS):
        wrong = _set(shop, chunk)
        if wrong and len(chunk) > 1:
            refused |= {piece.key: said for piece in chunk if (said := _set(shop, [piece]))}
        elif wrong:
            refused[chunk[0].key] = wrong
    return refused


def _set(shop: Shop, pieces: Sequence[Piece]) -> str:
    """Set quantities all at once; returns why none was set, or ""."""
    rows = [
        {"location_id": int(piece.place_id), "variant_id": int(piece.item_id), "quantity": piece.pieces}
        for piece in pieces
    ]
    try:
        shop.ask("PUT", f"{ROOT}/adjustments/absolute", {"reason": "Counted by the OMS", "items": rows})
    except ShopError as error:
        if error.retry:
            raise
        return str(error)
    return ""


def _pages(shop: Shop, what: str) -> Iterator[list[dict[str, Any]]]:
    for number in range(1, MOST_PAGES):
        said = shop.ask("GET", f"{ROOT}/{what}?limit={PER_PAGE}&page={number}")
        rows = said.get("data") if isinstance(said, dict) else None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ShopError("The shop's answer is no list.")
        yield rows
        if len(rows) < PER_PAGE:
            return

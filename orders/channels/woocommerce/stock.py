"""Which goods a shop of WooCommerce counts, and setting how many there are: one number for the whole shop.

https://woocommerce.github.io/woocommerce-rest-api-docs/#batch-update-products: 100 a call, variations by their product.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from oms.lib.chunks import chunks
from orders.channels.out import Piece, Variant
from orders.channels.shop import Shop, ShopError
from orders.channels.woocommerce.rest import ROOT, pages

MOST_PRODUCTS = 100


def variants(shop: Shop) -> Iterator[list[Variant]]:
    """Yield all products and variations whose stock the shop manages, a page at a time."""
    for rows in pages(shop, "products"):
        yield [_variant(row) for row in rows if row.get("manage_stock") is True and row.get("type") != "variable"]
        for row in rows:
            if row.get("type") == "variable":
                for parts in pages(shop, f"products/{row.get('id')}/variations"):
                    # "parent" where the product counts for all its variations.
                    counted = [part for part in parts if part.get("manage_stock") is True]
                    yield [_variant(part, parent=row) for part in counted]


def _variant(row: dict[str, Any], parent: dict[str, Any] | None = None) -> Variant:
    pieces = row.get("stock_quantity")
    return Variant(
        item_id=str(row.get("id")),
        code=str(row.get("sku") or "").strip(),
        name=str((parent or row).get("name") or ""),
        parent_id=str(parent.get("id")) if parent else "",
        pieces=None if pieces is None else int(float(pieces)),
    )


def set_stock(shop: Shop, pieces: Sequence[Piece]) -> dict[int, str]:
    """Set quantities, products first, then the variations of each product."""
    refused: dict[int, str] = {}
    by_parent: dict[str, list[Piece]] = {}
    for piece in pieces:
        by_parent.setdefault(piece.parent_id, []).append(piece)
    for parent, rows in sorted(by_parent.items()):
        path = f"products/{parent}/variations/batch" if parent else "products/batch"
        for chunk in chunks(rows, MOST_PRODUCTS):
            refused |= _set(shop, path, chunk)
    return refused


def _set(shop: Shop, path: str, pieces: Sequence[Piece]) -> dict[int, str]:
    rows = [{"id": int(piece.item_id), "manage_stock": True, "stock_quantity": piece.pieces} for piece in pieces]
    try:
        said = shop.ask("POST", f"{ROOT}/{path}", {"update": rows})
    except ShopError as error:
        if error.retry:
            raise
        return {piece.key: str(error) for piece in pieces}  # the product of all these variations is gone
    answered = said.get("update") if isinstance(said, dict) else None
    if not isinstance(answered, list) or len(answered) != len(pieces):
        raise ShopError("The shop does not say what it took.")
    return {
        piece.key: str(row["error"].get("message"))[:300]
        for piece, row in zip(pieces, answered, strict=True)
        if isinstance(row, dict) and isinstance(row.get("error"), dict)
    }

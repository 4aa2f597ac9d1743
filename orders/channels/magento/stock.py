"""Which goods a shop of Magento counts at which of its sources, and setting how many there are.

What may be sold is what stands at the sources less what open orders wait for, which Magento takes off there when they
leave. So what may be sold is told with that on top, at the first source of the goods.
https://developer.adobe.com/commerce/webapi/rest/inventory/
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from oms.lib.chunks import chunks
from orders.channels.magento.rest import ROOT, found, search
from orders.channels.out import Piece, Place, Variant, set_in_parts
from orders.channels.shop import Shop, ShopError

MOST_ITEMS = 50  # SKUs of 64 letters that an address of 8 KB has room for
DEFAULT = "default"  # the source that every Magento has
WHOLES = "configurable,bundle,grouped"  # their parts are counted
OPEN = "new,pending_payment,payment_review,processing,holded"
ORDERED = (
    "items[item_id,parent_item_id,product_type,is_virtual,sku,qty_ordered,qty_invoiced,qty_shipped,"
    "qty_refunded,qty_canceled]"
)


def places(shop: Shop) -> list[Place]:
    """Return the sources that are enabled."""
    try:
        rows = found(shop, "inventory/sources", "source_code")
    except ShopError as error:
        if error.retry:
            raise
        text = f"Magento's Inventory (MSI) has to be installed and open to our key: {error}"
        raise ShopError(text, retry=False) from error
    rows = [row for row in rows if row.get("enabled")]
    return [
        Place(str(row["source_code"]), str(row.get("name") or ""), is_default=row["source_code"] == DEFAULT)
        for row in rows
    ]


def variants(shop: Shop) -> Iterator[list[Variant]]:
    """Yield all goods that stand at a source, a page at a time, each once a source."""
    waiting = _waiting(shop)
    for rows in search(shop, "products", "entity_id", ("type_id", "nin", WHOLES), fields="sku,name"):
        names = {str(row["sku"]): str(row.get("name") or "") for row in rows}
        for skus in chunks(names, MOST_ITEMS):
            yield [
                Variant(sku, sku, names[sku], place_id=source, pieces=pieces - (0 if i else waiting[sku]))
                for sku, sources in levels(shop, skus).items()
                for i, (source, pieces) in enumerate(sources.items())
            ]


def levels(shop: Shop, skus: Collection[str]) -> dict[str, dict[str, int]]:
    """Return {SKU: {source: pieces}} of what stands there, the default source first."""
    rows = found(shop, "inventory/source-items", "source_item_id", ("sku", "in", ",".join(sorted(skus))))
    there: dict[str, dict[str, int]] = {sku: {} for sku in sorted(skus)}
    for row in sorted(rows, key=lambda row: (row["source_code"] != DEFAULT, row["source_code"])):
        there.get(str(row["sku"]), {})[str(row["source_code"])] = int(Decimal(row.get("quantity") or 0))
    return there


def _waiting(shop: Shop) -> Counter[str]:
    """Return {SKU: pieces} that open orders wait for."""
    waiting: Counter[str] = Counter()
    for orders in search(shop, "orders", "entity_id", ("state", "in", OPEN), fields=ORDERED):
        for rows in (order.get("items") or [] for order in orders):
            kinds = {row.get("item_id"): row.get("product_type") for row in rows}
            for row in rows:
                is_part = kinds.get(row.get("parent_item_id")) == "configurable"  # whose first row has its SKU
                if row.get("product_type") != "bundle" and not is_part:
                    waiting[str(row.get("sku"))] += _left(row)
    return waiting


def _left(row: dict[str, Any]) -> int:
    """Return how many pieces of an order's row have not left; those without a body leave with their invoice."""
    ordered, refunded, cancelled, gone = (
        Decimal(row.get(f"qty_{name}") or 0)
        for name in ("ordered", "refunded", "canceled", "invoiced" if row.get("is_virtual") else "shipped")
    )
    return max(int(ordered - cancelled - max(gone, refunded)), 0)


def set_stock(shop: Shop, pieces: Sequence[Piece]) -> dict[int, str]:
    """Set quantities; goods are put at no source at which they were not."""
    refused: dict[int, str] = {}
    waiting, told = _waiting(shop), list[Piece]()
    for chunk in chunks(pieces, MOST_ITEMS):
        there = levels(shop, {piece.item_id for piece in chunk})
        for piece in chunk:
            sources = list(there.get(piece.item_id, ()))
            if piece.place_id in sources:
                more = waiting[piece.item_id] if piece.place_id == sources[0] else 0
                told.append(replace(piece, pieces=piece.pieces + more))
            else:
                refused[piece.key] = f"Magento has no {piece.item_id} at {piece.place_id or 'any source'}."
    return refused | set_in_parts(chunks(told, MOST_ITEMS), lambda part: _set(shop, part))


def _set(shop: Shop, pieces: Sequence[Piece]) -> dict[int, str]:
    rows = [
        {"sku": one.item_id, "source_code": one.place_id, "quantity": one.pieces, "status": int(one.pieces > 0)}
        for one in pieces
    ]
    shop.ask("POST", f"{ROOT}/inventory/source-items", {"sourceItems": rows})
    return {}

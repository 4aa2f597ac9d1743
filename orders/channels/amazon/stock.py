"""Which goods a seller of Amazon ships himself, and setting how many there are: one number for the whole account.

https://developer-docs.amazon.com/sp-api/docs/listings-items-api-v2021-08-01-reference. A listing a call; those that
Amazon's own warehouses ship are left alone.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from orders.channels.amazon.partner import partner_of, segment
from orders.channels.out import Piece, Variant
from orders.channels.shop import Shop, ShopError

ROOT = "/listings/2021-08-01/items"
PER_PAGE = 20
# Of a search Amazon shows so many listings and no more: the next search begins where that ended.
MOST_FOUND = 1000
OURS = "DEFAULT"  # the fulfilment channel of what the seller ships
# Of goods of any kind, for changes that do not touch what their kind asks for.
ANY_KIND = "PRODUCT"


def variants(shop: Shop) -> Iterator[list[Variant]]:
    """Yield all listings that the seller ships, a page at a time, the oldest first."""
    since, seen = "", set[str]()
    while True:
        last, count, new = since, 0, 0
        for rows in _pages(shop, since):
            fresh = [row for row in rows if row.get("sku") not in seen]
            seen |= {str(row.get("sku")) for row in fresh}
            count, new = count + len(rows), new + len(fresh)
            last = max([last, *(str(_summary(row).get("createdDate") or "") for row in rows)])
            yield [found for row in fresh for found in _variant(row)]
        if count < MOST_FOUND:
            return
        if not new or last == since:
            raise ShopError(f"Amazon shows no more than {MOST_FOUND} listings made in one second.", retry=False)
        since = last


def _pages(shop: Shop, since: str) -> Iterator[list[dict[str, Any]]]:
    partner = partner_of(shop)
    asked = {
        "marketplaceIds": partner.marketplaces[0],
        "includedData": "summaries,fulfillmentAvailability",
        "sortBy": "createdDate",
        "sortOrder": "ASC",
        "pageSize": str(PER_PAGE),
    }
    asked |= {"createdAfter": since} if since else {}
    token = ""
    while True:
        query = urlencode(asked | ({"pageToken": token} if token else {}))
        said = shop.ask("GET", f"{ROOT}/{segment(partner.seller_id)}?{query}")
        rows = said.get("items") if isinstance(said, dict) else None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ShopError("Amazon's answer is no list.")
        yield rows
        before, token = token, str((said.get("pagination") or {}).get("nextToken") or "")
        if token in ("", before):
            return


def _summary(row: dict[str, Any]) -> dict[str, Any]:
    return next(iter(row.get("summaries") or []), {})


def _variant(row: dict[str, Any]) -> Iterator[Variant]:
    """Yield the listing where the seller ships it, and nothing where Amazon does."""
    sku = str(row.get("sku") or "").strip()
    for one in row.get("fulfillmentAvailability") or []:
        if sku and one.get("fulfillmentChannelCode") == OURS:
            pieces = one.get("quantity")
            name = str(_summary(row).get("itemName") or "")
            yield Variant(item_id=sku, code=sku, name=name, pieces=None if pieces is None else int(pieces))
            return


def set_stock(shop: Shop, pieces: Sequence[Piece]) -> dict[int, str]:
    """Set quantities, one after the other; the handling time of a listing stays as it is."""
    found = {piece.key: _set(shop, piece) for piece in pieces}
    return {key: reason for key, reason in found.items() if reason}


def _set(shop: Shop, piece: Piece) -> str:
    """Set one quantity; returns why it was not taken."""
    partner = partner_of(shop)
    path = f"{ROOT}/{segment(partner.seller_id)}/{segment(piece.item_id)}"
    value = [{"fulfillment_channel_code": OURS, "quantity": piece.pieces}]
    change = {"op": "merge", "path": "/attributes/fulfillment_availability", "value": value}
    query = urlencode({"marketplaceIds": partner.marketplaces[0]})
    try:
        said = shop.ask("PATCH", f"{path}?{query}", {"productType": ANY_KIND, "patches": [change]})
    except ShopError as error:
        if error.retry:
            raise
        return str(error)
    if not isinstance(said, dict) or said.get("status") not in ("ACCEPTED", "INVALID"):
        raise ShopError("Amazon does not say whether it took the number.")
    if said["status"] == "ACCEPTED":
        return ""
    words = [str(issue.get("message")) for issue in said.get("issues") or [] if isinstance(issue, dict)]
    return (" ".join(words) or "Amazon does not take it, and does not say why.")[:300]

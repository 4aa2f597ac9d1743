"""Which goods a shop of Shopify counts and where, and setting how many there are.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/inventorySetQuantities: 250 quantities a call, all or none.
"""

from collections.abc import Iterator, Sequence

from oms.lib.chunks import chunks
from orders.channels.out import Piece, Place, Variant
from orders.channels.shop import Shop, ShopError
from orders.channels.shopify.admin import bare, change, gid, next_page, nodes, pages, refuse

MOST_QUANTITIES = 250
# A page's points, items times levels, stay below what one call may cost; goods at more places are asked for alone.
PLACES = """query ($after: String) { location { id } locations(first: 250, after: $after) {
nodes { id name } pageInfo { hasNextPage endCursor } } }"""
LEVELS = """nodes { location { id } quantities(names: ["available"]) { quantity } }
pageInfo { hasNextPage endCursor }"""
ITEMS = f"""query ($after: String) {{ inventoryItems(first: 25, after: $after) {{ nodes {{ id sku tracked
variant {{ displayName }} inventoryLevels(first: 10) {{ {LEVELS} }} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
ITEM = f"""query ($id: ID!, $after: String) {{ inventoryItem(id: $id) {{
inventoryLevels(first: 250, after: $after) {{ {LEVELS} }} }} }}"""
SET = """mutation ($input: InventorySetQuantitiesInput!) { inventorySetQuantities(input: $input) {
userErrors { field code message } } }"""


def places(shop: Shop) -> list[Place]:
    """Return the shop's locations; the one that it names without being asked which is its primary one.

    Every shop has one: an answer without any raises ShopError, as what a place is of ours would be forgotten.
    """
    found = []
    for said in pages(shop, PLACES, "locations"):
        primary = bare((said.get("location") or {}).get("id"))
        rows = [(bare(one.get("id")), str(one.get("name") or "")) for one in nodes(said.get("locations"))]
        found += [Place(ident, name, is_default=ident == primary) for ident, name in rows]
    if not found:
        raise ShopError("The shop names no location.")
    return found


def variants(shop: Shop) -> Iterator[list[Variant]]:
    """Yield all inventory items that are tracked, a page at a time, each once a location it is stocked at."""
    for said in pages(shop, ITEMS, "inventoryItems"):
        items = [item for item in nodes(said.get("inventoryItems")) if item.get("tracked")]
        yield [variant for item in items for variant in _at_places(shop, item)]


def _at_places(shop: Shop, item: dict) -> Iterator[Variant]:
    name = str((item.get("variant") or {}).get("displayName") or "")
    for level in _levels(shop, item):
        counted = [int(one["quantity"]) for one in level.get("quantities") or []]
        yield Variant(
            item_id=bare(item.get("id")),
            code=str(item.get("sku") or "").strip(),
            name=name,
            place_id=bare((level.get("location") or {}).get("id")),
            pieces=counted[0] if counted else None,
        )


def _levels(shop: Shop, item: dict) -> Iterator[dict]:
    first = item.get("inventoryLevels")
    yield from nodes(first)
    after = next_page(first)
    if after:
        for said in pages(shop, ITEM, "inventoryItem", "inventoryLevels", after=after, id=item["id"]):
            yield from nodes((said.get("inventoryItem") or {}).get("inventoryLevels"))


def set_stock(shop: Shop, pieces: Sequence[Piece]) -> dict[int, str]:
    """Set quantities; as one that is wrong keeps its whole call from being done, the rest is sent once more without."""
    refused: dict[int, str] = {}
    for chunk in chunks(list(pieces), MOST_QUANTITIES):
        left = list(chunk)
        while left:
            wrong = _set(shop, left)
            if not wrong:
                break
            refused |= {left[i].key: text for i, text in wrong.items()}
            left = [piece for i, piece in enumerate(left) if i not in wrong]
    return refused


def _set(shop: Shop, pieces: Sequence[Piece]) -> dict[int, str]:
    """Set quantities all at once; returns {position: why} of those that are wrong, and then none was set."""
    rows = [
        {
            "inventoryItemId": gid("InventoryItem", piece.item_id),
            "locationId": gid("Location", piece.place_id),
            "quantity": piece.pieces,
        }
        for piece in pieces
    ]
    wish = {"name": "available", "reason": "correction", "ignoreCompareQuantity": True, "quantities": rows}
    _, errors = change(shop, SET, "inventorySetQuantities", input=wish)
    wrong = {}
    for error in errors:
        position = [part for part in error.get("field") or [] if str(part).isdigit()]
        if not position or int(position[0]) >= len(pieces):
            refuse(errors)
        wrong[int(position[0])] = str(error.get("message"))[:300]
    return wrong

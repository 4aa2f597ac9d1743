"""Calls of WooCommerce's REST API v3. https://woocommerce.github.io/woocommerce-rest-api-docs/"""

from collections.abc import Iterator
from typing import Any

from orders.channels.shop import Shop, ShopError

ROOT = "/wp-json/wc/v3"
PER_PAGE = 100
MOST_PAGES = 10_000


def pages(shop: Shop, path: str) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of a list, page by page."""
    for number in range(1, MOST_PAGES):
        query = f"per_page={PER_PAGE}&orderby=id&order=asc&page={number}"
        rows = shop.ask("GET", f"{ROOT}/{path}?{query}")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ShopError("The shop's answer is no list.")
        yield rows
        if len(rows) < PER_PAGE:
            return

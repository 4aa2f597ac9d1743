"""Searching with Magento 2's REST API.

https://developer.adobe.com/commerce/webapi/rest/use-rest/performing-searches/
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from orders.channels import poll
from orders.channels.shop import Shop, ShopError

ROOT = "/rest/V1"
MOST_PAGES = 10_000
PAGE = "searchCriteria[currentPage]"
Filter = tuple[str, str, str]  # (field, condition, value)


def criteria(sort: str, *filters: Filter) -> dict[str, str | int]:
    """Return the query of a search's first page, the lowest first; filters in groups of their own must all be met."""
    query: dict[str, str | int] = {}
    for number, (field, condition, value) in enumerate(filters):
        group = f"searchCriteria[filterGroups][{number}][filters][0]"
        query |= {f"{group}[field]": field, f"{group}[value]": value, f"{group}[conditionType]": condition}
    order = "searchCriteria[sortOrders][0]"
    query |= {f"{order}[field]": sort, f"{order}[direction]": "ASC"}
    return query | {"searchCriteria[pageSize]": poll.PER_PAGE, PAGE: 1}


def search(shop: Shop, path: str, sort: str, *filters: Filter, fields: str = "") -> Iterator[list[dict[str, Any]]]:
    """Yield the rows that are found, page by page, with these `fields` only if any are named.

    A page past the last would be the last again, so it is counted how many there are in all.
    """
    query = criteria(sort, *filters) | ({"fields": f"items[{fields}],total_count"} if fields else {})
    for number in range(1, MOST_PAGES):
        said = shop.ask("GET", f"{ROOT}/{path}?{urlencode(query | {PAGE: number})}")
        rows = (said.get("items") or []) if isinstance(said, dict) else None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ShopError("Magento's answer is no list.")
        yield rows
        if number * poll.PER_PAGE >= int(said.get("total_count") or 0):
            return


def found(shop: Shop, path: str, sort: str, *filters: Filter) -> list[dict[str, Any]]:
    """Return all rows that are found."""
    return [row for rows in search(shop, path, sort, *filters) for row in rows]

"""Asking BigCommerce for orders that changed, with their lines: its webhooks say no more than that one did.

https://developer.bigcommerce.com/docs/rest-management/orders#get-all-orders
"""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from orders.channels import poll
from orders.channels.poll import Page, Poller, found_in, iso, parsed, rows_of
from orders.channels.shop import Shop


def _first(shop: Shop, since: datetime) -> str:
    return _list(shop, {"min_date_modified": iso(since), "sort": "date_modified:asc"})


def _of_day(shop: Shop, begin: datetime, end: datetime) -> str:
    return _list(shop, {"min_date_created": iso(begin), "max_date_created": iso(end), "sort": "date_created:asc"})


def _list(shop: Shop, query: dict[str, str]) -> str:
    more = {"include": "consignments.line_items", "limit": poll.PER_PAGE, "page": 1}
    return f"{shop.base_url.rstrip('/')}/v2/orders?{urlencode(query | more)}"


def _read(url: str, body: bytes, headers: Mapping[str, str]) -> Page:
    """Read a page; what is past the last one is empty (204)."""
    rows = rows_of(parsed(body)) if body else []
    head, _, page = url.rpartition("page=")
    next_url = f"{head}page={int(page) + 1}" if len(rows) >= poll.PER_PAGE else ""
    return Page(tuple(found_in(row, "date_modified") for row in rows), next_url)


POLLER = Poller(_first, _of_day, _read, counts_pages=True)

"""Asking Amazon for merchant-fulfilled orders that changed, with their lines, addresses and amounts.

https://developer-docs.amazon.com/sp-api/docs/orders-api-migration-guide: searchOrders of 2026-01-01. Nobody says in
which order the pages come, so how far we are is known at the end of a window of time only.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from orders.channels import poll
from orders.channels.amazon.partner import EVERY, ORDERS, partner_of
from orders.channels.poll import Found, Page, Poller, iso, parsed, rows_of
from orders.channels.reading import moment
from orders.channels.shop import Shop

# Its pages have to be had at once, and Amazon lets 20 be asked for in a row.
WINDOW = timedelta(hours=3)
# What changed in the last two minutes is not told yet, and must not be asked for by its end.
UNTOLD = timedelta(minutes=3)
# Ready to be shipped: any other comes without lines, and so is not placed. One that waits for its payment has no prices
# yet; one that has left, or never will, is not to leave again.
READY = "UNSHIPPED"
DATA = "BUYER,RECIPIENT,PROCEEDS,FULFILLMENT"


def first(shop: Shop, since: datetime) -> str:
    """Return the address of what changed since, in the window that begins then."""
    latest = datetime.now(UTC) - UNTOLD
    since = min(since, latest)
    until = {"lastUpdatedBefore": iso(since + WINDOW)} if since + WINDOW < latest else {}
    return _url(shop, {"lastUpdatedAfter": iso(since), **until})


def of_day(shop: Shop, begin: datetime, end: datetime) -> str:
    return _url(shop, {"createdAfter": iso(begin), "createdBefore": iso(min(end, datetime.now(UTC) - UNTOLD))})


def _url(shop: Shop, query: dict[str, str]) -> str:
    more = {
        "marketplaceIds": ",".join(partner_of(shop).marketplaces),
        "fulfilledBy": "MERCHANT",  # what Amazon's own warehouses ship is none of ours
        "maxResultsPerPage": str(poll.PER_PAGE),
        "includedData": DATA,
    }
    return f"{shop.base_url.rstrip('/')}{ORDERS}?{urlencode(query | more)}"


def read(url: str, body: bytes, headers: Mapping[str, str]) -> Page:
    """Read a page; after the last one of a window comes the next window."""
    said = parsed(body)
    said = said if isinstance(said, dict) else {}
    orders = tuple(_found(row) for row in rows_of(said.get("orders")))
    token = str((said.get("pagination") or {}).get("nextToken") or "")
    if token:
        return Page(orders, _with(url, {"paginationToken": token}))
    asked = dict(parse_qsl(urlsplit(url).query))
    until = moment(asked.get("lastUpdatedBefore") or str(said.get("lastUpdatedBefore") or ""))
    return Page(orders, _next_window(url, asked, until), up_to=until)


def _next_window(url: str, asked: Mapping[str, str], until: datetime | None) -> str:
    """Return the address of the window that follows the one asked for, "" where that ended now."""
    if until is None or "lastUpdatedBefore" not in asked:
        return ""
    ends = until + WINDOW
    more = {"lastUpdatedBefore": iso(ends)} if ends < datetime.now(UTC) - UNTOLD else {}
    return _with(url, {"lastUpdatedAfter": iso(until), "lastUpdatedBefore": "", "paginationToken": ""} | more)


def _with(url: str, changes: dict[str, str]) -> str:
    """Return an address with some of its query changed, "": taken out."""
    head, _, query = url.partition("?")
    asked = {name: value for name, value in (dict(parse_qsl(query)) | changes).items() if value}
    return f"{head}?{urlencode(asked)}"


def _found(row: dict[str, Any]) -> Found:
    if (row.get("fulfillment") or {}).get("fulfillmentStatus") != READY:
        row = {name: value for name, value in row.items() if name != "orderItems"}
    body = json.dumps(row, ensure_ascii=False).encode()
    return Found(body, f"{row.get('orderId')}:{row.get('lastUpdatedTime')}", None)


POLLER = Poller(first, of_day, read, EVERY)

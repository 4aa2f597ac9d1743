"""Asking Amazon for merchant-fulfilled orders that changed, and for the lines of those that are to be shipped.

https://developer-docs.amazon.com/sp-api/docs/orders-api-v0-reference: getOrders, getOrderItems. Nobody says in which
order the pages come, so how far we are is known at the end of a window of time only.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from oms.lib.errors import Invalid
from orders.channels import poll
from orders.channels.amazon.partner import ORDERS, partner_of, segment
from orders.channels.poll import Found, Page, Poller, iso, parsed, rows_of
from orders.channels.reading import moment
from orders.channels.shop import Shop, ShopError

# Its pages have to be had at once, and Amazon lets 20 be asked for in a row, then one a minute.
WINDOW = timedelta(hours=3)
# What changed in the last two minutes is not told yet, and must not be asked for by its end.
UNTOLD = timedelta(minutes=3)
# Ready to be shipped. One that waits for its payment has no prices; one that has left, or never will, needs no lines.
READY = "Unshipped"
MOST_PAGES = 100


def first(shop: Shop, since: datetime) -> str:
    """Return the address of what changed since, in the window that begins then."""
    latest = datetime.now(UTC) - UNTOLD
    since = min(since, latest)
    until = {"LastUpdatedBefore": iso(since + WINDOW)} if since + WINDOW < latest else {}
    return _url(shop, {"LastUpdatedAfter": iso(since), **until})


def of_day(shop: Shop, begin: datetime, end: datetime) -> str:
    return _url(shop, {"CreatedAfter": iso(begin), "CreatedBefore": iso(min(end, datetime.now(UTC) - UNTOLD))})


def _url(shop: Shop, query: dict[str, str]) -> str:
    more = {
        "MarketplaceIds": ",".join(partner_of(shop).marketplaces),
        "FulfillmentChannels": "MFN",  # what Amazon's own warehouses ship is none of ours
        "MaxResultsPerPage": str(poll.PER_PAGE),
    }
    return f"{shop.base_url.rstrip('/')}{ORDERS}?{urlencode(query | more)}"


def read(url: str, body: bytes, headers: Mapping[str, str]) -> Page:
    """Read a page; after the last one of a window comes the next window."""
    payload = _payload(parsed(body))
    orders = tuple(_found(row) for row in rows_of(payload.get("Orders")))
    token = str(payload.get("NextToken") or "")
    if token:
        return Page(orders, _with(url, {"NextToken": token}))
    asked = dict(parse_qsl(urlsplit(url).query))
    until = moment(asked.get("LastUpdatedBefore") or str(payload.get("LastUpdatedBefore") or ""))
    return Page(orders, _next_window(url, asked, until), up_to=until)


def _next_window(url: str, asked: Mapping[str, str], until: datetime | None) -> str:
    """Return the address of the window that follows the one asked for, "" where that ended now."""
    if until is None or "LastUpdatedBefore" not in asked:
        return ""
    ends = until + WINDOW
    more = {"LastUpdatedBefore": iso(ends)} if ends < datetime.now(UTC) - UNTOLD else {}
    return _with(url, {"LastUpdatedAfter": iso(until), "LastUpdatedBefore": "", "NextToken": ""} | more)


def _with(url: str, changes: dict[str, str]) -> str:
    """Return an address with some of its query changed, "": taken out."""
    head, _, query = url.partition("?")
    asked = {name: value for name, value in (dict(parse_qsl(query)) | changes).items() if value}
    return f"{head}?{urlencode(asked)}"


def complete(shop: Shop, found: Found) -> Found:
    """Return an order with its lines where it is to be shipped.

    Where Amazon will not give them it stays without: it waits in the inbox, and does not keep all others waiting.
    """
    row = json.loads(found.body)
    if row.get("OrderStatus") != READY:
        return found
    try:
        items = order_items(shop, str(row.get("AmazonOrderId")))
    except (ShopError, Invalid) as error:
        if getattr(error, "retry", False):
            raise
        return found
    return replace(found, body=json.dumps(row | {"OrderItems": items}, ensure_ascii=False).encode())


def order_items(shop: Shop, order_id: str) -> list[dict[str, Any]]:
    """Return the lines of an order, page by page; raises ShopError and Invalid."""
    path, token = f"{ORDERS}/{segment(order_id)}/orderItems", ""
    found: list[dict[str, Any]] = []
    for _ in range(MOST_PAGES):
        payload = _payload(shop.ask("GET", path + (f"?{urlencode({'NextToken': token})}" if token else "")))
        found += rows_of(payload.get("OrderItems"))
        token = str(payload.get("NextToken") or "")
        if not token:
            return found
    raise Invalid(f"Order {order_id} has no end.")


def _payload(said: Any) -> dict[str, Any]:
    payload = said.get("payload") if isinstance(said, dict) else None
    return payload if isinstance(payload, dict) else {}


def _found(row: dict[str, Any]) -> Found:
    body = json.dumps(row, ensure_ascii=False).encode()
    return Found(body, f"{row.get('AmazonOrderId')}:{row.get('LastUpdateDate')}", None)


POLLER = Poller(first, of_day, read, complete)

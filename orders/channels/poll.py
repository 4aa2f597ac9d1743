"""Asking shops for what changed, page by page: which address, and what an answer holds.

Nothing here calls anybody. A page's documents come oldest change first, so that what was stored of them says from
which moment to ask on.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from oms.lib.errors import Invalid
from orders.channels.reading import moment
from orders.channels.shop import Shop

PER_PAGE = 100
# Changes of the same second may be on either side of a page, and clocks differ.
OVERLAP = timedelta(minutes=2)
LINK_NEXT = re.compile(r'<([^>]+)>;\s*rel="next"')


@dataclass(frozen=True)
class Found:
    """An order as the shop has it now: its document, a name of this version of it, and when it changed."""

    body: bytes
    version: str
    changed_at: datetime | None


@dataclass(frozen=True)
class Page:
    """Orders that changed, and the address of the next page, "" after the last.

    `up_to`: everything until then is on this page and those before it, where the platform says so itself.
    """

    orders: tuple[Found, ...]
    next_url: str = ""
    up_to: datetime | None = None


@dataclass(frozen=True)
class Poller:
    """How one platform is asked.

    `first(shop, since)` is the address of the first page of what changed, `of_day(shop, begin, end)` of what was
    ordered, and `read(url, body, headers)` the Page that was answered. It is asked again after `every`, or
    as often as any. `counts_pages`: its next page is a number, so an order that changes meanwhile moves all after it.
    """

    first: Callable[[Shop, datetime], str]
    of_day: Callable[[Shop, datetime, datetime], str]
    read: Callable[[str, bytes, Mapping[str, str]], Page]
    every: timedelta | None = None
    counts_pages: bool = False


def _woo_first(shop: Shop, since: datetime) -> str:
    """https://woocommerce.github.io/woocommerce-rest-api-docs/#list-all-orders"""
    return _woo(shop, {"modified_after": iso(since), "orderby": "modified", "order": "asc"})


def _woo_of_day(shop: Shop, begin: datetime, end: datetime) -> str:
    return _woo(shop, {"after": iso(begin), "before": iso(end), "orderby": "id", "order": "asc"})


def _woo(shop: Shop, query: dict[str, str]) -> str:
    more = {"dates_are_gmt": "true", "per_page": PER_PAGE, "page": 1}
    return f"{shop.base_url.rstrip('/')}/wp-json/wc/v3/orders?{urlencode(query | more)}"


def _woo_read(url: str, body: bytes, headers: Mapping[str, str]) -> Page:
    rows = _rows(body)
    page = int(url.rpartition("page=")[2])
    pages = headers.get("x-wp-totalpages", "")
    more = page < int(pages) if pages.isdigit() else len(rows) == PER_PAGE
    next_url = f"{url.rpartition('page=')[0]}page={page + 1}" if more and rows else ""
    return Page(tuple(found_in(row, "date_modified_gmt") for row in rows), next_url)


def _shopify_first(shop: Shop, since: datetime) -> str:
    """https://shopify.dev/docs/api/admin-rest/latest/resources/order"""
    return _shopify(shop, {"updated_at_min": iso(since), "order": "updated_at asc"})


def _shopify_of_day(shop: Shop, begin: datetime, end: datetime) -> str:
    return _shopify(shop, {"created_at_min": iso(begin), "created_at_max": iso(end), "order": "created_at asc"})


def _shopify(shop: Shop, query: dict[str, str]) -> str:
    more = {"status": "any", "limit": PER_PAGE}
    return f"{shop.base_url.rstrip('/')}/admin/api/2025-01/orders.json?{urlencode(query | more)}"


def _shopify_read(url: str, body: bytes, headers: Mapping[str, str]) -> Page:
    """Read a page; the next one is named in the Link header, on the same host or nowhere."""
    found = LINK_NEXT.search(headers.get("link", ""))
    next_url = found[1] if found else ""
    if next_url and urlsplit(next_url)[:2] != urlsplit(url)[:2]:
        raise Invalid("The next page is on another host.")
    return Page(tuple(found_in(row, "updated_at") for row in _rows(body, "orders")), next_url)


def _rows(body: bytes, name: str = "") -> list[dict[str, Any]]:
    said = parsed(body)
    return rows_of(said.get(name) if name and isinstance(said, dict) else said)


def parsed(body: bytes) -> Any:
    """Return an answer as JSON; raises Invalid. Numbers stay as they are written: a float is not the same amount."""
    try:
        return json.loads(body, parse_float=str)
    except (ValueError, RecursionError):
        raise Invalid("The shop's answer is no JSON.") from None


def rows_of(rows: Any) -> list[dict[str, Any]]:
    """Return the orders of an answer; raises Invalid where they are none."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Invalid("The shop's answer is no list of orders.")
    return rows


def found_in(row: dict[str, Any], changed: str, *, ident: str = "id") -> Found:
    """Return an order of an answer, whose fields `ident` and `changed` say which it is and since when."""
    body = json.dumps(row, ensure_ascii=False).encode()
    said = str(row.get(changed) or "")
    return Found(body, f"{row.get(ident)}:{said}", moment(said) if said else None)


def iso(at: datetime) -> str:
    """Return a moment as platforms write it, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


SHOPIFY = Poller(_shopify_first, _shopify_of_day, _shopify_read)
WOOCOMMERCE = Poller(_woo_first, _woo_of_day, _woo_read, counts_pages=True)

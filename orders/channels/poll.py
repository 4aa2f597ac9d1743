"""Asking shops for what changed, page by page: which address, with which log in, and what an answer holds.

Nothing here calls anybody. A page's documents come oldest change first, so that what was stored of them says from
which moment to ask on.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from oms.lib.errors import Invalid
from orders.channels.reading import moment

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
    """Orders that changed, and the address of the next page, "" after the last."""

    orders: tuple[Found, ...]
    next_url: str = ""


@dataclass(frozen=True)
class Poller:
    """How one platform is asked.

    `first(base_url, since)` is the address of the first page of what changed, `of_day(base_url, begin, end)` of what
    was ordered, `headers(credentials)` what is sent along, and `read(url, body, headers)` the Page that was answered.
    """

    first: Callable[[str, datetime], str]
    of_day: Callable[[str, datetime, datetime], str]
    headers: Callable[[Mapping[str, str]], dict[str, str]]
    read: Callable[[str, bytes, Mapping[str, str]], Page]


def _woo_first(base_url: str, since: datetime) -> str:
    """https://woocommerce.github.io/woocommerce-rest-api-docs/#list-all-orders"""
    return _woo(base_url, {"modified_after": _iso(since), "orderby": "modified", "order": "asc"})


def _woo_of_day(base_url: str, begin: datetime, end: datetime) -> str:
    return _woo(base_url, {"after": _iso(begin), "before": _iso(end), "orderby": "id", "order": "asc"})


def _woo(base_url: str, query: dict[str, str]) -> str:
    more = {"dates_are_gmt": "true", "per_page": PER_PAGE, "page": 1}
    return f"{base_url.rstrip('/')}/wp-json/wc/v3/orders?{urlencode(query | more)}"


def _woo_headers(credentials: Mapping[str, str]) -> dict[str, str]:
    pair = f"{credentials.get('key', '')}:{credentials.get('key_secret', '')}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _woo_read(url: str, body: bytes, headers: Mapping[str, str]) -> Page:
    rows = _rows(body)
    page = int(url.rpartition("page=")[2])
    pages = headers.get("x-wp-totalpages", "")
    more = page < int(pages) if pages.isdigit() else len(rows) == PER_PAGE
    next_url = f"{url.rpartition('page=')[0]}page={page + 1}" if more and rows else ""
    return Page(tuple(_found(row, "date_modified_gmt") for row in rows), next_url)


def _shopify_first(base_url: str, since: datetime) -> str:
    """https://shopify.dev/docs/api/admin-rest/latest/resources/order"""
    return _shopify(base_url, {"updated_at_min": _iso(since), "order": "updated_at asc"})


def _shopify_of_day(base_url: str, begin: datetime, end: datetime) -> str:
    return _shopify(base_url, {"created_at_min": _iso(begin), "created_at_max": _iso(end), "order": "created_at asc"})


def _shopify(base_url: str, query: dict[str, str]) -> str:
    more = {"status": "any", "limit": PER_PAGE}
    return f"{base_url.rstrip('/')}/admin/api/2025-01/orders.json?{urlencode(query | more)}"


def _shopify_headers(credentials: Mapping[str, str]) -> dict[str, str]:
    return {"X-Shopify-Access-Token": credentials.get("token", "")}


def _shopify_read(url: str, body: bytes, headers: Mapping[str, str]) -> Page:
    """Read a page; the next one is named in the Link header, on the same host or nowhere."""
    found = LINK_NEXT.search(headers.get("link", ""))
    next_url = found[1] if found else ""
    if next_url and urlsplit(next_url)[:2] != urlsplit(url)[:2]:
        raise Invalid("The next page is on another host.")
    return Page(tuple(_found(row, "updated_at") for row in _rows(body, "orders")), next_url)


def _rows(body: bytes, name: str = "") -> list[dict[str, Any]]:
    try:
        # Numbers stay as they are written: a float would not be the same amount.
        said = json.loads(body, parse_float=str)
    except (ValueError, RecursionError):
        raise Invalid("The shop's answer is no JSON.") from None
    rows = said.get(name) if name and isinstance(said, dict) else said
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Invalid("The shop's answer is no list of orders.")
    return rows


def _found(row: dict[str, Any], changed: str) -> Found:
    body = json.dumps(row, ensure_ascii=False).encode()
    said = str(row.get(changed) or "")
    return Found(body, f"{row.get('id')}:{said}", moment(said) if said else None)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


POLLERS: dict[str, Poller] = {
    "shopify": Poller(_shopify_first, _shopify_of_day, _shopify_headers, _shopify_read),
    "woocommerce": Poller(_woo_first, _woo_of_day, _woo_headers, _woo_read),
}

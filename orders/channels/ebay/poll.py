"""Asking eBay for orders that changed: tokens of two hours, and pages that are not in the order of the changes.

https://developer.ebay.com/api-docs/sell/fulfillment/resources/order/methods/getOrders,
https://developer.ebay.com/api-docs/static/oauth-refresh-token-request.html
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

from oms.lib.errors import Invalid
from orders.channels import poll
from orders.channels.poll import Page, Poller, found_in, parsed, rows_of
from orders.channels.shop import Shop
from orders.channels.token_shop import TokenShop


@dataclass(frozen=True)
class Seller(TokenShop):
    """A seller of eBay, at https://api.ebay.com."""

    who: ClassVar[str] = "eBay"

    def headers_with(self, token: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {token}"}

    def login(self) -> tuple[str, dict[str, str], dict[str, str]]:
        pair = f"{self.credentials.get('key', '')}:{self.credentials.get('key_secret', '')}"
        headers = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
        form = {"grant_type": "refresh_token", "refresh_token": self.credentials.get("token", "")}
        return f"{self.base_url.rstrip('/')}/identity/v1/oauth2/token", headers, form


def _first(shop: Shop, since: datetime) -> str:
    return _orders(shop, f"lastmodifieddate:[{_iso(since)}..]")


def _of_day(shop: Shop, begin: datetime, end: datetime) -> str:
    return _orders(shop, f"creationdate:[{_iso(begin)}..{_iso(end)}]")


def _orders(shop: Shop, wanted: str) -> str:
    query = {"filter": wanted, "limit": poll.PER_PAGE, "offset": 0}
    return f"{shop.base_url.rstrip('/')}/sell/fulfillment/v1/order?{urlencode(query)}"


def _read(url: str, body: bytes, headers: Mapping[str, str]) -> Page:
    """Read a page. Until the last one is read nobody knows up to when all is known: its orders do not say it."""
    said = parsed(body)
    if not isinstance(said, dict):
        raise Invalid("The shop's answer is no list of orders.")
    rows = rows_of(said.get("orders") or [])
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    after, total = int(query["offset"]) + poll.PER_PAGE, said.get("total")
    more = bool(rows) and isinstance(total, int) and after < total
    next_url = f"{url.partition('?')[0]}?{urlencode(query | {'offset': after})}" if more else ""
    found = (found_in(row, "lastModifiedDate", ident="orderId") for row in rows)
    return Page(tuple(replace(one, changed_at=None) for one in found), next_url)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


POLLER = Poller(_first, _of_day, _read)

"""Asking eBay for orders that changed: tokens of two hours, and pages that are not in the order of the changes.

https://developer.ebay.com/api-docs/sell/fulfillment/resources/order/methods/getOrders,
https://developer.ebay.com/api-docs/static/oauth-refresh-token-request.html
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

from oms.lib.errors import Invalid
from orders.channels import poll
from orders.channels.poll import Page, Poller, found_in, parsed, rows_of
from orders.channels.reading import moment
from orders.channels.shop import Shop
from orders.channels.token_shop import TokenShop

# More is not had in one go. Then windows of time are asked for that a page holds, so that each says how far we are; an
# order that changes meanwhile leaves its window, and would move those after it from one page to another.
MOST = 2000
SHORTEST = timedelta(seconds=2)
WINDOW = re.compile(r"lastmodifieddate:\[(.+)\.\.(.*)\]")


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
    return _orders(shop, _changed(since))


def _of_day(shop: Shop, begin: datetime, end: datetime) -> str:
    return _orders(shop, f"creationdate:[{_iso(begin)}..{_iso(end)}]")


def _changed(since: datetime, until: datetime | None = None) -> str:
    return f"lastmodifieddate:[{_iso(since)}..{_iso(until) if until else ''}]"


def _orders(shop: Shop, wanted: str) -> str:
    query = {"filter": wanted, "limit": poll.PER_PAGE, "offset": 0}
    return f"{shop.base_url.rstrip('/')}/sell/fulfillment/v1/order?{urlencode(query)}"


def _read(url: str, body: bytes, headers: Mapping[str, str]) -> Page:
    """Read a page. Its orders do not say up to when all is known: the last page does, or the end of a window."""
    said = parsed(body)
    if not isinstance(said, dict):
        raise Invalid("The shop's answer is no list of orders.")
    rows = rows_of(said.get("orders") or [])
    found = tuple(replace(found_in(row, "lastModifiedDate", ident="orderId"), changed_at=None) for row in rows)
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    offset = int(query["offset"])
    total = said["total"] if isinstance(said.get("total"), int) else 0
    since, until = _window(query.get("filter", ""))
    is_too_much = offset == 0 and total > (poll.PER_PAGE if until else MOST)
    if is_too_much and since and (half := _half(since, until)):
        return Page(found, _with(url, query, _changed(since, half)))
    if rows and offset + poll.PER_PAGE < total:
        return Page(found, _with(url, query, query.get("filter", ""), offset + poll.PER_PAGE))
    if since and until:
        return Page(found, _with(url, query, _changed(until, _end(since, until))), until)
    return Page(found)


def _window(wanted: str) -> tuple[datetime | None, datetime | None]:
    """Return between which changes a filter asks for, None for none and for an end that is open."""
    found = WINDOW.fullmatch(wanted)
    return (moment(found[1]), moment(found[2]) if found[2] else None) if found else (None, None)


def _half(since: datetime, until: datetime | None) -> datetime | None:
    """Return where the first half of a window ends, None for one that is not to be cut."""
    length = (until or datetime.now(UTC)) - since
    return since + length / 2 if length > SHORTEST else None


def _end(since: datetime, until: datetime) -> datetime | None:
    """Return where the window after one that a page held ends, twice as long; None where that is not over yet."""
    end = until + (until - since) * 2
    return end if end < datetime.now(UTC) else None


def _with(url: str, query: dict[str, str], wanted: str, offset: int = 0) -> str:
    return f"{url.partition('?')[0]}?{urlencode(query | {'filter': wanted, 'offset': offset})}"


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


POLLER = Poller(_first, _of_day, _read)

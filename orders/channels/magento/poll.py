"""Asking Magento 2 for orders that changed."""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode, urlsplit

from oms.lib.errors import Invalid
from orders.channels import poll
from orders.channels.magento.rest import PAGE, ROOT, criteria
from orders.channels.poll import Page, Poller, found_in, parsed, rows_of
from orders.channels.shop import Shop


def _first(shop: Shop, since: datetime) -> str:
    return _search(shop, "updated_at", ("gteq", since))


def _of_day(shop: Shop, begin: datetime, end: datetime) -> str:
    return _search(shop, "created_at", ("gteq", begin), ("lt", end))


def _search(shop: Shop, name: str, *conditions: tuple[str, datetime]) -> str:
    said = [(name, condition, at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")) for condition, at in conditions]
    return f"{shop.base_url.rstrip('/')}{ROOT}/orders?{urlencode(criteria(name, *said))}"


def _read(url: str, body: bytes, headers: Mapping[str, str]) -> Page:
    """Read a page. One past the last would be the last again, so it is counted how many there are in all."""
    said = parsed(body)
    if not isinstance(said, dict):
        raise Invalid("The shop's answer is no list of orders.")
    rows = rows_of(said.get("items") or [])
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    page, total = int(query[PAGE]), said.get("total_count")
    is_last = not rows or not isinstance(total, int) or page * poll.PER_PAGE >= total
    next_url = "" if is_last else f"{url.partition('?')[0]}?{urlencode(query | {PAGE: page + 1})}"
    return Page(tuple(found_in(row, "updated_at", ident="entity_id") for row in rows), next_url)


POLLER = Poller(_first, _of_day, _read, counts_pages=True)

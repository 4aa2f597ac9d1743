"""Calls of Shopify's GraphQL Admin API. https://shopify.dev/docs/api/admin-graphql"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import reduce
from typing import Any

from orders.channels.shop import Shop, ShopError

VERSION = "2025-01"
PATH = f"/admin/api/{VERSION}/graphql.json"
# What the bucket of points needs to fill up somewhat where the answer does not say how full it is.
THROTTLED = timedelta(seconds=2)


def gid(kind: str, ident: str) -> str:
    """Return an id as GraphQL has it: gid://shopify/Order/1 of 1."""
    return f"gid://shopify/{kind}/{ident}"


def bare(ident: Any) -> str:
    """Return an id as REST has it."""
    return str(ident or "").rpartition("/")[2]


def ask(shop: Shop, query: str, **variables: Any) -> dict[str, Any]:
    """Return the data of an answer; raises ShopError."""
    said = shop.ask("POST", PATH, {"query": query, "variables": variables})
    errors = said.get("errors") if isinstance(said, dict) else None
    if errors:
        _complain(errors)
    if not isinstance(said, dict) or not isinstance(said.get("data"), dict):
        raise ShopError("The shop's answer holds no data.")
    return said["data"]


def pages(shop: Shop, query: str, *path: str, after: str | None = None, **variables: Any) -> Iterator[dict[str, Any]]:
    """Yield the data of one answer after the other: each goes on `$after` the page of the list at `path` before it."""
    while True:
        said = ask(shop, query, after=after, **variables)
        yield said
        found = reduce(lambda part, name: part.get(name) or {}, path, said)
        before, after = after, next_page(found)
        if after in (None, before):
            return


def change(shop: Shop, mutation: str, name: str, **variables: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return what the mutation `name` answers, and its user errors."""
    made = ask(shop, mutation, **variables).get(name) or {}
    errors = [error for key in ("userErrors", "orderCancelUserErrors") for error in made.get(key) or []]
    return made, errors


def refuse(errors: Iterable[dict[str, Any]]) -> None:
    """Raise the ShopError that user errors are, if there are any."""
    texts = [str(error.get("message")) for error in errors]
    if texts:
        raise ShopError(f"Shopify: {' '.join(texts)}", retry=False)


def nodes(connection: Any) -> list[dict[str, Any]]:
    """Return the rows of a list as GraphQL has it."""
    return list((connection or {}).get("nodes") or [])


def next_page(connection: Any) -> str | None:
    """Return where the page after this one of a list begins, None when it is the last."""
    info = (connection or {}).get("pageInfo") or {}
    return info.get("endCursor") if info.get("hasNextPage") else None


def _complain(errors: Any) -> None:
    rows = [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
    codes = {str((error.get("extensions") or {}).get("code")) for error in rows}
    text = " ".join(str(error.get("message")) for error in rows) or str(errors)
    if "THROTTLED" in codes:
        raise ShopError("The shop is busy.", wait=THROTTLED)
    if "ACCESS_DENIED" in codes:
        raise ShopError(f"The shop refuses our key: {text}")
    raise ShopError(f"Shopify: {text}", retry="INTERNAL_SERVER_ERROR" in codes)

"""JSON:API (https://jsonapi.org/format/1.0/) as the plain documents that Shopware has too."""

from typing import Any

DEEPEST = 5
MOST_LINKS = 20_000

Key = tuple[str, str]


def plain(value: Any) -> Any:
    """Return a document with each resource's attributes, and what it relates to, in one object."""
    if not isinstance(value, dict) or not isinstance(value.get("data"), dict | list):
        return value
    included = value.get("included")
    return {**value, "data": _Resources(included if isinstance(included, list) else []).plain(value["data"], ())}


class _Resources:
    """What a document includes; no relation is followed in a circle, and not more of them than orders have."""

    def __init__(self, included: list[Any]) -> None:
        self.index = {_key(part): part for part in included if isinstance(part, dict)}
        self.left = MOST_LINKS

    def plain(self, value: Any, within: tuple[Key, ...]) -> Any:
        if isinstance(value, list):
            return [self.plain(part, within) for part in value]
        if not isinstance(value, dict) or not isinstance(value.get("attributes"), dict):
            return value
        inside = (*within, _key(value))
        related = value.get("relationships")
        links = related.items() if isinstance(related, dict) and len(inside) <= DEEPEST else ()
        found = {
            name: self.plain(self.linked(link["data"], inside), inside)
            for name, link in links
            if isinstance(link, dict) and link.get("data")
        }
        return {**value["attributes"], **found, "id": value.get("id")}

    def linked(self, link: Any, inside: tuple[Key, ...]) -> Any:
        """Return what a relation names, where the document includes it."""
        if isinstance(link, list):
            return [part for part in (self.linked(one, inside) for one in link) if part]
        if not isinstance(link, dict) or _key(link) in inside or not self.left:
            return None
        self.left -= 1
        return self.index.get(_key(link))


def _key(resource: dict[str, Any]) -> Key:
    return str(resource.get("type")), str(resource.get("id"))

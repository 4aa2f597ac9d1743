"""Documents of the GraphQL Admin API in the shape that the REST API and webhooks have."""

import re
from typing import Any

HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def as_rest(value: Any) -> Any:
    """Return a document with names like `line_items` and plain lists instead of edges and nodes."""
    if isinstance(value, list):
        return [as_rest(part) for part in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("nodes"), list):
        return as_rest(value["nodes"])
    if isinstance(value.get("edges"), list):
        return [as_rest(edge.get("node") if isinstance(edge, dict) else edge) for edge in value["edges"]]
    return {HUMP.sub("_", name).lower(): as_rest(part) for name, part in value.items()}

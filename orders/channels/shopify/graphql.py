"""Documents of the GraphQL Admin API in the shape that the REST API and webhooks have."""

import re
from typing import Any

# In which list of its parent a row of a bulk operation belongs, where the plural of its kind is not that.
BELOW = {"FulfillmentLineItem": "fulfillment_line_items", "OrderTransaction": "transactions"}
KIND = re.compile(r"gid://shopify/(\w+)/")
PARENT = "__parent_id"
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


def gathered(rows: list[Any]) -> list[Any]:
    """Return the documents of a bulk operation (JSONL), each row that names a parent inside that one.

    https://shopify.dev/docs/api/usage/bulk-operations/queries
    """
    known: dict[str, dict] = {}  # a parent stands before what is in it
    found = []
    for row in rows:
        parent = known.get(str(row.get(PARENT))) if isinstance(row, dict) else None
        if parent is None:
            found.append(row)
        else:
            kind = KIND.match(str(row.get("id")))
            name = (BELOW.get(kind[1]) or HUMP.sub("_", kind[1]).lower() + "s") if kind else "others"
            below = parent.setdefault(name, [])
            if isinstance(below, list):
                below.append(row)
        if isinstance(row, dict):
            known.setdefault(str(row.get("id")), row)
    return found

"""Talking with a merchant's own Karrio server: https://docs.karrio.io/reference/openapi/."""

from collections.abc import Iterator
from typing import Any

from fulfilment.carriers.base import CarrierError
from fulfilment.carriers.http import LATER, Client, account_of
from fulfilment.carriers.tree import Node
from oms.lib.text import one_line


class KarrioClient(Client):
    """Karrio's API under one key."""

    name = "Karrio"
    later = LATER - {409}  # a shipment that is not a draft any more
    # It passes on what carriers refuse, and in the same way that one of them did not answer it, or not in sense.
    unsure = frozenset({"SHIPPING_SDK_INTERNAL_ERROR", "500", "502", "503", "504"})

    def complaint(self, said: Node) -> tuple[str, str]:
        """Return what Karrio itself complains of ("errors"), or the carriers that it asked ("messages")."""
        rows = said.rows("errors") or said.rows("messages")
        codes = [one_line(str(row.at("code").value)) for row in rows]
        return "; ".join(words_of(row) for row in rows[:5]), next((code for code in codes if code in self.unsure), "")


def client_of(carrier: str, *, url: str, timeout_s: float) -> tuple[KarrioClient, list[str]]:
    """Return the client of our Carrier with this code, and which carrier_ids of Karrio are asked ([]: all)."""
    key, accounts = account_of(carrier, KarrioClient.name)
    if not url:
        raise CarrierError("Nobody said where Karrio is: set KARRIO_URL.", retry=False)
    return KarrioClient(f"{url.rstrip('/')}/v1", f"Token {key}", timeout_s), accounts


def words_of(row: Node) -> str:
    """Return one complaint in a line: whose it is, its message, and which fields it names."""
    details = ", ".join(list(_details(row.at("details").value))[:5])
    words = [row.text(name) for name in ("carrier_id", "message")] if isinstance(row.value, dict) else [row.text()]
    return ": ".join(part for part in (*words, details) if part)


def _details(value: Any, path: str = "") -> Iterator[str]:
    """Yield "recipient.postal_code This field is required." of whatever tree the details are."""
    if isinstance(value, dict) and isinstance(value.get("message"), str):
        yield f"{path} {one_line(value['message'])}".strip()
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _details(inner, f"{path}.{name}".strip("."))
    elif isinstance(value, list):
        for inner in value:
            yield from _details(inner, path)
    elif isinstance(value, str):
        yield f"{path} {one_line(value)}".strip()

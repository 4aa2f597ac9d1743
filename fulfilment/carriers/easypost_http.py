"""Talking with EasyPost's API: https://docs.easypost.com/docs/authentication, /docs/errors."""

from base64 import b64encode

from fulfilment.carriers.http import Client, account_of
from fulfilment.carriers.tree import Node
from oms.lib.text import one_line


class EasyPostClient(Client):
    """EasyPost's API under one key."""

    name = "EasyPost"

    def complaint(self, said: Node) -> tuple[str, str]:
        """Return the message with what its fields lack, and the code."""
        error = said.at("error")
        details = "; ".join(filter(None, (_detail(row) for row in error.rows("errors")[:5])))
        words = [error.first(("message",), ("code",)), details]
        return " ".join(part for part in words if part), error.text("code")


def client_of(carrier: str, *, url: str, timeout_s: float) -> tuple[EasyPostClient, list[str]]:
    """Return the client of our Carrier with this code, and which of its carrier accounts are asked ([]: all)."""
    key, accounts = account_of(carrier, EasyPostClient.name)
    token = b64encode(f"{key}:".encode()).decode()
    return EasyPostClient(f"{url.rstrip('/')}/v2", f"Basic {token}", timeout_s), accounts


def _detail(row: Node) -> str:
    if isinstance(row.value, str):
        return one_line(row.value)
    return ": ".join(part for part in (row.text("field"), row.text("message")) if part)

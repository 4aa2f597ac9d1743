"""Talking with EasyPost's API: https://docs.easypost.com/docs/authentication, /docs/errors."""

import json
from base64 import b64encode
from typing import Any

from django.conf import settings

from fulfilment.carriers.base import CarrierError
from fulfilment.carriers.tree import Node, read_tree
from oms.lib.http import Answer, HttpError, call
from oms.lib.text import one_line

MOST_ANSWER = 2_000_000
MOST_FILE = 5_000_000
# Nobody knows whether these did what was asked, or they did nothing and will later.
LATER = {408, 409, 425, 429, *range(500, 600)}


class Refused(CarrierError):
    """EasyPost said no: `status` of HTTP, and `code` as its errors have it (SHIPMENT.POSTAGE.EXISTS)."""

    def __init__(self, message: str, *, answer: int, code: str = "") -> None:
        super().__init__(message, retry=False)
        self.answer = answer
        self.code = code


class Client:
    """The API under one key."""

    def __init__(self, url: str, key: str, timeout_s: float) -> None:
        self.url = url.rstrip("/")
        self.timeout_s = timeout_s
        token = b64encode(f"{key}:".encode()).decode()
        self.headers = {"Authorization": f"Basic {token}", "Accept": "application/json"}

    def get(self, path: str) -> Node:
        return self._ask("GET", path, None)

    def post(self, path: str, data: dict[str, Any]) -> Node:
        return self._ask("POST", path, json.dumps(data).encode())

    def _ask(self, method: str, path: str, body: bytes | None) -> Node:
        headers = self.headers | ({"Content-Type": "application/json"} if body is not None else {})
        answer = self._call(method, f"{self.url}/v2/{path}", body, headers, MOST_ANSWER)
        if answer.is_ok:
            return _tree(answer.body)
        raise _error(answer)

    def fetch(self, url: str) -> bytes:
        """Return the file behind an address that an answer names; our key is not shown there."""
        answer = self._call("GET", url, None, {}, MOST_FILE + 1)
        if not answer.is_ok or not answer.body:
            raise CarrierError(f"EasyPost's file could not be fetched: HTTP {answer.status}.", retry=True)
        if len(answer.body) > MOST_FILE:
            raise CarrierError(f"EasyPost's file has more than {MOST_FILE} bytes.", retry=True)
        return answer.body

    def _call(self, method: str, url: str, body: bytes | None, headers: dict[str, str], most: int) -> Answer:
        try:
            return call(method, url, body, headers=headers, timeout_s=self.timeout_s, most=most)
        except HttpError as error:
            text = one_line(str(error))[:150]
            raise CarrierError(f"EasyPost does not answer ({text}).", retry=True) from error


def client_of(carrier: str, *, url: str, timeout_s: float) -> tuple[Client, list[str]]:
    """Return the Client of our Carrier with this code, and which of its carrier accounts are asked ([]: all).

    Raises CarrierError where CARRIER_KEYS names no key.
    """
    keys = {code.casefold(): entry for code, entry in settings.CARRIER_KEYS.items()}
    entry = keys.get(carrier.casefold())
    entry = {"key": entry} if isinstance(entry, str) else entry
    if not isinstance(entry, dict) or not entry.get("key"):
        raise CarrierError(f"There is no key for {carrier or 'EasyPost'}: name it in CARRIER_KEYS.", retry=False)
    return Client(url, entry["key"], timeout_s), list(entry.get("accounts", []))


def _tree(body: bytes) -> Node:
    """Return an answer; one that is cut off or garbled tells nothing of what was done."""
    try:
        return read_tree(body)
    except CarrierError as error:
        raise CarrierError(f"EasyPost's answer cannot be read: {error.message}", retry=True) from error


def _error(answer: Answer) -> CarrierError:
    try:
        said = read_tree(answer.body).at("error")
        message = said.first(("message",), ("code",))
        code = said.text("code")
        details = "; ".join(filter(None, (_detail(row) for row in said.rows("errors")[:5])))
    except CarrierError:
        message, code, details = "", "", ""
    words = " ".join(part for part in (message, details) if part) or f"HTTP {answer.status}"
    if answer.status in LATER:
        return CarrierError(f"EasyPost: {words[:250]}.", retry=True, after_s=answer.wait_s)
    if answer.status in (401, 403):
        words = f"the key of CARRIER_KEYS is not accepted ({words[:120]})"
    return Refused(f"EasyPost: {words[:250].rstrip('.')}.", answer=answer.status, code=code)


def _detail(row: Node) -> str:
    if isinstance(row.value, str):
        return one_line(row.value)
    return ": ".join(part for part in (row.text("field"), row.text("message")) if part)

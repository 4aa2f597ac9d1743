"""Talking with those who sell the labels of carriers, and what is known after each of their answers."""

import json
from typing import Any

from django.conf import settings

from fulfilment.carriers.base import CarrierError, Rate
from fulfilment.carriers.tree import Node, read_tree
from oms.lib.http import Answer, HttpError, call
from oms.lib.text import one_line

MOST_ANSWER = 2_000_000
MOST_FILE = 5_000_000
# Nobody knows whether these did what was asked, or they did nothing and will later.
LATER = frozenset({408, 409, 425, 429, *range(500, 600)})
FORMS = {b"%PDF": "pdf", b"\x89PNG": "png", b"^XA": "zpl"}


class Refused(CarrierError):
    """They said no: `answer` is the status of HTTP, and `code` as their errors have it (SHIPMENT.POSTAGE.EXISTS)."""

    def __init__(self, message: str, *, answer: int, code: str = "") -> None:
        super().__init__(message, retry=False)
        self.answer = answer
        self.code = code


class Client:
    """An API under one key; `name` is whose, `unsure` are codes of errors after which nobody knows."""

    name = ""
    later = LATER
    unsure: frozenset[str] = frozenset()

    def __init__(self, url: str, authorization: str, timeout_s: float) -> None:
        self.url = url.rstrip("/")
        self.timeout_s = timeout_s
        self.headers = {"Authorization": authorization, "Accept": "application/json"}

    def complaint(self, said: Node) -> tuple[str, str]:
        """Return (what a refusal says in words, its code)."""
        raise NotImplementedError

    def get(self, path: str) -> Node:
        return self._ask("GET", path, None)

    def post(self, path: str, data: dict[str, Any]) -> Node:
        return self._ask("POST", path, json.dumps(data).encode())

    def _ask(self, method: str, path: str, body: bytes | None) -> Node:
        headers = self.headers | ({"Content-Type": "application/json"} if body is not None else {})
        answer = self._call(method, f"{self.url}/{path}", body, headers, MOST_ANSWER)
        if answer.is_ok:
            return self._tree(answer.body)
        raise self._error(answer)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> bytes:
        """Return the file behind an address; our key is not shown there, unless it is among `headers`."""
        answer = self._call("GET", url, None, headers or {}, MOST_FILE + 1)
        if not answer.is_ok or not answer.body:
            raise CarrierError(f"{self.name}'s file could not be fetched: HTTP {answer.status}.", retry=True)
        if len(answer.body) > MOST_FILE:
            raise CarrierError(f"{self.name}'s file has more than {MOST_FILE} bytes.", retry=True)
        return answer.body

    def _call(self, method: str, url: str, body: bytes | None, headers: dict[str, str], most: int) -> Answer:
        try:
            return call(method, url, body, headers=headers, timeout_s=self.timeout_s, most=most)
        except HttpError as error:
            text = one_line(str(error))[:150]
            raise CarrierError(f"{self.name} does not answer ({text}).", retry=True) from error

    def _tree(self, body: bytes) -> Node:
        """Return an answer; one that is cut off or garbled tells nothing of what was done."""
        try:
            return read_tree(body)
        except CarrierError as error:
            raise CarrierError(f"{self.name}'s answer cannot be read: {error.message}", retry=True) from error

    def _error(self, answer: Answer) -> CarrierError:
        try:
            words, code = self.complaint(read_tree(answer.body))
        except CarrierError:
            words, code = "", ""
        words = words or f"HTTP {answer.status}"
        if answer.status in self.later or code in self.unsure:
            return CarrierError(f"{self.name}: {words[:250]}.", retry=True, after_s=answer.wait_s)
        if answer.status in (401, 403):
            words = f"the key of CARRIER_KEYS is not accepted ({words[:120]})"
        return Refused(f"{self.name}: {words[:250].rstrip('.')}.", answer=answer.status, code=code)


def account_of(carrier: str, name: str) -> tuple[str, list[str]]:
    """Return the key of our Carrier with this code, and which of its carrier accounts are asked ([]: all).

    Raises CarrierError where CARRIER_KEYS names no key.
    """
    keys = {code.casefold(): entry for code, entry in settings.CARRIER_KEYS.items()}
    entry = keys.get(carrier.casefold())
    entry = {"key": entry} if isinstance(entry, str) else entry
    if not isinstance(entry, dict) or not entry.get("key"):
        raise CarrierError(f"There is no key for {carrier or name}: name it in CARRIER_KEYS.", retry=False)
    return entry["key"], list(entry.get("accounts", []))


def chosen(offers: dict[str, Rate], service: str, *, name: str, why_none: str) -> str:
    """Return the id of the cheapest of the offers by `service`; of all without one. Raises CarrierError."""
    fitting = [offer for offer, rate in offers.items() if service.casefold() in ("", rate.service.casefold())]
    if not fitting:
        known = ", ".join(rate.service for rate in offers.values()) or why_none
        raise CarrierError(
            f"{name} does not offer {service or 'anything'} for this parcel: {known[:180]}.", retry=False
        )
    return min(fitting, key=lambda offer: offers[offer].amount)


def form_of(content: bytes, name: str) -> str:
    """Return in which form a label's file is. Raises CarrierError where it is in none that we print."""
    form = next((form for begin, form in FORMS.items() if content.lstrip()[:8].startswith(begin)), "")
    if not form:
        raise CarrierError(f"{name}'s label is neither PDF, PNG nor ZPL.", retry=True)
    return form


def page_of(url: str) -> str:
    """Return the address of a parcel's page, "" for one that is not shown to customers."""
    return url if url.startswith("https://") and len(url) <= 200 else ""

"""A shop that is called: what it answers, or why it does not, in one kind of error."""

import json
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from oms.lib import http
from oms.lib.text import clean
from oms.lib.tree import MOST_BYTES

BUSY = 429
REFUSED = (401, 403)
RESET_MS = "x-rate-limit-time-reset-ms"  # how BigCommerce says what others say in Retry-After
EMPTY = (202, 204)  # it is taken, and there may be nothing more to say


class ShopError(Exception):
    """The shop did not do it; with `retry` it was not able to, and `wait` is how long it asks to be left alone.

    Without, it never will as it was asked. After one with `retry` nobody knows whether it was done.
    """

    def __init__(self, message: str, *, retry: bool = True, wait: timedelta | None = None) -> None:
        super().__init__(clean(message)[:300])
        self.retry = retry
        self.wait = wait


@dataclass(frozen=True)
class Shop:
    """Where a shop is, and what is sent along with each call."""

    base_url: str
    headers: dict[str, str] = field(repr=False)
    timeout_s: float = 10

    def call(self, method: str, url: str, body: bytes | None = None) -> http.Answer:
        """Return the Answer of an address of the shop; raises ShopError for all but a success."""
        answer = self.send(method, url, body)
        if answer.status == BUSY:
            raise ShopError("The shop is busy.", wait=timedelta(seconds=self.wait_s(url, answer)) or None)
        if answer.status in REFUSED:
            raise ShopError(self.refusal(answer))
        if not answer.is_ok:
            reason = reason_of(answer)
            is_final = answer.status < 500 or reason
            raise ShopError(f"The shop answers {answer.status}{f': {reason}' if reason else '.'}", retry=not is_final)
        return answer

    def send(self, method: str, url: str, body: bytes | None = None) -> http.Answer:
        """Return whatever is answered; raises ShopError where nothing is."""
        more = {"Accept": "application/json"} | ({"Content-Type": "application/json"} if body else {})
        try:
            return http.call(method, url, body, headers=self.headers | more, timeout_s=self.timeout_s, most=MOST_BYTES)
        except http.HttpError as error:
            raise ShopError(str(error)) from error

    def wait_s(self, url: str, answer: http.Answer) -> float:
        """Return for how many seconds a busy shop asks to be left alone, 0 where it does not say."""
        reset = answer.headers.get(RESET_MS, "")
        return answer.wait_s or (int(reset) / 1000 if re.fullmatch(r"[0-9]{1,6}", reset) else 0)

    def refusal(self, answer: http.Answer) -> str:
        """Say that a shop does not take our key."""
        return f"The shop refuses our key ({answer.status}): give a new one."

    def ask(self, method: str, path: str, said: Any = None) -> Any:
        """Send `said` as JSON and return what is answered as it is parsed, None of nothing; raises ShopError."""
        body = None if said is None else json.dumps(said).encode()
        answer = self.call(method, self.base_url.rstrip("/") + path, body)
        if answer.status in EMPTY and not answer.body:
            return None
        try:
            # Numbers stay as they are written: a float would not be the same amount.
            return json.loads(answer.body, parse_float=str)
        except (ValueError, RecursionError):
            raise ShopError("The shop's answer is no JSON.") from None


def reason_of(answer: http.Answer) -> str:
    """Return why a shop says that it will not, in its own words; "" where it only failed."""
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ""
    if isinstance(said, list):  # BigCommerce's V2
        said = next(iter(said), None)
    if not isinstance(said, dict):
        return ""
    words = said.get("message") or said.get("title") or said.get("errors") or ""
    # WooCommerce says what it refuses with any status; WordPress's own failures have another code.
    is_said = answer.status < 500 or str(said.get("code", "")).startswith("woocommerce_")
    text = _filled(words, said.get("parameters")) if isinstance(words, str) else json.dumps(words)
    return text[:200] if is_said else ""


def _filled(text: str, given: Any) -> str:
    """Return what Magento says with its parameters in their places: %fieldName, or %1 of a list."""
    pairs = given.items() if isinstance(given, dict) else enumerate(given, start=1) if isinstance(given, list) else ()
    for name, value in pairs:
        text = text.replace(f"%{name}", str(value))
    return text

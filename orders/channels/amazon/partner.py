"""Calling the Selling Partner API: tokens of an hour, had from Login with Amazon and kept sealed in the cache.

https://developer-docs.amazon.com/sp-api/docs/connecting-to-the-selling-partner-api. Names and addresses are shown to an
app that has the roles for them.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.core.cache import cache

from oms.lib import http
from oms.lib.seal import seal, unseal
from orders.channels.shop import BUSY, REFUSED, Shop, ShopError, reason_of

ORDERS = "/orders/2026-01-01/orders"
TOKEN_HEADER = "x-amz-access-token"
RATE_HEADER = "x-amzn-ratelimit-limit"
EARLY_S = 60  # a token is renewed so long before it expires
# A list of orders is asked for so often, as Amazon's bucket of 20 calls fills up again.
EVERY = timedelta(minutes=3)
# Until the bucket of an operation holds a request again, where a 429 says neither rate nor time.
WAIT_S, LONGEST_WAIT_S = 2, 240


@dataclass(frozen=True)
class SellingPartner(Shop):
    """A seller of Amazon at the endpoint of a region, with the marketplaces that he sells in."""

    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    seller_id: str = ""
    marketplaces: tuple[str, ...] = ()

    def send(self, method: str, url: str, body: bytes | None = None) -> http.Answer:
        """Send a call with the token that it needs; one that is refused is renewed, once."""
        answer = self._with_token(method, url, body)
        return self._with_token(method, url, body, anew=True) if answer.status in REFUSED else answer

    def wait_s(self, url: str, answer: http.Answer) -> float:
        """Return when the next call is free: Retry-After, or else the operation's rate, as far as Amazon says it."""
        try:
            rate = float(answer.headers.get(RATE_HEADER, ""))
        except ValueError:
            rate = 0
        if answer.wait_s or rate > 0:
            return answer.wait_s or min(1 / rate, LONGEST_WAIT_S)
        return EVERY.total_seconds() if urlsplit(url).path == ORDERS else WAIT_S

    def refusal(self, answer: http.Answer) -> str:
        return f"Amazon refuses our key ({answer.status}): {reason_of(answer) or 'authorise the app anew'}."

    def _with_token(self, method: str, url: str, body: bytes | None, *, anew: bool = False) -> http.Answer:
        headers = {TOKEN_HEADER: self._access(anew=anew)}
        return Shop(self.base_url, headers, self.timeout_s).send(method, url, body)

    def _access(self, *, anew: bool) -> str:
        """Return the token that is known and has not expired, else a new one."""
        who = json.dumps([self.base_url, sorted(self.credentials.items())])
        key = f"amazon:{hashlib.sha256(who.encode()).hexdigest()}"
        sealed = None if anew else cache.get(key)
        if sealed:
            return unseal(sealed)
        token, lives_s = self._log_in()
        cache.set(key, seal(token), max(lives_s - EARLY_S, 1))
        return token

    def _log_in(self) -> tuple[str, int]:
        """Return (token, seconds it lives). …/docs/connecting-to-the-selling-partner-api, step 1"""
        said = {
            "grant_type": "refresh_token",
            "refresh_token": self.credentials.get("token", ""),
            "client_id": self.credentials.get("key", ""),
            "client_secret": self.credentials.get("key_secret", ""),
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        try:
            answer = http.post(
                settings.AMAZON_LOGIN_URL, urlencode(said).encode(), headers=headers, timeout_s=self.timeout_s
            )
        except http.HttpError as error:
            raise ShopError(str(error)) from error
        if answer.status == BUSY or answer.status >= 500:
            raise ShopError(f"Login with Amazon answers {answer.status}.")
        made = _object(answer.body)
        if not answer.is_ok:
            words = made.get("error_description") or made.get("error") or answer.status
            raise ShopError(f"Amazon refuses our key: {words}. Give a new one.")
        token, lives_s = made.get("access_token"), made.get("expires_in")
        if not isinstance(token, str) or not token.isascii() or not isinstance(lives_s, int):
            raise ShopError("Amazon's answer holds no token.")
        return token, lives_s


def segment(text: str) -> str:
    """Return a text as a part of a path; a SKU may hold a slash."""
    return quote(text, safe="")


def partner_of(shop: Shop) -> SellingPartner:
    """Return the Shop of an Amazon connection as what it is."""
    return cast(SellingPartner, shop)


def _object(body: bytes) -> dict:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}

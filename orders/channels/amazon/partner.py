"""Calling the Selling Partner API: tokens of an hour, had from Login with Amazon and kept sealed in the cache.

https://developer-docs.amazon.com/sp-api/docs/connecting-to-the-selling-partner-api. Lists of orders are asked for with
a restricted data token, without which they hold no address: …/docs/tokens-api-use-case-guide
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.core.cache import cache

from oms.lib import http
from oms.lib.seal import seal, unseal
from orders.channels.shop import BUSY, REFUSED, Shop, ShopError, reason_of

ORDERS = "/orders/v0/orders"
RESTRICTED = {"method": "GET", "path": ORDERS, "dataElements": ["buyerInfo", "shippingAddress"]}
TOKEN_HEADER = "x-amz-access-token"
RATE_HEADER = "x-amzn-ratelimit-limit"
EARLY_S = 60  # a token is renewed so long before it expires
# Until the bucket of an operation holds a request again, where a 429 says neither rate nor time.
LIST_WAIT_S, WAIT_S, LONGEST_WAIT_S = 60, 2, 120


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
        return LIST_WAIT_S if urlsplit(url).path == ORDERS else WAIT_S

    def refusal(self, answer: http.Answer) -> str:
        return f"Amazon refuses our key ({answer.status}): {reason_of(answer) or 'authorise the app anew'}."

    def _with_token(self, method: str, url: str, body: bytes | None, *, anew: bool = False) -> http.Answer:
        is_restricted = method == "GET" and urlsplit(url).path == ORDERS
        token = self._restricted(anew=anew) if is_restricted else self._access(anew=anew)
        return Shop(self.base_url, {TOKEN_HEADER: token}, self.timeout_s).send(method, url, body)

    def _access(self, *, anew: bool) -> str:
        return self._kept("access", self._log_in, anew=anew)

    def _restricted(self, *, anew: bool) -> str:
        return self._kept("restricted", self._ask_restricted, anew=anew)

    def _kept(self, name: str, fetch: Callable[[], tuple[str, int]], *, anew: bool) -> str:
        """Return a token that is known and has not expired, else one that is fetched: (token, seconds it lives)."""
        who = json.dumps([name, self.base_url, sorted(self.credentials.items())])
        key = f"amazon:{hashlib.sha256(who.encode()).hexdigest()}"
        sealed = None if anew else cache.get(key)
        if sealed:
            return unseal(sealed)
        token, lives_s = fetch()
        cache.set(key, seal(token), max(lives_s - EARLY_S, 1))
        return token

    def _log_in(self) -> tuple[str, int]:
        """https://developer-docs.amazon.com/sp-api/docs/connecting-to-the-selling-partner-api, step 1"""
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
        return _token_of(made, "access_token", "expires_in")

    def _ask_restricted(self) -> tuple[str, int]:
        made = self.ask("POST", "/tokens/2021-03-01/restrictedDataToken", {"restrictedResources": [RESTRICTED]})
        return _token_of(made, "restrictedDataToken", "expiresIn")


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


def _token_of(said: object, name: str, lives: str) -> tuple[str, int]:
    """Return (token, seconds it lives) of an answer."""
    found = said if isinstance(said, dict) else {}
    token, lives_s = found.get(name), found.get(lives)
    if not isinstance(token, str) or not token.isascii() or not isinstance(lives_s, int):
        raise ShopError("Amazon's answer holds no token.")
    return token, lives_s

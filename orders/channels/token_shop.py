"""A shop that takes tokens of an hour or two: had with what never leaves the connection, kept sealed in the cache."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.core.cache import cache

from oms.lib import http
from oms.lib.seal import seal, unseal
from orders.channels.shop import BUSY, REFUSED, Shop, ShopError

EARLY_S = 60  # a token is renewed so long before it expires


@dataclass(frozen=True)
class TokenShop(Shop):
    """A Shop whose calls carry a token; each platform says where it is had, and in which header it goes along."""

    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    who: ClassVar[str] = ""

    def send(self, method: str, url: str, body: bytes | None = None) -> http.Answer:
        """Send a call with the token that it needs; one that is refused is renewed, once."""
        answer = self._with_token(method, url, body)
        return self._with_token(method, url, body, anew=True) if answer.status in REFUSED else answer

    def headers_with(self, token: str) -> dict[str, str]:
        """Return what a call carries."""
        raise NotImplementedError

    def login(self) -> tuple[str, dict[str, str], dict[str, str]]:
        """Return (address, headers, form) of what a token is asked for with."""
        raise NotImplementedError

    def _with_token(self, method: str, url: str, body: bytes | None, *, anew: bool = False) -> http.Answer:
        headers = self.headers_with(self._access(anew=anew))
        return Shop(self.base_url, headers, self.timeout_s).send(method, url, body)

    def _access(self, *, anew: bool) -> str:
        """Return the token that is known and has not expired, else a new one."""
        who = json.dumps([self.base_url, sorted(self.credentials.items())])
        key = f"token:{hashlib.sha256(who.encode()).hexdigest()}"
        sealed = None if anew else cache.get(key)
        if sealed:
            return unseal(sealed)
        token, lives_s = self._log_in()
        cache.set(key, seal(token), max(lives_s - EARLY_S, 1))
        return token

    def _log_in(self) -> tuple[str, int]:
        """Return (token, seconds it lives)."""
        url, headers, form = self.login()
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        try:
            answer = http.post(url, urlencode(form).encode(), headers=headers, timeout_s=self.timeout_s)
        except http.HttpError as error:
            raise ShopError(str(error)) from error
        if answer.status == BUSY or answer.status >= 500:
            raise ShopError(f"Login with {self.who} answers {answer.status}.")
        made = _object(answer.body)
        if not answer.is_ok:
            words = made.get("error_description") or made.get("error") or answer.status
            raise ShopError(f"{self.who} refuses our key: {words}. Give a new one.")
        token, lives_s = made.get("access_token"), made.get("expires_in")
        if not isinstance(token, str) or not token.isascii() or not isinstance(lives_s, int):
            raise ShopError(f"{self.who}'s answer holds no token.")
        return token, lives_s


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}

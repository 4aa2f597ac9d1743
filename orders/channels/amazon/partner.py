"""Calling the Selling Partner API: tokens of an hour, had from Login with Amazon.

https://developer-docs.amazon.com/sp-api/docs/connecting-to-the-selling-partner-api. Names and addresses are shown to an
app that has the roles for them.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, cast
from urllib.parse import quote, urlsplit

from django.conf import settings

from oms.lib import http
from orders.channels.shop import Shop, reason_of
from orders.channels.token_shop import TokenShop

ORDERS = "/orders/2026-01-01/orders"
TOKEN_HEADER = "x-amz-access-token"
RATE_HEADER = "x-amzn-ratelimit-limit"
# A list of orders is asked for so often, as Amazon's bucket of 20 calls fills up again.
EVERY = timedelta(minutes=3)
# Until the bucket of an operation holds a request again, where a 429 says neither rate nor time.
WAIT_S, LONGEST_WAIT_S = 2, 240


@dataclass(frozen=True)
class SellingPartner(TokenShop):
    """A seller of Amazon at the endpoint of a region, with the marketplaces that he sells in."""

    who: ClassVar[str] = "Amazon"
    seller_id: str = ""
    marketplaces: tuple[str, ...] = ()

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

    def headers_with(self, token: str) -> dict[str, str]:
        return {TOKEN_HEADER: token}

    def login(self) -> tuple[str, dict[str, str], dict[str, str]]:
        """…/docs/connecting-to-the-selling-partner-api, step 1"""
        form = {
            "grant_type": "refresh_token",
            "refresh_token": self.credentials.get("token", ""),
            "client_id": self.credentials.get("key", ""),
            "client_secret": self.credentials.get("key_secret", ""),
        }
        return settings.AMAZON_LOGIN_URL, {}, form


def segment(text: str) -> str:
    """Return a text as a part of a path; a SKU may hold a slash."""
    return quote(text, safe="")


def partner_of(shop: Shop) -> SellingPartner:
    """Return the Shop of an Amazon connection as what it is."""
    return cast(SellingPartner, shop)

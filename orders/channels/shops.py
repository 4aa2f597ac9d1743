"""Which platform is called with which log in: the one door to calling any."""

import base64
from collections.abc import Callable, Mapping

from orders.channels.amazon.partner import SellingPartner
from orders.channels.ebay.poll import Seller
from orders.channels.shop import Shop
from orders.models.connection import Connection


def shop_of(connection: Connection, *, timeout_s: float) -> Shop:
    """Return the Shop of a connection, which calls nobody yet; raises DomainError where its keys cannot be read."""
    credentials = connection.credentials
    if connection.kind == "amazon":
        marketplaces = tuple(connection.marketplaces.split(","))
        return SellingPartner(
            connection.base_url, {}, timeout_s, credentials, seller_id=connection.account, marketplaces=marketplaces
        )
    if connection.kind == "ebay":
        return Seller(connection.base_url, {}, timeout_s, credentials)
    return Shop(connection.base_url, HEADERS[connection.kind](credentials), timeout_s)


def _woocommerce(credentials: Mapping[str, str]) -> dict[str, str]:
    pair = f"{credentials.get('key', '')}:{credentials.get('key_secret', '')}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _shopify(credentials: Mapping[str, str]) -> dict[str, str]:
    return {"X-Shopify-Access-Token": credentials.get("token", "")}


def _bigcommerce(credentials: Mapping[str, str]) -> dict[str, str]:
    return {"X-Auth-Token": credentials.get("token", "")}


def _magento(credentials: Mapping[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {credentials.get('token', '')}"}


HEADERS: dict[str, Callable[[Mapping[str, str]], dict[str, str]]] = {
    "bigcommerce": _bigcommerce,
    "magento": _magento,
    "shopify": _shopify,
    "woocommerce": _woocommerce,
}

"""Which platform is asked by whom: the one door to all that is fetched."""

from orders.channels.amazon import poll as amazon
from orders.channels.bigcommerce import poll as bigcommerce
from orders.channels.ebay import poll as ebay
from orders.channels.magento import poll as magento
from orders.channels.poll import SHOPIFY, WOOCOMMERCE, Poller

POLLERS: dict[str, Poller] = {
    "amazon": amazon.POLLER,
    "bigcommerce": bigcommerce.POLLER,
    "ebay": ebay.POLLER,
    "magento": magento.POLLER,
    "shopify": SHOPIFY,
    "woocommerce": WOOCOMMERCE,
}

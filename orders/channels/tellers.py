"""Which platform is told by whom: the one door to all that goes out."""

from orders.channels.out import Teller
from orders.channels.poll import POLLERS
from orders.channels.shopify import letters as shopify_letters
from orders.channels.shopify import stock as shopify_stock
from orders.channels.woocommerce import letters as woocommerce_letters
from orders.channels.woocommerce import stock as woocommerce_stock

TELLERS: dict[str, Teller] = {
    "shopify": Teller(
        headers=POLLERS["shopify"].headers,
        places=shopify_stock.places,
        variants=shopify_stock.variants,
        set_stock=shopify_stock.set_stock,
        tell=shopify_letters.tell,
    ),
    "woocommerce": Teller(
        headers=POLLERS["woocommerce"].headers,
        places=lambda shop: [],
        variants=woocommerce_stock.variants,
        set_stock=woocommerce_stock.set_stock,
        tell=woocommerce_letters.tell,
    ),
}

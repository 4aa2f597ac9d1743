"""Which platform is told by whom: the one door to all that goes out."""

from orders.channels.amazon import letters as amazon_letters
from orders.channels.amazon import stock as amazon_stock
from orders.channels.bigcommerce import letters as bigcommerce_letters
from orders.channels.bigcommerce import stock as bigcommerce_stock
from orders.channels.ebay import letters as ebay_letters
from orders.channels.ebay import stock as ebay_stock
from orders.channels.magento import letters as magento_letters
from orders.channels.magento import stock as magento_stock
from orders.channels.out import Teller
from orders.channels.shopify import letters as shopify_letters
from orders.channels.shopify import stock as shopify_stock
from orders.channels.woocommerce import letters as woocommerce_letters
from orders.channels.woocommerce import stock as woocommerce_stock

TELLERS: dict[str, Teller] = {
    "amazon": Teller(
        places=lambda shop: [],
        variants=amazon_stock.variants,
        set_stock=amazon_stock.set_stock,
        tell=amazon_letters.tell,
        at_once=1,
    ),
    "bigcommerce": Teller(
        places=bigcommerce_stock.places,
        variants=bigcommerce_stock.variants,
        set_stock=bigcommerce_stock.set_stock,
        tell=bigcommerce_letters.tell,
    ),
    "ebay": Teller(
        places=lambda shop: [],
        variants=ebay_stock.variants,
        set_stock=ebay_stock.set_stock,
        tell=ebay_letters.tell,
    ),
    "magento": Teller(
        places=magento_stock.places,
        variants=magento_stock.variants,
        set_stock=magento_stock.set_stock,
        tell=magento_letters.tell,
    ),
    "shopify": Teller(
        places=shopify_stock.places,
        variants=shopify_stock.variants,
        set_stock=shopify_stock.set_stock,
        tell=shopify_letters.tell,
    ),
    "woocommerce": Teller(
        places=lambda shop: [],
        variants=woocommerce_stock.variants,
        set_stock=woocommerce_stock.set_stock,
        tell=woocommerce_letters.tell,
    ),
}

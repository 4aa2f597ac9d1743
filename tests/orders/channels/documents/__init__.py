"""Small documents of each channel, made by hand: (kind, document, what it becomes in words)."""

from tests.orders.channels.documents.amazon import AMAZON, MWS
from tests.orders.channels.documents.bigcommerce import BIGCOMMERCE
from tests.orders.channels.documents.ebay import EBAY
from tests.orders.channels.documents.magento import MAGENTO, MAGENTO1
from tests.orders.channels.documents.others import SHOPWARE, SPREADSHEET, UNICOMMERCE
from tests.orders.channels.documents.shopify import SHOPIFY
from tests.orders.channels.documents.woocommerce import WOOCOMMERCE

TABLES = {
    "amazon": AMAZON,
    "amazon_mws_xml": MWS,
    "bigcommerce": BIGCOMMERCE,
    "ebay": EBAY,
    "magento": MAGENTO,
    "magento1": MAGENTO1,
    "shopify": SHOPIFY,
    "shopware6": SHOPWARE,
    "spreadsheet": SPREADSHEET,
    "unicommerce": UNICOMMERCE,
    "woocommerce": WOOCOMMERCE,
}
ALL = [(kind, document, said) for kind, table in TABLES.items() for document, said in table]

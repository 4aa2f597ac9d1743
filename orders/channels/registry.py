"""Which channel's documents are read by whom; the one door to all adapters."""

from collections.abc import Callable

from oms.lib.errors import Invalid
from oms.lib.tree import parse_tree
from orders.channels.amazon import reader as amazon
from orders.channels.base import Document, Other, Reader, Refused
from orders.channels.bigcommerce import reader as bigcommerce
from orders.channels.ebay import reader as ebay
from orders.channels.edi import reader as edi
from orders.channels.magento import one as magento_one
from orders.channels.magento import reader as magento
from orders.channels.reading import MOST_PROBLEMS, Doc
from orders.channels.shopify import reader as shopify
from orders.channels.shopware6 import reader as shopware6
from orders.channels.spreadsheet import reader as spreadsheet
from orders.channels.unicommerce import reader as unicommerce
from orders.channels.woocommerce import reader as woocommerce

SPREADSHEET = "spreadsheet"
READERS: dict[str, Reader] = {
    "amazon": amazon.read,
    "amazon_mws_xml": amazon.read_mws,
    "bigcommerce": bigcommerce.read,
    "ebay": ebay.read,
    "magento": magento.read,
    "magento1": magento_one.read,
    "shopify": shopify.read,
    "shopware6": shopware6.read,
    SPREADSHEET: spreadsheet.read,
    "unicommerce": unicommerce.read,
    "woocommerce": woocommerce.read,
}
EDI = "edi"
# What is neither JSON nor XML, by who reads its bytes.
RAW_READERS: dict[str, Callable[[bytes], list[Document]]] = {EDI: edi.read}
KINDS = sorted([*READERS, *RAW_READERS])
ALSO_CALLED = {"shopware": "shopware6", "magento2": "magento"}


def read_payload(kind: str, body: bytes) -> list[Document]:
    """Return what a body of a channel becomes, at least one document; what cannot be read is one Refused."""
    said = kind.strip().lower().replace("-", "_")
    name = ALSO_CALLED.get(said, said)
    if name in RAW_READERS:
        return RAW_READERS[name](body)
    reader = READERS.get(name)
    if reader is None:
        known = ", ".join(KINDS)
        return [Refused(f"No channel {kind[:40]!r} is known; known: {known}.", Other(about=""))]
    try:
        root = Doc(parse_tree(body), "")
        found = reader(root)
    except Invalid as error:
        return [Refused(error.message, Other(about=""))]
    if not found and root.problems:
        return [Refused(" ".join(root.problems[:MOST_PROBLEMS]), Other(about=""))]
    return found or [Other(about="An empty list")]

from .count import CountLine, CountSession
from .ledger import StockEntry
from .location import Bin, Location
from .sku import KitComponent, Sku, SkuBarcode
from .stock import BinStock, StockLevel
from .upload import TableUpload

__all__ = [
    "Bin",
    "BinStock",
    "CountLine",
    "CountSession",
    "KitComponent",
    "Location",
    "Sku",
    "SkuBarcode",
    "StockEntry",
    "StockLevel",
    "TableUpload",
]

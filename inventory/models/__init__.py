from .count import CountLine, CountSession
from .ledger import StockEntry
from .location import Bin, Location
from .pick_face import PickFace, RefillTask
from .purchase import PurchaseLine, PurchaseOrder
from .receipt import Receipt, ReceiptLine
from .sku import KitComponent, Sku, SkuBarcode
from .stock import BinStock, StockLevel
from .supplier import Supplier, SupplierPrice, SupplierSku
from .supplier_return import SupplierReturn, SupplierReturnLine
from .transfer import Transfer, TransferLine
from .upload import TableUpload

__all__ = [
    "Bin",
    "BinStock",
    "CountLine",
    "CountSession",
    "KitComponent",
    "Location",
    "PickFace",
    "PurchaseLine",
    "PurchaseOrder",
    "Receipt",
    "ReceiptLine",
    "RefillTask",
    "Sku",
    "SkuBarcode",
    "StockEntry",
    "StockLevel",
    "Supplier",
    "SupplierPrice",
    "SupplierReturn",
    "SupplierReturnLine",
    "SupplierSku",
    "TableUpload",
    "Transfer",
    "TransferLine",
]

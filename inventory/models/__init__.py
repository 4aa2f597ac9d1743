from .alert import StockAlert
from .count import CountLine, CountSession
from .count_class import CountClass
from .floor_plan import Aisle, CrossAisle, FloorPlan
from .forecast import Forecast
from .ledger import StockEntry
from .location import Bin, Location, LocationHoliday
from .lot import Lot
from .pick_face import PickFace, RefillTask
from .policy import AbcClass, ReorderPolicy
from .proposal import Proposal
from .purchase import PurchaseLine, PurchaseOrder
from .receipt import Receipt, ReceiptLine
from .route import TransferRoute
from .serial import Serial, SerialEntry
from .shipment_notice import NoticeLine, ShipmentNotice
from .sku import KitComponent, Sku, SkuBarcode
from .stock import BinStock, StockLevel
from .stock_change import StockChange
from .supplier import Supplier, SupplierPrice, SupplierSku
from .supplier_return import SupplierReturn, SupplierReturnLine
from .transfer import Transfer, TransferLine
from .upload import TableUpload

__all__ = [
    "AbcClass",
    "Aisle",
    "Bin",
    "BinStock",
    "CountClass",
    "CountLine",
    "CountSession",
    "CrossAisle",
    "FloorPlan",
    "Forecast",
    "KitComponent",
    "Location",
    "Lot",
    "LocationHoliday",
    "PickFace",
    "Proposal",
    "NoticeLine",
    "PurchaseLine",
    "PurchaseOrder",
    "Receipt",
    "ReceiptLine",
    "RefillTask",
    "ReorderPolicy",
    "ShipmentNotice",
    "Serial",
    "SerialEntry",
    "Sku",
    "SkuBarcode",
    "StockAlert",
    "StockChange",
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
    "TransferRoute",
]

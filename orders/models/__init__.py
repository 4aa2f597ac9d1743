from .allocation import Allocation
from .channel import Channel, Seller
from .customer import Customer
from .hold import Hold
from .lane import Lane
from .line import OrderCharge, OrderDiscount, OrderLine
from .note import Note, Tag
from .order import Order
from .price import Price
from .promise import PromiseEvent
from .search import SearchKey
from .sourcing import SourcingDecision
from .tax import TaxRate

__all__ = [
    "Allocation",
    "Channel",
    "Customer",
    "Hold",
    "Lane",
    "Note",
    "Order",
    "OrderCharge",
    "OrderDiscount",
    "OrderLine",
    "Price",
    "PromiseEvent",
    "SearchKey",
    "Seller",
    "SourcingDecision",
    "Tag",
    "TaxRate",
]

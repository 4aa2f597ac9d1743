from .account import AccountEntry, AccountLine
from .allocation import Allocation
from .change import OrderChange
from .channel import Channel, Seller
from .channel_day import ChannelDay
from .channel_document import ChannelDocument, ChannelOrder
from .channel_message import ChannelMessage
from .channel_stock import ChannelPlace, ChannelStock
from .connection import Connection, SkuAlias
from .customer import Customer
from .edi import EdiDocument, EdiInterchange, EdiPartner
from .exchange import ExchangeRate
from .gathering import Gathering
from .hold import Hold
from .immutable import ImmutableError
from .invoice import CreditNote, CreditNoteLine, Invoice, InvoiceLine
from .lane import Lane
from .line import OrderCharge, OrderDiscount, OrderLine
from .note import Note, Tag
from .order import Order
from .payment import Payment, PaymentEntry, PaymentTotals
from .price import Price
from .promise import PromiseEvent
from .refund import Refund, RefundLine
from .rule import SourcingRule
from .sandbox import SandboxMovement
from .sandbox_order import SandboxOrder
from .search import SearchKey
from .series import NumberSeries
from .sheet import SheetMapping, SheetRefusal, SheetUpload
from .shortage import ShortageQuestion, Substitute
from .slot import DaySlot
from .sourcing import SourcingDecision
from .strategy import SourcingStrategy
from .tax import TaxRate
from .upload import OrderUpload
from .view import SavedView

__all__ = [
    "AccountEntry",
    "AccountLine",
    "Allocation",
    "Channel",
    "ChannelDay",
    "ChannelDocument",
    "ChannelMessage",
    "ChannelOrder",
    "ChannelPlace",
    "ChannelStock",
    "Connection",
    "CreditNote",
    "CreditNoteLine",
    "Customer",
    "DaySlot",
    "EdiDocument",
    "EdiInterchange",
    "EdiPartner",
    "ExchangeRate",
    "Gathering",
    "Hold",
    "ImmutableError",
    "Invoice",
    "InvoiceLine",
    "Lane",
    "Note",
    "NumberSeries",
    "Order",
    "OrderChange",
    "OrderCharge",
    "OrderDiscount",
    "OrderLine",
    "OrderUpload",
    "Payment",
    "PaymentEntry",
    "PaymentTotals",
    "Price",
    "PromiseEvent",
    "Refund",
    "RefundLine",
    "SandboxMovement",
    "SandboxOrder",
    "SavedView",
    "SearchKey",
    "Seller",
    "SheetMapping",
    "SheetRefusal",
    "SheetUpload",
    "ShortageQuestion",
    "SkuAlias",
    "SourcingDecision",
    "SourcingRule",
    "SourcingStrategy",
    "Substitute",
    "Tag",
    "TaxRate",
]

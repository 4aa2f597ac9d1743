"""What documents of sales channels become, whichever platform they come from."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from orders.channels.reading import Doc

ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Address:
    """A person and a place, in the fields of an order's address; `country` is ISO 3166 where the platform says it."""

    name: str = ""
    company: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    phone: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return the fields that say something."""
        return {name: text for name, text in asdict(self).items() if text}

    def __bool__(self) -> bool:
        return bool(self.as_dict())


NOWHERE = Address()


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """What every document says of itself as a whole; None where it says nothing.

    `total` is what the customer owes before refunds, in `currency`; `line_count` counts the platform's own lines.
    `external_id` is what the platform calls the thing, `number` what people call it.
    """

    document: ClassVar[str] = "other"

    external_id: str = ""
    number: str = ""
    currency: str = ""
    total: Decimal | None = None
    line_count: int = 0
    tax: Decimal | None = None
    shipping: Decimal | None = None
    discount: Decimal | None = None
    refunded: Decimal | None = None
    buyer: str = ""
    ship_to: Address = NOWHERE
    bill_to: Address = NOWHERE

    @property
    def name(self) -> str:
        """Who gets it, else who pays it, else who bought it."""
        return self.ship_to.name or self.bill_to.name or self.buyer


@dataclass(frozen=True, kw_only=True)
class IncomingLine:
    """So many pieces of a SKU. `amount` is the whole line's before `discount`, and exact where `unit_price` is rounded.

    `parent_id` names the line of the bundle that this is a part of.
    """

    external_id: str
    sku: str
    name: str
    quantity: Decimal
    unit_price: Decimal | None = None
    amount: Decimal | None = None
    discount: Decimal = ZERO
    tax: Decimal = ZERO
    parent_id: str = ""
    personalisation: str = ""
    is_shipped: bool = True
    is_gift_card: bool = False


@dataclass(frozen=True, kw_only=True)
class IncomingCharge:
    """What is paid beside the goods: `kind` is shipping, fee, tip or duty; `amount` is after its discount."""

    kind: str
    name: str
    amount: Decimal
    tax: Decimal = ZERO


@dataclass(frozen=True, kw_only=True)
class IncomingPayment:
    """What the platform has taken (`state` captured), may take (authorised), or a gift card or credit pays."""

    amount: Decimal
    currency: str = ""
    method: str = ""
    reference: str = ""
    state: str = "captured"
    is_gift_card: bool = False


@dataclass(frozen=True, kw_only=True)
class LineQuantity:
    """So many pieces of an order's line: refunded or shipped; `is_cancelled`: they had not left, and shall not."""

    line_id: str
    quantity: Decimal
    sku: str = ""
    amount: Decimal | None = None
    is_cancelled: bool = False


@dataclass(frozen=True, kw_only=True)
class IncomingRefund(Incoming):
    """Money given back: `total`, and `refunded` too. `order_id` is "" where only the address called names it."""

    document: ClassVar[str] = "refund"

    order_id: str = ""
    reason: str = ""
    lines: tuple[LineQuantity, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class IncomingOrder(Incoming):
    """An order, or a part of one whose rest comes in other documents (`is_partial`).

    `prices_include_tax` is about the amounts of `lines` and `charges` here; None: the document does not say.
    `is_net`: `total` is without the tax, which comes on top here. `gift_cards` is what they pay where the platform
    takes it off `total`, `order_discount` what is off the goods beside the lines' own discounts. `is_summed_here`: it
    states no total, and what its lines come to here is right.
    """

    document: ClassVar[str] = "order"

    lines: tuple[IncomingLine, ...] = ()
    charges: tuple[IncomingCharge, ...] = ()
    payments: tuple[IncomingPayment, ...] = ()
    refunds: tuple[IncomingRefund, ...] = ()
    prices_include_tax: bool | None = None
    is_net: bool = False
    gift_cards: Decimal = ZERO
    order_discount: Decimal = ZERO
    email: str = ""
    phone: str = ""
    note: str = ""
    status: str = ""
    is_partial: bool = False
    is_summed_here: bool = False
    is_draft: bool = False
    is_test: bool = False
    is_cancelled: bool = False
    ordered_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class IncomingCancellation(Incoming):
    """An order, `external_id`, was cancelled on the platform."""

    document: ClassVar[str] = "cancellation"

    reason: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ShipmentUpdate(Incoming):
    """What of an order left, with its tracking numbers, and how far it is in the platform's words."""

    document: ClassVar[str] = "shipment"

    order_id: str = ""
    status: str = ""
    carrier: str = ""
    tracking_numbers: tuple[str, ...] = ()
    lines: tuple[LineQuantity, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class StockUpdate(Incoming):
    """How many pieces of a SKU the platform counts at a location; `is_change`: by how many it changed."""

    document: ClassVar[str] = "stock"

    quantity: Decimal
    sku: str = ""
    location: str = ""
    is_change: bool = False
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Other(Incoming):
    """A document of the platform that changes nothing here; `about` says what it is."""

    about: str


@dataclass(frozen=True)
class Refused:
    """A document that cannot be taken, with the reason, and what of it could be read."""

    reason: str
    read: Incoming


Document = Incoming | Refused
Reader = Callable[[Doc], list[Document]]

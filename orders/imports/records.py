"""What a file says, before it is an order: pure data that every format fills in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Protocol

# Kinds of rows, as the reconciliation names them.
GOODS, CHARGES, ADJUSTMENT, WRITE_OFF = "goods", "charges", "adjustment", "write-off"
CREDITED_GOODS, CREDITED_CHARGES = "credited goods", "credited charges"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file. `kind` is one of the above, `net` is what it is worth.

    `net` is None where the row cannot be read: `problem`, or `Format.parse`, says why. Of several rows
    of one order and kind that are `once`, only the first counts: what a file repeats on every line.
    """

    number: int
    key: str
    kind: str
    net: Decimal | None
    fields: dict[str, str]
    problem: str = ""
    once: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not taken, which field is to blame ("" when the whole row) and why."""

    row: int
    order: str
    field: str
    reason: str


class Refused(Exception):
    """An order cannot be taken; `refusals` has each of its rows."""

    def __init__(self, refusals: list[Refusal]):
        super().__init__(refusals[0].reason if refusals else "")
        self.refusals = refusals


@dataclass(frozen=True, slots=True)
class SkuIn:
    """A SKU that the file's orders need."""

    code: str
    name: str
    kind: str = "physical"


@dataclass(slots=True)
class CustomerIn:
    """Who bought: `account` is the id in the old system ("" when only an e-mail address is known)."""

    account: str = ""
    name: str = ""
    company: str = ""
    email: str = ""
    phone: str = ""


@dataclass(slots=True)
class Line:
    """So many pieces at a price; `discount` is off the whole line, in money."""

    row: int
    sku: str
    name: str
    quantity: int
    unit_price: Decimal
    discount: Decimal = Decimal(0)
    tax_rate: Decimal = Decimal(0)


@dataclass(slots=True)
class Charge:
    """Money that is no good: one of OrderCharge.Kind; negative when it is taken off."""

    row: int
    kind: str
    name: str
    amount: Decimal
    tax_rate: Decimal = Decimal(0)


@dataclass(slots=True)
class OrderRecord:
    """An order of the file, complete."""

    external_id: str
    ordered_at: datetime
    rows: list[int]
    lines: list[Line] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    customer: CustomerIn | None = None
    ship_to: dict[str, str] = field(default_factory=dict)
    bill_to: dict[str, str] = field(default_factory=dict)
    vat_id: str = ""
    method: str = "standard"
    status: str = "closed"
    invoice_number: str = ""
    purchase_order: str = ""
    customer_note: str = ""
    required_at: datetime | None = None
    shipped_at: datetime | None = None


@dataclass(slots=True)
class EntryLine:
    """A line of a voucher; `quantity` signed as it stands there, `kind` one of AccountLine.Kind."""

    row: int
    kind: str
    code: str
    name: str
    quantity: int
    unit_price: Decimal

    @property
    def net(self) -> Decimal:
        return self.quantity * self.unit_price


@dataclass(slots=True)
class EntryRecord:
    """A voucher that is no order: credit, adjustment or write-off."""

    external_id: str
    kind: str
    at: datetime
    rows: list[int]
    lines: list[EntryLine] = field(default_factory=list)
    customer: CustomerIn | None = None

    @property
    def net(self) -> Decimal:
        return sum((line.net for line in self.lines), Decimal(0))


@dataclass(frozen=True, slots=True)
class ChannelDefaults:
    """What a channel that the import has to make begins with."""

    name: str
    currency: str
    country: str
    tz: str
    seller: str


class Format(Protocol):
    """How one kind of file is read. An instance lives as long as one import.

    `rows` streams the file; `parse` makes one order or voucher of all rows of a key, or raises
    Refused; `rank` sorts: all keys of rank 0 are imported before any of rank 1 (what undoes orders);
    `skus` tells, after `rows` was read to its end, which SKUs the orders need.
    """

    defaults: ChannelDefaults | None
    can_be_live: bool

    def __init__(self, *, live: bool) -> None: ...

    def rows(self, path: Path) -> Iterator[Row]: ...

    def rank(self, key: str) -> int: ...

    def parse(self, key: str, rows: list[Row]) -> OrderRecord | EntryRecord: ...

    def skus(self) -> Iterable[SkuIn]: ...

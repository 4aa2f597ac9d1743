"""A purchase order of a trading partner, whichever syntax it came in: what we place, and what we answer by."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from orders.channels.base import (
    NOWHERE,
    ZERO,
    Address,
    Incoming,
    IncomingCancellation,
    IncomingCharge,
    IncomingLine,
    IncomingOrder,
)
from orders.channels.reading import total

ORDER, CANCELLATION = "order", "cancellation"
MOST_ROUNDING = Decimal("0.05")


@dataclass(frozen=True)
class Party:
    """Somebody named in an order: `role` is the code there (ST, BY, DP …), `code` his own with its qualifier."""

    role: str
    address: Address = NOWHERE
    code: str = ""
    qualifier: str = ""


@dataclass(frozen=True, kw_only=True)
class PurchaseLine:
    """A line as the buyer counts it, in `unit`; `ids` are his codes of the goods, ((qualifier, code) …), ours first."""

    number: str
    quantity: Decimal
    unit: str
    ids: tuple[tuple[str, str], ...] = ()
    name: str = ""
    price: Decimal | None = None
    amount: Decimal | None = None
    discount: Decimal = ZERO

    @property
    def worth(self) -> Decimal | None:
        """What the line costs before its discount, None where it does not say."""
        if self.amount is not None:
            return self.amount
        return None if self.price is None else self.price * self.quantity


@dataclass(frozen=True, kw_only=True)
class Purchase:
    """An order, or its cancellation (`action`); amounts are without tax, `stated` is what the buyer adds them up to."""

    number: str
    action: str = ORDER
    placed_at: datetime | None = None
    currency: str = ""
    lines: tuple[PurchaseLine, ...] = ()
    parties: tuple[Party, ...] = ()
    charges: tuple[IncomingCharge, ...] = ()
    discount: Decimal = ZERO
    stated: Decimal | None = None
    notes: tuple[str, ...] = ()
    email: str = ""
    phone: str = ""
    is_test: bool = False

    def party(self, *roles: str) -> Party:
        """Return the first party that has the first of some roles that is there."""
        found = (one for role in roles for one in self.parties if one.role == role)
        return next(found, Party(""))

    def line(self, number: str) -> PurchaseLine | None:
        """Return the line of that number."""
        return next((line for line in self.lines if line.number == number), None)

    @property
    def total(self) -> Decimal | None:
        """What all of it costs without tax; None where a price is missing."""
        worths = [line.worth for line in self.lines]
        if any(worth is None for worth in worths):
            return self.stated
        off = self.discount + total(line.discount for line in self.lines)
        return total(worths) + total(charge.amount for charge in self.charges) - off

    @property
    def adds_up(self) -> bool:
        """Whether the buyer's own sum is that of his lines, with or without what is charged and taken off beside."""
        worths = [line.worth for line in self.lines]
        if self.stated is None or any(worth is None for worth in worths):
            return True
        return any(abs(self.stated - (one or ZERO)) < MOST_ROUNDING for one in (self.total, total(worths)))


def incoming(purchase: Purchase) -> Incoming:
    """Return what a purchase order is to us."""
    if purchase.action == CANCELLATION:
        return IncomingCancellation(external_id=purchase.number, number=purchase.number, reason="Cancelled by EDI")
    ship_to = purchase.party("ST", "DP", "UC", "BY").address
    return IncomingOrder(
        external_id=purchase.number,
        number=purchase.number,
        currency=purchase.currency,
        total=purchase.total,
        is_net=True,
        prices_include_tax=False,
        line_count=len(purchase.lines),
        shipping=total(charge.amount for charge in purchase.charges if charge.kind == "shipping"),
        discount=purchase.discount + total(line.discount for line in purchase.lines),
        buyer=purchase.party("BY", "BT").address.name,
        ship_to=ship_to,
        bill_to=purchase.party("BT", "IV", "BY").address,
        lines=tuple(map(_line, purchase.lines)),
        charges=purchase.charges,
        order_discount=purchase.discount,
        email=purchase.email,
        phone=purchase.phone,
        note=" ".join(purchase.notes),
        is_test=purchase.is_test,
        ordered_at=purchase.placed_at,
    )


def _line(line: PurchaseLine) -> IncomingLine:
    return IncomingLine(
        external_id=line.number,
        sku=line.ids[0][1] if line.ids else "",
        name=line.name,
        quantity=line.quantity,
        unit_price=line.price,
        amount=line.amount,
        discount=line.discount,
    )

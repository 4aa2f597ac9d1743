"""EDIFACT ORDERS, purchase order: directories D.93A to D.01B and later, EANCOM among them.

Which code of the goods is ours: the supplier's (PIA SA), else the GTIN (LIN), else the buyer's own.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from orders.channels.base import ZERO, Address, IncomingCharge
from orders.channels.edi.envelope import Transaction
from orders.channels.edi.purchase import CANCELLATION, ORDER, Party, Purchase, PurchaseLine
from orders.channels.edi.segments import Segment
from orders.channels.reading import joined

# BGM, element 1225: what is done with the order; none is an original.
ACTIONS = {"": ORDER, "9": ORDER, "4": ORDER, "5": ORDER, "7": ORDER, "31": ORDER, "1": CANCELLATION, "3": CANCELLATION}
OURS = ("SA", "EN", "SRV", "UP", "MF", "IN", "BP")
DATES = {
    "2": "Deliver on",
    "10": "Ship on",
    "63": "Deliver not after",
    "64": "Deliver not before",
    "61": "Cancel after",
}
NET, GROSS, BY_LINE = "AAA", "AAB", "203"
OF_CHARGE = ("MOA", "PCD", "TAX", "QTY", "RNG", "RTE")
AMOUNT_OF_CHARGE = ("8", "23", "204")
FREIGHT = ("FC", "SH", "DL")


@dataclass
class _Read:
    """What of an order was read so far; `off` is the sign of the allowance (1) or charge (-1) whose amount comes."""

    lines: list[PurchaseLine] = field(default_factory=list)
    numbers: set[str] = field(default_factory=set)
    parties: list[Party] = field(default_factory=list)
    charges: list[IncomingCharge] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    contacts: dict[str, str] = field(default_factory=dict)
    discount: Decimal = ZERO
    currency: str = ""
    stated: Decimal | None = None
    placed_at: datetime | None = None
    off: int = 0
    charge: str = ""
    is_over: bool = False


def purchase(transaction: Transaction, *, is_test: bool = False) -> Purchase:
    """Return the order of an ORDERS; what is wrong with it is noted in the transaction."""
    bgm = next((one for one in transaction.segments if one.tag == "BGM"), None)
    if bgm is None:
        transaction.problems.append("BGM is missing: the message says not which order it is.")
        return Purchase(number="")
    if bgm.text(3) not in ACTIONS:
        bgm.note(3, f"{bgm.text(3)!r} is not done here: known are {', '.join(filter(None, ACTIONS))}")
    read = _Read()
    for segment in transaction.segments:
        if segment.tag not in OF_CHARGE:
            read.off = 0
        reader = READERS.get(segment.tag)
        if reader:
            reader(read, segment)
    action = ACTIONS.get(bgm.text(3), ORDER)
    if action == ORDER and not read.lines:
        transaction.problems.append("LIN is missing: the order has no line.")
    unnamed = [line.number for line in read.lines if not line.ids]
    transaction.problems += [f"LIN {one} says not what is ordered: neither LIN03 nor PIA does." for one in unnamed]
    return Purchase(
        number=bgm.need(2),
        action=action,
        placed_at=read.placed_at,
        currency=read.currency,
        lines=tuple(read.lines),
        parties=tuple(read.parties),
        charges=tuple(read.charges),
        discount=read.discount,
        stated=read.stated,
        notes=tuple(read.notes),
        email=read.contacts.get("EM", ""),
        phone=read.contacts.get("TE", ""),
        is_test=is_test,
    )


def _date(read: _Read, segment: Segment) -> None:
    found = segment.moment(1, 2) if segment.text(1, 1) in {"137", *DATES} else None
    if segment.text(1, 1) == "137" and not read.lines:
        read.placed_at = found
    elif found and not read.lines:
        read.notes.append(f"{DATES[segment.text(1, 1)]} {found:%Y-%m-%d}.")


def _party(read: _Read, segment: Segment) -> None:
    """Read NAD: a structured name and address, or up to five lines of both."""
    if read.lines:
        return
    free = [one for one in (segment.text(3, n) for n in range(1, 6)) if one]
    names = [one for one in (segment.text(4, n) for n in range(1, 6)) if one] or free[:1]
    streets = [one for one in (segment.text(5, n) for n in range(1, 5)) if one] or free[1:]
    address = Address(
        name=joined(*names[:1]),
        company=joined(*names[1:]),
        line1=joined(*streets[:1]),
        line2=", ".join(streets[1:]),
        city=segment.text(6),
        region=segment.text(7),
        postcode=segment.text(8),
        country=segment.text(9),
    )
    read.parties.append(Party(segment.need(1), address, segment.text(2, 1), segment.text(2, 3)))


def _contact(read: _Read, segment: Segment) -> None:
    if not read.lines and segment.text(1, 1):
        read.contacts.setdefault(segment.text(1, 2), segment.text(1, 1))


def _currency(read: _Read, segment: Segment) -> None:
    code = segment.text(1, 2).upper()
    if not (len(code) == 3 and code.isalpha() and code.isascii()):
        segment.note(1, f"{code[:20]!r} is no currency", 2)
    read.currency = read.currency or code


def _line(read: _Read, segment: Segment) -> None:
    number = segment.text(1) or str(len(read.lines) + 1)
    if number in read.numbers:
        segment.note(1, f"{number!r} is a line's number already")
    read.numbers.add(number)
    code, kind = segment.text(3, 1), segment.text(3, 2) or "EN"
    ids = ((kind, code),) if code else ()
    read.lines.append(PurchaseLine(number=number, quantity=ZERO, unit="PCE", ids=ids))


def _more_ids(read: _Read, segment: Segment) -> None:
    pairs = [(segment.text(n, 2), segment.text(n, 1)) for n in range(2, 7)]
    if read.lines:
        ids = [*read.lines[-1].ids, *(pair for pair in pairs if all(pair))]
        ids.sort(key=lambda pair: OURS.index(pair[0]) if pair[0] in OURS else len(OURS))
        _set(read, ids=tuple(ids))


def _described(read: _Read, segment: Segment) -> None:
    said = joined(segment.text(3, 4), segment.text(3, 5))
    if read.lines and said and not read.lines[-1].name:
        _set(read, name=said)


def _quantity(read: _Read, segment: Segment) -> None:
    if read.lines and segment.text(1, 1) == "21":
        if not segment.text(1, 2):
            segment.note(1, "is missing", 2)
        _set(read, quantity=segment.amount(1, 2) or ZERO, unit=segment.text(1, 3) or "PCE")


def _price(read: _Read, segment: Segment) -> None:
    """Read PRI: a net price goes before a gross one; a basis says how many pieces it is for."""
    kind, price = segment.text(1, 1), segment.amount(1, 2)
    if not read.lines or price is None or kind not in (NET, GROSS, "INV"):
        return
    if kind == GROSS and read.lines[-1].price is not None:
        return
    basis = segment.amount(1, 5) or Decimal(1)
    if basis <= 0:
        segment.note(1, "is no number of pieces that a price is for", 5)
    _set(read, price=price / basis if basis > 1 else price)


def _allowance(read: _Read, segment: Segment) -> None:
    read.off = {"A": 1, "C": -1}.get(segment.text(1), 0)
    read.charge = segment.text(5, 1)


def _amount(read: _Read, segment: Segment) -> None:
    kind = segment.text(1, 1)
    if kind in AMOUNT_OF_CHARGE and read.off:
        _charge(read, abs(segment.amount(1, 2) or ZERO))
    elif kind == BY_LINE and read.lines and not read.is_over:
        _set(read, amount=segment.amount(1, 2))
    elif kind in ("86", "9", "77") and (read.is_over or not read.lines):
        read.stated = segment.amount(1, 2)


def _charge(read: _Read, amount: Decimal) -> None:
    if read.lines and not read.is_over:
        _set(read, discount=read.lines[-1].discount + read.off * amount)
    elif read.off > 0:
        read.discount += amount
    elif amount:
        kind = "shipping" if read.charge in FREIGHT else "fee"
        read.charges.append(
            IncomingCharge(kind=kind, name="Freight" if kind == "shipping" else "Charge", amount=amount)
        )


def _text(read: _Read, segment: Segment) -> None:
    said = joined(*(segment.text(4, n) for n in range(1, 6)))
    if said and not read.lines:
        read.notes.append(said)


def _over(read: _Read, segment: Segment) -> None:
    """UNS+S begins the summary; UNS+D stands before the lines."""
    read.is_over = segment.text(1) == "S"


def _control(read: _Read, segment: Segment) -> None:
    """Read CNT+2: so many lines, which must be so many."""
    if segment.text(1, 1) == "2" and segment.amount(1, 2) != len(read.lines):
        segment.note(1, f"says {segment.text(1, 2)!r} lines, there are {len(read.lines)}", 2)


def _set(read: _Read, **values: object) -> None:
    read.lines[-1] = replace(read.lines[-1], **values)  # type: ignore[arg-type]


READERS = {
    "DTM": _date,
    "NAD": _party,
    "COM": _contact,
    "CUX": _currency,
    "LIN": _line,
    "PIA": _more_ids,
    "IMD": _described,
    "QTY": _quantity,
    "PRI": _price,
    "ALC": _allowance,
    "MOA": _amount,
    "FTX": _text,
    "UNS": _over,
    "CNT": _control,
}

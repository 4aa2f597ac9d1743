"""X12 850, purchase order: 004010 and later.

Which code of the goods is ours: the seller's number (VN, SK …), else the GTIN, else the buyer's own.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from orders.channels.base import ZERO, Address, IncomingCharge
from orders.channels.edi.envelope import Transaction
from orders.channels.edi.purchase import CANCELLATION, ORDER, Party, Purchase, PurchaseLine
from orders.channels.edi.segments import Segment

# BEG01, element 353: what is done with the order.
ACTIONS = {"00": ORDER, "05": ORDER, "06": ORDER, "07": ORDER, "01": CANCELLATION, "03": CANCELLATION}
OURS = ("VN", "VP", "VC", "SK", "UP", "UI", "EN", "UK", "UA", "MG", "IN", "BP", "PI", "CB")
PER = {"HP": 100, "TP": 1000}  # PO105: the price is for so many
FREIGHT = ("D200", "D240", "D500", "G821", "G830")
DATES = {
    "001": "Cancel after",
    "002": "Deliver on",
    "010": "Ship on",
    "037": "Ship not before",
    "038": "Ship not after",
    "063": "Deliver not after",
    "064": "Deliver not before",
}
CANADA = frozenset(["AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"])


@dataclass
class _Read:
    """What of an order was read so far; `line` is the one whose segments come now."""

    lines: list[PurchaseLine] = field(default_factory=list)
    numbers: set[str] = field(default_factory=set)
    parties: list[Party] = field(default_factory=list)
    charges: list[IncomingCharge] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    contacts: dict[str, str] = field(default_factory=dict)
    discount: Decimal = ZERO
    currency: str = ""
    stated: Decimal | None = None
    is_in_lines: bool = False
    is_over: bool = False


def purchase(transaction: Transaction, *, is_test: bool = False) -> Purchase:
    """Return the order of an 850; what is wrong with it is noted in the transaction."""
    beg = next((one for one in transaction.segments if one.tag == "BEG"), None)
    if beg is None:
        transaction.problems.append("BEG is missing: the transaction says not which order it is.")
        return Purchase(number="")
    if beg.text(1) not in ACTIONS:
        beg.note(1, f"{beg.text(1)!r} is not done here: known are {', '.join(ACTIONS)}")
    read = _Read()
    for segment in transaction.segments:
        reader = READERS.get(segment.tag)
        if reader:
            reader(read, segment)
    action = ACTIONS.get(beg.text(1), ORDER)
    if action == ORDER and not read.lines:
        transaction.problems.append("PO1 is missing: the order has no line.")
    found = Purchase(
        number=beg.need(3),
        action=action,
        placed_at=_placed(beg),
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
    if not found.adds_up:
        transaction.problems.append(f"AMT02 says {found.stated} for all, the lines come to {found.total}.")
    return found


def _placed(beg: Segment) -> datetime | None:
    found = beg.moment(5)
    if not beg.text(5):
        beg.note(5, "is missing")
    return found


def _currency(read: _Read, segment: Segment) -> None:
    code = segment.need(2).upper()
    if code and not (len(code) == 3 and code.isalpha() and code.isascii()):
        segment.note(2, f"{code[:20]!r} is no currency")
    read.currency = code


def _line(read: _Read, segment: Segment) -> None:
    read.is_in_lines = True
    segment.need(2)
    number = segment.text(1) or str(len(read.lines) + 1)
    if number in read.numbers:
        segment.note(1, f"{number!r} is a line's number already")
    read.numbers.add(number)
    pairs = [(segment.text(n), segment.text(n + 1)) for n in range(6, 26, 2)]
    ids = [pair for pair in pairs if all(pair)]
    if not ids:
        segment.note(7, "is missing: the line says not what is ordered")
    ids.sort(key=lambda pair: OURS.index(pair[0]) if pair[0] in OURS else len(OURS))
    read.lines.append(
        PurchaseLine(
            number=number,
            quantity=segment.amount(2) or ZERO,
            unit=segment.text(3) or "EA",
            ids=tuple(ids),
            price=_price(segment),
        )
    )


def _price(segment: Segment) -> Decimal | None:
    price = segment.amount(4)
    return price and price / PER.get(segment.text(5), 1)


def _described(read: _Read, segment: Segment) -> None:
    if read.lines and read.is_in_lines and segment.text(5) and not read.lines[-1].name:
        read.lines[-1] = replace(read.lines[-1], name=segment.text(5))


def _charge(read: _Read, segment: Segment) -> None:
    """Read SAC: an allowance (A) or a charge (C) of so much, of the line that it stands in or of the whole."""
    if segment.text(1) not in ("A", "C") or read.is_over and not segment.text(5):
        return
    if not segment.text(5):
        segment.note(5, "is missing: of an allowance or charge its amount is read")
    amount = abs(segment.amount(5, implied=2) or ZERO)
    off = amount if segment.text(1) == "A" else -amount
    if read.is_in_lines and not read.is_over:
        read.lines[-1] = replace(read.lines[-1], discount=read.lines[-1].discount + off)
    elif off > 0:
        read.discount += off
    elif amount:
        kind = "shipping" if segment.text(2) in FREIGHT else "fee"
        name = segment.text(15) or ("Freight" if kind == "shipping" else f"Charge {segment.text(2)}".strip())
        read.charges.append(IncomingCharge(kind=kind, name=name, amount=amount))


def _party(read: _Read, segment: Segment) -> None:
    if not read.is_in_lines:
        address = Address(name=segment.text(2))
        read.parties.append(Party(segment.need(1), address, segment.text(4), segment.text(3)))


def _add_to_address(read: _Read, segment: Segment) -> None:
    """Add N2, N3 and N4 to the party whose N1 came last; a second N3 goes on with the first."""
    if read.is_in_lines or not read.parties:
        return
    party = read.parties[-1]
    address = party.address
    if segment.tag == "N2":
        address = replace(address, company=segment.text(1))
    elif segment.tag == "N3":
        lines = [one for one in (address.line1, address.line2, segment.text(1), segment.text(2)) if one]
        address = replace(address, line1=lines[0] if lines else "", line2=", ".join(lines[1:]))
    else:
        address = replace(
            address,
            city=segment.text(1),
            region=segment.text(2),
            postcode=segment.text(3),
            # Partners in North America leave their country out.
            country=segment.text(4) or ("CA" if segment.text(2) in CANADA else "US"),
        )
    read.parties[-1] = replace(party, address=address)


def _contact(read: _Read, segment: Segment) -> None:
    if read.is_in_lines:
        return
    for n in (3, 5, 7):
        if segment.text(n) and segment.text(n + 1):
            read.contacts.setdefault(segment.text(n), segment.text(n + 1))


def _date(read: _Read, segment: Segment) -> None:
    words = DATES.get(segment.text(1))
    found = segment.moment(2) if words else None
    if words and found and not read.is_in_lines:
        read.notes.append(f"{words} {found:%Y-%m-%d}.")


def _text(read: _Read, segment: Segment) -> None:
    said = segment.text(2 if segment.tag == "MTX" else 1)
    if said:
        read.notes.append(said)


def _summary(read: _Read, segment: Segment) -> None:
    """Read CTT: so many lines, which must be so many."""
    read.is_over = True
    if segment.count(1) != len(read.lines):
        segment.note(1, f"says {segment.text(1)!r} lines, there are {len(read.lines)}")


def _stated(read: _Read, segment: Segment) -> None:
    if segment.text(1) == "TT":
        read.is_over = True
        read.stated = segment.amount(2)


READERS = {
    "CUR": _currency,
    "PO1": _line,
    "PID": _described,
    "SAC": _charge,
    "N1": _party,
    "N2": _add_to_address,
    "N3": _add_to_address,
    "N4": _add_to_address,
    "PER": _contact,
    "DTM": _date,
    "MSG": _text,
    "MTX": _text,
    "CTT": _summary,
    "AMT": _stated,
}

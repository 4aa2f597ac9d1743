"""X12 855, an order answered line by line, and 810, what is owed for what left. Amounts are without tax but TDS."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orders.channels.base import ZERO
from orders.channels.edi.purchase import Purchase, PurchaseLine
from orders.channels.edi.write import ids_of, implied, n1, plain

ACCEPTED, CHANGED, REJECTED = "AD", "AC", "RD"  # BAK02: with detail, no change; with detail and change; rejected


@dataclass(frozen=True)
class AnsweredLine:
    """So many pieces of a line are accepted, come later (`later`, when is known or None), or do not come."""

    line: PurchaseLine
    price: Decimal
    accepted: int
    later: int = 0
    rejected: int = 0
    later_on: date | None = None


@dataclass(frozen=True)
class BilledLine:
    """A position of an invoice: pieces at a price, `off` (below zero: on) so that it comes to its net amount."""

    line: PurchaseLine
    pieces: int
    price: Decimal
    off: Decimal = ZERO
    name: str = ""


@dataclass(frozen=True)
class Bill:
    """An invoice as its 810 says it; `charges` are [(kind, name, amount)], `gross` is what is owed."""

    number: str
    issued_on: date
    shipped_on: date
    currency: str
    lines: Sequence[BilledLine]
    charges: Sequence[tuple[str, str, Decimal]]
    tax: Decimal
    gross: Decimal
    seller: str = ""


def answer(purchase: Purchase, lines: Sequence[AnsweredLine], *, number: str, on: date, vendor: str) -> list[list[str]]:
    """Return the segments of an 855; `number` is what we call the order."""
    placed = f"{purchase.placed_at:%Y%m%d}" if purchase.placed_at else ""
    rows = [["BAK", "00", _verdict(lines), purchase.number, placed, "", "", "", number, f"{on:%Y%m%d}"]]
    rows += [["REF", "IA", vendor]] if vendor else []
    rows += _parties(purchase, "ST")
    for one in lines:
        line = one.line
        rows.append(["PO1", line.number, plain(line.quantity), line.unit, plain(one.price), "", *ids_of(line)])
        rows += [["ACK", code, str(pieces), line.unit, *when] for code, pieces, when in _codes(one) if pieces]
    return [*rows, ["CTT", str(len(lines))]]


def bill(purchase: Purchase, found: Bill, *, vendor: str) -> list[list[str]]:
    """Return the segments of an 810."""
    placed = f"{purchase.placed_at:%Y%m%d}" if purchase.placed_at else ""
    rows = [["BIG", f"{found.issued_on:%Y%m%d}", found.number, placed, purchase.number, "", "", "DI"]]
    rows += [["CUR", "SE", found.currency], *([["REF", "IA", vendor]] if vendor else [])]
    rows += [["N1", "RE", found.seller[:60]], *_parties(purchase, "BT", "ST")]
    rows.append(["DTM", "011", f"{found.shipped_on:%Y%m%d}"])
    for one in found.lines:
        line = one.line
        rows.append(["IT1", line.number, str(one.pieces), line.unit, plain(one.price), "", *ids_of(line)])
        rows += [["PID", "F", "", "", "", one.name[:80]]] if one.name else []
        rows += [_sac("C310" if one.off > 0 else "F050", -one.off, "")] if one.off else []
    rows.append(["TDS", implied(found.gross)])
    rows += [["TXI", "TX", plain(found.tax)]] if found.tax else []
    rows += [_sac("D240" if kind == "shipping" else "F050", amount, name) for kind, name, amount in found.charges]
    return [*rows, ["CTT", str(len(found.lines))]]


def _verdict(lines: Sequence[AnsweredLine]) -> str:
    if all(one.accepted + one.later == 0 for one in lines):
        return REJECTED
    return CHANGED if any(one.later or one.rejected for one in lines) else ACCEPTED


def _codes(one: AnsweredLine) -> list[tuple[str, int, list[str]]]:
    """Return ACK01, pieces and when of a line: accepted, backordered, rejected."""
    when = ["068", f"{one.later_on:%Y%m%d}"] if one.later_on else []
    return [("IA", one.accepted, []), ("IB", one.later, when), ("IR", one.rejected, [])]


def _parties(purchase: Purchase, *roles: str) -> list[list[str]]:
    found = [(role, purchase.party(role)) for role in roles]
    return [n1(role, party) for role, party in found if party.role]


def _sac(code: str, amount: Decimal, name: str) -> list[str]:
    """Return SAC: a charge, or below zero an allowance, of so much."""
    kind = "C" if amount > 0 else "A"
    named = [""] * 9 + [name[:80]] if name else []
    return ["SAC", kind, code, "", "", implied(abs(amount)), *named]

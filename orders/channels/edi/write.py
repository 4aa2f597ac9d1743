"""Interchanges as we send them, of one document each. A segment is a list of texts, of EDIFACT of lists of them too.

X12 has no way to release a delimiter, and partners of it take plain letters only: what else a text holds is left out.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from orders.channels.edi.purchase import Party, PurchaseLine

Element = str | Sequence[str]
GROUPS = {"850": "PO", "855": "PR", "856": "SH", "810": "IN", "997": "FA"}
TAKEN_X12 = str.maketrans({"*": " ", "~": " ", ">": " ", "^": " ", "\n": " ", "\r": " "})
RELEASED = str.maketrans({sign: f"?{sign}" for sign in "?'+:"})
MOST_IDS = 10


@dataclass(frozen=True)
class Envelope:
    """Who sends to whom, parties as (qualifier, id), in which version ("004010", "D96A"), with which control number."""

    version: str
    ours: tuple[str, str]
    theirs: tuple[str, str]
    number: int
    is_test: bool
    at: datetime


def x12(envelope: Envelope, kind: str, segments: Iterable[Sequence[str]]) -> str:
    """Return an interchange with one transaction set `kind` ("855"); its group has the same control number."""
    rows = [["ST", kind, "0001"], *segments]
    rows.append(["SE", str(len(rows) + 1), "0001"])
    at, number, version = envelope.at, envelope.number, envelope.version
    group = [
        GROUPS[kind],
        envelope.ours[1],
        envelope.theirs[1],
        f"{at:%Y%m%d}",
        f"{at:%H%M}",
        str(number),
        "X",
        version,
    ]
    rows = [["GS", *group], *rows, ["GE", "1", str(number)], ["IEA", "1", f"{number:09d}"]]
    return "".join(f"{_x12_segment(row)}~\n" for row in [_isa(envelope), *rows])


def edifact(envelope: Envelope, kind: str, segments: Iterable[Sequence[Element]]) -> str:
    """Return an interchange with one message `kind` ("DESADV")."""
    message = [kind, "D", envelope.version.removeprefix("D"), "UN"]
    rows: list[Sequence[Element]] = [["UNH", "1", message], *segments]
    rows.append(["UNT", str(len(rows) + 1), "1"])
    ours, theirs = ([code, qualifier] for qualifier, code in (envelope.ours, envelope.theirs))
    at, number = envelope.at, str(envelope.number)
    head: list[Element] = ["UNB", ["UNOC", "3"], ours, theirs, [f"{at:%y%m%d}", f"{at:%H%M}"], number]
    head += ["", "", "", "", "", "1"] if envelope.is_test else []
    return "UNA:+.? '\n" + "".join(f"{_edifact_segment(row)}'\n" for row in [head, *rows, ["UNZ", "1", number]])


def plain(amount: Decimal) -> str:
    """Return a number without exponent, and without zeros at the end of its decimals."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def implied(amount: Decimal) -> str:
    """Return money as N2 has it: two decimals, not pointed off."""
    return str(int((amount * 100).to_integral_value()))


def ids_of(line: PurchaseLine) -> list[str]:
    """Return the pairs of qualifier and code that a buyer's line goes by."""
    return [part for pair in line.ids[:MOST_IDS] for part in pair]


def n1(role: str, party: Party) -> list[str]:
    """Return N1 of a party as the buyer named him."""
    coded = [party.qualifier or "92", party.code] if party.code else []
    return ["N1", role, party.address.name[:60], *coded]


def _isa(envelope: Envelope) -> list[str]:
    (our_qualifier, ours), (their_qualifier, theirs) = envelope.ours, envelope.theirs
    is_old = envelope.version < "00402"
    parties = [f"{our_qualifier:2.2}", f"{ours:15.15}", f"{their_qualifier:2.2}", f"{theirs:15.15}"]
    dated = [f"{envelope.at:%y%m%d}", f"{envelope.at:%H%M}", "U" if is_old else "^", envelope.version[:5]]
    last = [f"{envelope.number:09d}", "0", "T" if envelope.is_test else "P", ">"]
    return ["ISA", "00", " " * 10, "00", " " * 10, *parties, *dated, *last]


def _x12_segment(row: Sequence[str]) -> str:
    if row[0] == "ISA":
        return "*".join(row)
    return "*".join([row[0], *map(_ascii, row[1:])]).rstrip("*")


def _ascii(text: str) -> str:
    """Return a text in the plain letters that partners of X12 take, an umlaut without its dots."""
    text = unicodedata.normalize("NFKD", text.translate(TAKEN_X12)).encode("ascii", "ignore").decode()
    return " ".join(text.split())


def _edifact_segment(row: Sequence[Element]) -> str:
    return "+".join(map(_edifact_element, row)).rstrip("+")


def _edifact_element(element: Element) -> str:
    parts = [element] if isinstance(element, str) else element
    latin = (" ".join(part.split()).encode("iso-8859-1", "ignore").decode("iso-8859-1") for part in parts)
    return ":".join(part.translate(RELEASED) for part in latin).rstrip(":")

"""Interchanges, their groups and transactions, of X12 (ISA, GS, ST) and of EDIFACT (UNB, UNG, UNH).

X12.5 and X12.6 of ASC X12; ISO 9735. Every count and control number of an envelope must hold.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NoReturn

from oms.lib.errors import Invalid
from oms.lib.text import one_line
from oms.lib.tree import MOST_BYTES
from orders.channels.edi.segments import Delimiters, Segment, cut

X12, EDIFACT = "x12", "edifact"
FILLERS = "\0\x1a"  # what old systems fill their last block with
USUAL = Delimiters(segment="'", element="+", component=":", release="?")
# How ISO 9735 names the characters that an interchange is written in.
ENCODINGS = {"UNOC": "iso-8859-1", "UNOD": "iso-8859-2", "UNOE": "iso-8859-5", "UNOF": "iso-8859-7"}
BEGINS, ENDS = ("ISA", "UNA", "UNB"), ("IEA", "UNZ")


@dataclass
class Transaction:
    """A transaction set or message: its type ("850", "ORDERS"), control number, and segments without its envelope."""

    kind: str
    control: str
    version: str
    place: int = 0
    segments: list[Segment] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass
class Group:
    """A functional group; EDIFACT seldom has any, and then one holds all messages."""

    code: str = ""
    control: str = ""
    version: str = ""
    transactions: list[Transaction] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass
class Interchange:
    """What one partner sent another; parties are (qualifier, id). `problems` are those of its own envelope."""

    syntax: str
    sender: tuple[str, str]
    receiver: tuple[str, str]
    control: str
    is_test: bool
    groups: list[Group] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def transactions(self) -> list[Transaction]:
        return [one for group in self.groups for one in group.transactions]


def interchanges(body: bytes) -> list[Interchange]:
    """Return the interchanges of a file; raises Invalid where it holds none, or something else between them."""
    if len(body) > MOST_BYTES:
        raise Invalid(f"The file has more than {MOST_BYTES} bytes.")
    text, at, found = _decode(body), 0, []
    while at < len(text):
        if text[at].isspace() or text[at] in FILLERS:
            at += 1
            continue
        interchange, at = _interchange(text, at)
        found.append(interchange)
    if not found:
        raise Invalid("The file is empty.")
    return found


def is_whole(body: bytes) -> bool:
    """Say whether a file ends as an interchange does, so that nobody is still writing it."""
    try:
        return not any("no end" in problem for one in interchanges(body) for problem in one.problems)
    except Invalid:
        return False


def _decode(body: bytes) -> str:
    body = body.removeprefix(b"\xef\xbb\xbf")
    at = body.find(b"UNO", 0, 60)
    named = ENCODINGS.get(body[at : at + 4].decode("ascii", "replace")) if at >= 0 else None
    try:
        return body.decode(named or "utf-8")
    except UnicodeDecodeError:
        return body.decode("iso-8859-1")


def _interchange(text: str, at: int) -> tuple[Interchange, int]:
    begin = text[at : at + 3]
    if begin == "ISA":
        delimiters = _of_isa(text, at)
    elif begin == "UNA":
        delimiters, at = _of_una(text, at), at + 9
    elif begin == "UNB":
        delimiters = USUAL
    else:
        shown = one_line(text[at : at + 20])
        raise Invalid(f"{shown!r} begins no interchange: X12 begins with ISA, EDIFACT with UNA or UNB.")
    delimiters.check()
    walk = cut(text, at, delimiters)
    first, end = next(walk, (None, 0))
    if first is None or first.tag not in ("ISA", "UNB"):
        raise Invalid("After UNA there is no UNB.")
    return _fill(_from_isa(first) if first.tag == "ISA" else _from_unb(first), walk, end)


def _of_isa(text: str, at: int) -> Delimiters:
    """Read the delimiters where ISA has them; its elements should be padded, and are not always."""
    parts = text[at : at + 300].split(text[at + 3 : at + 4] or "*", 16)
    if len(parts) < 17 or len(parts[16]) < 2:
        raise Invalid("ISA has no sixteen elements: the file is no X12.")
    if not (len(parts[12]) == 5 and parts[12].isdigit()):
        raise Invalid(f"ISA12 is {one_line(parts[12])[:10]!r}, which is no version: ISA has sixteen elements.")
    repetition = parts[11] if len(parts[11]) == 1 and not parts[11].isalnum() and parts[11] != " " else ""
    found = Delimiters(parts[16][1], text[at + 3], parts[16][0], has_composites=False)
    return replace(found, repetition=repetition if repetition not in (found.segment, found.element) else "")


def _of_una(text: str, at: int) -> Delimiters:
    """Read UNA: component, element, decimal mark, release (a blank: none), reserved or repetition, segment."""
    if len(signs := text[at + 3 : at + 9]) < 6:
        raise Invalid("UNA is cut off.")
    component, element, _, release, repetition, segment = list(signs)
    return Delimiters(segment, element, component, release.strip(), repetition.strip())


def _from_isa(isa: Segment) -> Interchange:
    parties = [(isa.text(n), isa.text(n + 1)) for n in (5, 7)]
    return Interchange(X12, parties[0], parties[1], isa.text(13), isa.text(15) == "T")


def _from_unb(unb: Segment) -> Interchange:
    sender, receiver = ((unb.text(n, 2), unb.text(n, 1)) for n in (2, 3))
    return Interchange(EDIFACT, sender, receiver, unb.text(5), unb.text(11) == "1")


def _fill(found: Interchange, walk: Iterator[tuple[Segment, int]], end: int) -> tuple[Interchange, int]:
    """Read the groups and transactions of an interchange up to its end; returns it and where it ends."""
    reading = _Reading(found)
    for segment, end in walk:
        if segment.tag in ENDS:
            reading.close(segment)
            return found, end
        if segment.tag in BEGINS:
            break
        reading.take(segment)
    found.problems.append(f"The interchange {found.control} has no end: IEA or UNZ is missing.")
    return found, end


class _Reading:
    """An interchange while it is read: the group and the transaction that segments belong to now."""

    def __init__(self, found: Interchange) -> None:
        self.found = found
        self.group: Group | None = None
        self.transaction: Transaction | None = None

    def take(self, segment: Segment) -> None:
        tag = segment.tag
        if tag in ("GS", "UNG"):
            self._begin_group(segment)
        elif tag in ("GE", "UNE"):
            self._end_group(segment)
        elif tag in ("ST", "UNH"):
            self._begin_transaction(segment)
        elif self.transaction is None:
            _stray(segment)
        elif tag in ("SE", "UNT"):
            _check_transaction(self.transaction, segment)
            self.transaction = None
        else:
            segment.problems = self.transaction.problems
            self.transaction.segments.append(segment)

    def close(self, end: Segment) -> None:
        """Compare IEA or UNZ with what was read: EDIFACT counts its messages where it has no groups."""
        _ended(self.transaction, f"before {end.tag}")
        groups = [one for one in self.found.groups if one.code]
        if self.group is not None and self.group.code:
            self.group.problems.append(f"The group {self.group.control} has no end: GE or UNE is missing.")
        count = len(groups) if self.found.syntax == X12 or groups else len(self.found.transactions)
        if end.count(1) != count:
            self.found.problems.append(f"{end.tag}01 in segment {end.place} says {end.text(1)!r}, there are {count}.")
        _same(self.found.problems, end, self.found.control)

    def _begin_group(self, segment: Segment) -> None:
        _ended(self.transaction, "before the next group")
        self.group, self.transaction = _group(segment), None
        self.found.groups.append(self.group)

    def _end_group(self, segment: Segment) -> None:
        _ended(self.transaction, f"before {segment.tag}")
        if self.group is None:
            _stray(segment)
        _check_group(self.group, segment)
        self.group = self.transaction = None

    def _begin_transaction(self, segment: Segment) -> None:
        _ended(self.transaction, "before the next one")
        self.transaction = _transaction(segment)
        if self.group is None:
            self.group = Group()
            self.found.groups.append(self.group)
            if self.found.syntax == X12:
                self.group.problems.append(f"ST in segment {segment.place} is in no group: GS is missing.")
        self.group.transactions.append(self.transaction)


def _group(segment: Segment) -> Group:
    if segment.tag == "UNG":
        return Group(segment.text(1), segment.text(5), segment.text(7, 2))
    return Group(segment.text(1), segment.text(6), segment.text(8))


def _transaction(segment: Segment) -> Transaction:
    if segment.tag == "UNH":
        return Transaction(segment.text(2, 1), segment.text(1), segment.text(2, 2) + segment.text(2, 3), segment.place)
    return Transaction(segment.text(1), segment.text(2), segment.text(3), segment.place)


def _check_transaction(found: Transaction, end: Segment) -> None:
    """Compare SE or UNT with what was read; both count their segments with themselves and their begin."""
    count = len(found.segments) + 2
    if end.count(1) != count:
        found.problems.append(f"{end.tag}01 in segment {end.place} says {end.text(1)!r} segments, there are {count}.")
    _same(found.problems, end, found.control)


def _check_group(found: Group, end: Segment) -> None:
    """Compare GE or UNE with what was read."""
    count = len(found.transactions)
    if end.count(1) != count:
        place = f"{end.tag}01 in segment {end.place}"
        found.problems.append(f"{place} says {end.text(1)!r} transactions, there are {count}.")
    _same(found.problems, end, found.control)


def _same(problems: list[str], end: Segment, control: str) -> None:
    """Note where an end has another control number than its begin; leading zeros are the same."""
    if end.text(2).lstrip("0") != control.lstrip("0"):
        problems.append(f"{end.tag}02 in segment {end.place} is {end.text(2)!r}, its begin says {control!r}.")


def _ended(transaction: Transaction | None, where: str) -> None:
    if transaction is not None:
        name = f"{transaction.kind} {transaction.control}"
        transaction.problems.append(f"The transaction {name} has no end {where}: SE or UNT is missing.")


def _stray(segment: Segment) -> NoReturn:
    raise Invalid(f"{segment.tag} in segment {segment.place} stands outside of any transaction.")

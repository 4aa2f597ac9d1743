"""Segments of X12 and EDIFACT, cut at the delimiters that their interchange names, and read without trust."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from decimal import Decimal, InvalidOperation

from oms.lib.errors import Invalid
from oms.lib.money import LIMIT
from oms.lib.text import one_line

MOST_SEGMENTS = 200_000
MOST_TEXT = 500
# What stands for a released delimiter while a segment is cut: private characters, which no message may hold.
HIDDEN = [chr(0xE000 + n) for n in range(5)]
TAG = re.compile(r"[A-Z][A-Z0-9]{1,2}")
NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)")


@dataclass(frozen=True)
class Delimiters:
    """What ends a segment, an element and a component, and what takes the meaning of such a character away."""

    segment: str
    element: str
    component: str
    release: str = ""
    repetition: str = ""
    has_composites: bool = True

    def check(self) -> None:
        """Raise Invalid where two of them are one, or one could be part of a word."""
        used = [one for one in (self.segment, self.element, self.component, self.release, self.repetition) if one]
        if len(set(used)) < len(used) or any(one.isalnum() for one in used):
            raise Invalid(f"The delimiters {' '.join(map(repr, used))} are not to be told apart.")


class Fault(str):
    """What is wrong with an element, in words, with where that is; `code` is that of X12's element 723."""

    __slots__ = ("code", "element", "place", "tag")
    tag: str
    place: int
    element: int
    code: str


@dataclass(slots=True)
class Segment:
    """A segment, its elements as components; `place` counts in the interchange from 1.

    What is wrong is noted in `problems`, which the segments of a transaction share, by the element's name: PO102 is
    the second of a PO1, C1.2 the second component of the first.
    """

    tag: str
    elements: tuple[tuple[str, ...], ...]
    place: int
    problems: list[str] = field(default_factory=list, compare=False)

    def text(self, element: int, component: int = 1) -> str:
        """Return an element as one clean line, "" where it is missing."""
        if not 0 < element <= len(self.elements) or component > len(self.elements[element - 1]):
            return ""
        return one_line(self.elements[element - 1][component - 1])[:MOST_TEXT]

    def note(self, element: int, reason: str, component: int = 1) -> None:
        """Write down what is wrong with an element."""
        part = f".{component}" if component > 1 else ""
        fault = Fault(f"{self.tag}{element:02d}{part} in segment {self.place} {reason}.")
        fault.tag, fault.place, fault.element = self.tag, self.place, element
        fault.code = "1" if "missing" in reason else "8" if "date" in reason else "7"
        self.problems.append(fault)

    def need(self, element: int, component: int = 1) -> str:
        """Return an element, and note where it is missing."""
        found = self.text(element, component)
        if not found:
            self.note(element, "is missing", component)
        return found

    def amount(self, element: int, component: int = 1, *, implied: int = 0) -> Decimal | None:
        """Return a number, None where it is missing or none; `implied`: so many decimals of it are not pointed off."""
        said = self.text(element, component)
        if not said:
            return None
        try:
            plain = said.replace(",", ".")
            if not NUMBER.fullmatch(plain) or not abs(found := Decimal(plain)) < LIMIT:
                raise InvalidOperation
        except InvalidOperation:
            self.note(element, f"{said[:30]!r} is no number", component)
            return None
        return found.scaleb(-implied)

    def count(self, element: int) -> int | None:
        """Return a count, None where it is none."""
        said = self.text(element)
        return int(said) if said.isascii() and said.isdigit() and len(said) <= 10 else None

    def moment(self, element: int, component: int = 1, *, zone: tzinfo = UTC) -> datetime | None:
        """Return the moment of YYMMDD, CCYYMMDD or CCYYMMDDHHMM; None where it is missing or none, which is noted."""
        said = self.text(element, component)
        form = {6: "%y%m%d", 8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}.get(len(said))
        if not said:
            return None
        try:
            return datetime.strptime(said, form or "").replace(tzinfo=zone)
        except ValueError:
            self.note(element, f"{said[:20]!r} is no date", component)
            return None


def cut(text: str, at: int, delimiters: Delimiters) -> Iterator[tuple[Segment, int]]:
    """Yield the segments of `text` from `at` on, each with where it ends.

    What is after the last terminator is a segment too. Raises Invalid for what is none.
    """
    released = re.escape(delimiters.release)
    inside = rf"(?:{released}.|[^{released}{re.escape(delimiters.segment)}])*" if released else None
    raw_of = re.compile(inside or rf"[^{re.escape(delimiters.segment)}]*", re.DOTALL)
    place = 0
    while match := raw_of.match(text, at):
        at = match.end() + 1
        raw = match.group().strip("\r\n\t ")
        if raw:
            place += 1
            if place > MOST_SEGMENTS:
                raise Invalid(f"The interchange has more than {MOST_SEGMENTS} segments.")
            yield _segment(raw, place, delimiters), min(at, len(text))
        if at > len(text):
            return


def _segment(raw: str, place: int, delimiters: Delimiters) -> Segment:
    shown = {}
    if delimiters.release:
        signs = [
            delimiters.segment,
            delimiters.element,
            delimiters.component,
            delimiters.release,
            delimiters.repetition,
        ]
        hidden = {sign: hide for sign, hide in zip(signs, HIDDEN, strict=True) if sign}
        shown = {ord(hide): sign for sign, hide in hidden.items()}
        pattern = re.escape(delimiters.release) + "(.)"
        raw = re.sub(pattern, lambda found: hidden.get(found[1], found[1]), raw, flags=re.DOTALL)
    tag, *elements = raw.split(delimiters.element)
    tag = tag.strip()
    if not TAG.fullmatch(tag.partition(delimiters.component)[0]):
        raise Invalid(f"Segment {place} begins with {one_line(tag)[:20]!r}, which is no segment.")
    cut_up = tuple(tuple(part.translate(shown) for part in _parts(one, delimiters)) for one in elements)
    return Segment(tag.partition(delimiters.component)[0], cut_up, place)


def _parts(element: str, delimiters: Delimiters) -> list[str]:
    """Return the components of an element; no segment of X12 that is read has any, and texts hold the sign."""
    return element.split(delimiters.component) if delimiters.has_composites else [element]

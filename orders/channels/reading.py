"""How adapters read documents that they do not trust: what is wrong with one is noted, all of it, by its path."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any, Self

from oms.lib.errors import Invalid
from oms.lib.text import one_line
from oms.lib.tree import Node, parse_moment

MOST_TEXT = 500
MOST_PROBLEMS = 5
MOST_PLACES = 6


class Doc(Node):
    """A value of a document. One that makes no sense is read as if it were missing, and noted in `problems`."""

    most_rows = 10_000

    def __init__(self, value: Any, path: str, problems: list[str] | None = None) -> None:
        super().__init__(value, path)
        self.problems: list[str] = [] if problems is None else problems

    def child(self, value: Any, path: str) -> Self:
        return type(self)(value, path, self.problems)

    def fresh(self) -> Self:
        """Return the same value as a document of its own, with no problem noted yet."""
        return type(self)(self.value, self.path)

    def note(self, reason: str) -> None:
        self.problems.append(f"{self.path or 'The document'} {reason}.")

    def has(self, *names: str) -> bool:
        """Say whether all of some names are there; one may be a path: "items.qty"."""
        return all(self.at(*name.split(".")).value is not None for name in names)

    def text(self, *names: str) -> str:
        try:
            return super().text(*names)[:MOST_TEXT]
        except Invalid as error:
            self.problems.append(error.message)
            return ""

    def parts(self, *names: str) -> list[Self]:
        """Return the elements of a list, whatever they are; one alone is a list of one."""
        try:
            return super().rows(*names)
        except Invalid as error:
            self.problems.append(error.message)
            return []

    def rows(self, *names: str) -> list[Self]:
        """Return the objects of a list; what is none among them is noted and left out."""
        found = self.parts(*names)
        for row in found:
            if row.value not in (None, "") and not isinstance(row.value, dict):
                row.note("is no object")
        return [row for row in found if isinstance(row.value, dict)]

    def count(self, *names: str) -> int:
        """Return how many elements a list has; of one thing alone, as XML has it, one."""
        value = self.at(*names).value
        return len(value) if isinstance(value, list) else int(isinstance(value, dict) and bool(value))

    def amount(self, *names: str) -> Decimal | None:
        try:
            found = super().amount(*names)
        except Invalid as error:
            self.problems.append(error.message)
            return None
        # 10.799999999999999 is what a float made of 10.8.
        return found if found is None or _places(found) <= MOST_PLACES else round(found, MOST_PLACES)

    def first_amount(self, *paths: tuple[str, ...]) -> Decimal | None:
        """Return the first amount of several paths that is there."""
        return next((found for found in (self.amount(*path) for path in paths) if found is not None), None)

    def sum(self, *names: str) -> Decimal:
        """Return amounts added up; a missing one is nothing."""
        return sum((self.amount(name) or Decimal(0) for name in names), Decimal(0))

    def need(self, *paths: tuple[str, ...]) -> str:
        """Return the first text of several paths that is there; a note when there is none."""
        found = self.first(*paths)
        if not found and not any(self.at(*path) for path in paths):
            self.at(*paths[0]).note("is missing")
        return found

    def need_amount(self, *paths: tuple[str, ...]) -> Decimal | None:
        found = self.first_amount(*paths)
        if found is None and not any(self.at(*path) for path in paths):
            self.at(*paths[0]).note("is missing")
        return found

    def quantity(self, *paths: tuple[str, ...]) -> Decimal:
        return self.need_amount(*paths) or Decimal(0)

    def currency(self, *paths: tuple[str, ...]) -> str:
        """Return the first currency of several paths; a note when there is none, or what is there is no code."""
        said = self.need(*paths)
        found = said.upper()
        if found and not (len(found) == 3 and found.isascii() and found.isalpha()):
            named = next((path for path in paths if self.fresh().text(*path) == said), paths[0])
            self.at(*named).note(f"{said[:20]!r} is no currency")
            return ""
        return found

    def flag(self, *names: str) -> bool:
        """Say whether a value is true, in whatever way it is written."""
        return str(self.at(*names).value).lower() in ("true", "1", "yes")

    def when(self, *paths: tuple[str, ...]) -> datetime | None:
        """Return the first moment of several paths, None when it is none: ISO 8601, RFC 2822 or milliseconds."""
        said = self.fresh().first(*paths)
        return moment(said) if said else None

    def lines(self, *names: str) -> list[str]:
        """Return the lines of a text, or the texts of a list."""
        value = self.at(*names).value
        found = value if isinstance(value, list) else value.splitlines() if isinstance(value, str) else [value]
        texts = [str(part) for part in found if isinstance(part, str | int | Decimal)]
        return [text for text in (one_line(part)[:MOST_TEXT] for part in texts) if text]

    def codes(self, *names: str) -> tuple[str, ...]:
        """Return the texts of a list, each once."""
        return tuple(dict.fromkeys(self.lines(*names)))


def _places(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def moment(said: str) -> datetime | None:
    if said.isascii() and said.isdigit() and len(said) == 13:
        return datetime.fromtimestamp(int(said) / 1000, UTC)
    found = parse_moment(said)
    if found is None and "," in said:
        try:
            return parsedate_to_datetime(said).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return found


def total(amounts: Iterable[Decimal | None]) -> Decimal:
    """Return amounts added up; None is nothing."""
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def positive(amount: Decimal | None) -> Decimal | None:
    """Return an amount that a platform writes with either sign."""
    return None if amount is None else abs(amount)


def share(amount: Decimal | None, quantity: Decimal) -> Decimal | None:
    """Return what one piece costs of a line's amount, rounded."""
    return round(amount / quantity, MOST_PLACES) if amount is not None and quantity > 0 else None


def joined(*words: str) -> str:
    """Return words with a blank between them: a first name and a last."""
    return " ".join(word for word in words if word)


def holds(row: Doc) -> str:
    """Say what a document that nobody knows holds, for its reason."""
    names = [one_line(str(name))[:40] for name in row.value][:6] if isinstance(row.value, dict) else []
    return ", ".join(names) or "nothing"

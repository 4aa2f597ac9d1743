"""Reading a document field by field: every problem is noted where it stands, and reading goes on."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from fulfilment.rating.card import MILLION

LONGEST_TEXT = 80
HIGHEST = 10**9  # cents, steps, measures in whole units: what is more is a mistake
MOST_PERCENT = Decimal(1000)


class Fields:
    """The object at `path` of a document, which may have the fields `known`; `problems` is {path: what is wrong}.

    Each reader returns what makes sense, or a harmless value after noting a problem; the document is refused at
    the end if there is any.
    """

    def __init__(self, value: Any, path: str, problems: dict[str, str], known: tuple[str, ...]):
        self.path, self.problems = path, problems
        self.values: dict[str, Any] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            problems[path] = "Give an object with named fields."
        for name in sorted(set(self.values) - set(known)):
            self.blame(str(name)[:LONGEST_TEXT], f"There is no such field; known: {', '.join(known)}.")

    def at(self, name: str) -> str:
        return f"{self.path}.{name}".strip(".")

    def blame(self, name: str, text: str) -> None:
        self.problems.setdefault(self.at(name), text)

    def has(self, name: str) -> bool:
        return self.values.get(name) is not None

    def text(self, name: str, *, default: str | None = None) -> str:
        """Return the text `name`; without a `default` it must be there."""
        value = self.values.get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not 0 < len(value.strip()) <= LONGEST_TEXT:
            self.blame(name, f"Give a text of at most {LONGEST_TEXT} letters.")
            return default or ""
        return value.strip()

    def choice(self, name: str, known: tuple[str, ...], *, default: str) -> str:
        """Return which of `known` it is."""
        value = self.values.get(name, default)
        if value not in known:
            self.blame(name, f"Choose of {', '.join(known)}.")
            return default
        return str(value)

    def flag(self, name: str) -> bool:
        if not isinstance(self.values.get(name, False), bool):
            self.blame(name, "Give true or false.")
        return self.values.get(name) is True

    def number(self, name: str, *, places: int, unit: Decimal = Decimal(1), default: int = 0) -> int:
        """Return the number `name` in `unit`s, whole; it has at most `places` decimals and is not negative."""
        return self.whole(self.values[name], name, places=places, unit=unit) if self.has(name) else default

    def whole(self, value: Any, name: str, *, places: int, unit: Decimal = Decimal(1)) -> int:
        """Return `value`, which stands at `name`, as a whole number of `unit`s."""
        try:
            number = Decimal(str(value)) if not isinstance(value, bool) else Decimal("NaN")
        except InvalidOperation:
            number = Decimal("NaN")
        if not (number.is_finite() and 0 <= number <= HIGHEST):
            self.blame(name, f"{str(value)[:20]} is no number from 0 to {HIGHEST:,}.")
            return 0
        if number != round(number, places):
            self.blame(name, f"{number} has more than {places} decimals.")
            return 0
        units = number / unit
        if units != units.to_integral_value():
            self.blame(name, f"{number} is no multiple of {unit}.")
            return 0
        return int(units)

    def percent(self, name: str) -> int:
        """Return a percentage, of at most 4 decimals, in millionths."""
        share = self.number(name, places=4, unit=Decimal(100) / MILLION)
        if share > MOST_PERCENT * 10_000:
            self.blame(name, f"More than {MOST_PERCENT} % is a mistake.")
        return share

    def day(self, name: str) -> date | None:
        """Return the day `name` (ISO 8601), or None."""
        value = self.values.get(name)
        if value is None:
            return None
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.blame(name, "Give a day as 2025-08-18.")
            return None

    def items(self, name: str, *, most: int, needed: bool = False) -> list[Any]:
        """Return the list `name`, of at most `most` items; where it is `needed`, one at least."""
        value = self.values.get(name)
        if value is None:
            value = []
        if not isinstance(value, list) or len(value) > most or (needed and not value):
            self.blame(name, f"Give a list of {'1' if needed else '0'} to {most} items.")
            return []
        return value

    def objects(self, name: str, known: tuple[str, ...], *, most: int, needed: bool = False) -> Iterator["Fields"]:
        """Yield each object of the list `name` as Fields."""
        for i, value in enumerate(self.items(name, most=most, needed=needed), start=1):
            yield Fields(value, f"{self.at(name)}[{i}]", self.problems, known)

    def inner(self, name: str, known: tuple[str, ...]) -> "Fields":
        """Return the object `name`; an empty one where there is none."""
        return Fields(self.values.get(name) or {}, self.at(name), self.problems, known)

    def indices(self, name: str, known: dict[str, int]) -> frozenset[int] | None:
        """Return the places in `known` of what the list `name` names; None where there is no list: all."""
        if not self.has(name):
            return None
        found = set()
        for value in self.items(name, most=len(known), needed=True):
            if not isinstance(value, str) or value not in known:
                self.blame(name, f"{str(value)[:20]} is none of {', '.join(known)}.")
            else:
                found.add(known[value])
        return frozenset(found)

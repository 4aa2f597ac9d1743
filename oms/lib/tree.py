"""A document of somebody else's, JSON or XML, as one kind of tree: bounded, and each value named by its path.

An XML element is {child: value or [values], "@attribute": text}, or its text alone; prefixes of names are left out.
A document type, and with it every entity, is refused.
"""

import json
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from datetime import UTC, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn, Self
from xml.parsers import expat

from oms.lib.errors import Invalid
from oms.lib.money import LIMIT
from oms.lib.text import one_line

MOST_BYTES = 20_000_000
DEEPEST = 60
MOST_NODES = 200_000


def refuse(path: str, reason: str) -> NoReturn:
    """Raise the Invalid that says what is wrong with which field."""
    raise Invalid(f"{path or 'The body'} {reason}.", field=path or None)


def parse_tree(body: bytes) -> Any:
    """Return what a body holds; raises Invalid when it is neither JSON nor XML, or more than we take."""
    if len(body) > MOST_BYTES:
        refuse("", f"has more than {MOST_BYTES} bytes")
    begin = body[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if begin[:2] in (BOM_UTF16_LE, BOM_UTF16_BE):
        begin = begin.decode("utf-16", "ignore").lstrip().encode()
    if begin[:1] == b"<":
        return _xml(body.removeprefix(b"\xef\xbb\xbf").lstrip())
    if begin[:1] not in (b"{", b"["):
        refuse("", "is neither a JSON object or list nor XML" if begin else "is empty")
    return _json(body)


class Node:
    """A value in the tree with the path that leads to it; what is not there is a Node of None."""

    most_rows = 1_000

    def __init__(self, value: Any, path: str) -> None:
        self.value = value
        self.path = path

    def child(self, value: Any, path: str) -> Self:
        """Return a Node like this one of another value."""
        return type(self)(value, path)

    def refuse(self, reason: str) -> NoReturn:
        """Raise the error that says what is wrong with this value."""
        refuse(self.path, reason)

    def __bool__(self) -> bool:
        return self.value not in (None, "", {}, [])

    def at(self, *names: str) -> Self:
        """Return the value behind a path of names; of lists on the way, the first of each."""
        found = self
        for name in names:
            value = found.value
            if isinstance(value, list):
                value = value[0] if value else None
            inner = value.get(name) if isinstance(value, dict) else None
            found = found.child(inner, f"{found.path}.{name}" if found.path else name)
        return found

    def rows(self, *names: str) -> list[Self]:
        """Return the values of a list; one alone, as XML has it, is a list of one."""
        found = self.at(*names)
        if found.value in (None, ""):
            return []
        if not isinstance(found.value, list):
            return [found]
        if len(found.value) > self.most_rows:
            found.refuse(f"has more than {self.most_rows} rows")
        return [found.child(value, f"{found.path}[{n}]") for n, value in enumerate(found.value)]

    def text(self, *names: str) -> str:
        """Return a text or number as one clean line; "" when it is missing. Raises Invalid for anything else."""
        found = self.at(*names)
        value = found.value
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict):
            value = value.get("#text") if "#text" in value else (value or None)
        if value is None or value == []:
            return ""
        if isinstance(value, bool | dict | list):
            found.refuse("is no text")
        return one_line(str(value))

    def first(self, *paths: tuple[str, ...]) -> str:
        """Return the first text of several paths that is there, or ""."""
        return next((said for said in (self.text(*path) for path in paths) if said), "")

    def amount(self, *names: str) -> Decimal | None:
        """Return money, exact; None when it is missing. Raises Invalid when it is none."""
        said = self.text(*names)
        if not said:
            return None
        is_comma = said.rfind(",") > said.rfind(".")
        try:
            found = Decimal(said.replace(".", "").replace(",", ".") if is_comma else said.replace(",", ""))
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite():
            self.at(*names).refuse(f"{said[:30]!r} is no amount")
        if not -LIMIT < found < LIMIT:
            self.at(*names).refuse(f"{said[:30]!r} is too large")
        return found + 0

    def number(self, *names: str) -> int | None:
        """Return a small whole number, or None for anything else: nothing hangs on it."""
        said = self.text(*names)
        return int(said) if said.isascii() and said.isdigit() and len(said) <= 4 else None

    def moment(self, *names: str, zone: tzinfo = UTC) -> datetime:
        """Return a moment in UTC; one without an offset is read in `zone`. Raises Invalid."""
        said = self.text(*names)
        return parse_moment(said, zone=zone) or self.at(*names).refuse(wrong_moment(said))


def parse_moment(said: str, *, form: str = "", zone: tzinfo = UTC) -> datetime | None:
    """Return the moment that a text says, as ISO 8601 or in `form`, in UTC; None when it says none."""
    try:
        found = datetime.strptime(said, form) if form else datetime.fromisoformat(said)
        if not 1990 <= found.year <= 2200:
            return None
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def wrong_moment(said: str) -> str:
    return f"{said[:40]!r} is no moment" if said else "is missing"


def _json(body: bytes) -> Any:
    """Return a JSON document, or a list of those that stand one a line (https://jsonlines.org)."""
    try:
        found = _one_or_lines(body.decode(json.detect_encoding(body)))
    except json.JSONDecodeError as error:
        refuse("", f"is no JSON: {error.msg.lower()}: line {error.lineno}, column {error.colno}")
    except UnicodeDecodeError as error:
        refuse("", f"is no JSON: byte {error.start} is no {error.encoding}")
    except RecursionError:
        refuse("", f"is deeper than {DEEPEST} levels")
    except (ValueError, InvalidOperation):
        refuse("", "holds a number that is none, or too long")
    _measure(found)
    return found


def _one_or_lines(text: str) -> Any:
    try:
        return _loaded(text)
    except json.JSONDecodeError as error:
        if error.msg != "Extra data" or error.lineno == 1:
            raise
        try:
            return [_loaded(line) for line in text.splitlines() if line.strip()]
        except json.JSONDecodeError:
            raise error from None


def _loaded(text: str) -> Any:
    return json.loads(text, parse_float=Decimal, parse_constant=_no_number)


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _measure(found: Any) -> None:
    """Refuse a tree that is deeper or larger than such documents are."""
    level, count = [found], 0
    for _ in range(DEEPEST):
        inner: list[Any] = []
        for value in level:
            inner += value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
        count += len(inner)
        if count > MOST_NODES:
            refuse("", f"has more than {MOST_NODES} values")
        if not inner:
            return
        level = inner
    refuse("", f"is deeper than {DEEPEST} levels")


def _xml(body: bytes) -> Any:
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = builder.doctype
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        refuse("", f"is no XML: {one_line(str(error))[:80]}")
    return builder.root


class _Builder:
    """Builds the tree while expat reads."""

    def __init__(self) -> None:
        self.root: dict[str, Any] = {}
        self.stack: list[dict[str, Any]] = [self.root]
        self.count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1 + len(attributes)
        if self.count > MOST_NODES or len(self.stack) > DEEPEST:
            refuse("", f"has more than {MOST_NODES} values or {DEEPEST} levels")
        element = {f"@{_local(key)}": value for key, value in attributes.items()}
        self.stack.append(element | {"#name": _local(name)})

    def text(self, data: str) -> None:
        inner = self.stack[-1]
        inner["#text"] = inner.get("#text", "") + data

    def end(self, name: str) -> None:
        element = self.stack.pop()
        key, said = element.pop("#name"), element.pop("#text", "").strip()
        if said and element:
            element["#text"] = said
        value = element or said
        parent = self.stack[-1]
        if key not in parent:
            parent[key] = value
        elif isinstance(parent[key], list):
            parent[key].append(value)
        else:
            parent[key] = [parent[key], value]

    def doctype(self, *args: object) -> NoReturn:
        refuse("", "has a document type: such XML is not read")


def _local(name: str) -> str:
    return name.rpartition(" ")[2].rpartition(":")[2]

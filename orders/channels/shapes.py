"""Which document is which: by the envelope it comes in, or by the names it holds."""

from collections.abc import Callable, Iterable, Sequence
from typing import NoReturn

from oms.lib.errors import Invalid
from orders.channels.base import Document, Incoming, Other, Refused
from orders.channels.reading import MOST_PROBLEMS, Doc, holds

Maker = Callable[[Doc], Incoming]
Shape = tuple[tuple[str, ...], Maker]


def each(rows: Iterable[Doc], make: Maker) -> list[Document]:
    """Return one document for each row."""
    return [one(row, make) for row in rows]


def one(row: Doc, make: Maker) -> Document:
    """Return what `make` reads in a row, or Refused with all that is wrong with it."""
    row = row.fresh()
    try:
        if not isinstance(row.value, dict):
            row.refuse("is no object")
        found = make(row)
    except Invalid as error:
        return Refused(error.message, Other(about=""))
    problems = list(dict.fromkeys(row.problems))[:MOST_PROBLEMS]
    return Refused(" ".join(problems), found) if problems else found


def by_envelope(body: Doc, envelopes: dict[str, Maker], otherwise: Maker) -> list[Document]:
    """Return the documents under the first name of `envelopes` that a body has, one or a list, or the body itself.

    What has an id is no envelope. Of a list, each element is read so.
    """
    found: list[Document] = []
    for row in body.parts():
        name = "" if row.has("id") else next((name for name in envelopes if _holds(row, name)), "")
        found += each(row.at(name).parts(), envelopes[name]) if name else [one(row, otherwise)]
    return found


def _holds(row: Doc, name: str) -> bool:
    return isinstance(row.at(name).value, dict | list)


def unknown(who: str, row: Doc) -> str:
    """Return why a document is refused that is none of those read here, whether its platform sends such or not."""
    return f"is no document of {who} that is known here: it holds {holds(row)}"


def by_shape(shapes: Sequence[Shape], who: str) -> Maker:
    """Return what reads a document as the first shape whose names it all has."""

    def make(row: Doc) -> Incoming:
        for names, read in shapes:
            if row.has(*names):
                return read(row)
        row.refuse(unknown(who, row))

    return make


def other(about: str, *ids: str) -> Maker:
    """Return what reads a document that changes nothing here; `ids` are the names its own id may have."""

    def make(row: Doc) -> Incoming:
        return Other(about=about, external_id=row.first(*((name,) for name in ids)) if ids else "")

    return make


def complain(who: str, *words: str) -> NoReturn:
    """Raise the Invalid that says what the platform itself complains of."""
    said = ": ".join(word for word in words if word) or "it does not say of what"
    raise Invalid(f"{who} answers with an error: {said[:300]}.".replace("..", "."))

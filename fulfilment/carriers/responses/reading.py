"""What an answer of a carrier says, whoever sent it, and how readers put it together."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NoReturn

from fulfilment.carriers.base import CarrierError, Rate, TrackedEvent
from fulfilment.carriers.tree import Node
from oms.lib.text import one_line

PRE_TRANSIT = "pre_transit"
IN_TRANSIT = "in_transit"
OUT_FOR_DELIVERY = "out_for_delivery"
DELIVERED = "delivered"
EXCEPTION = "exception"
RETURNED = "returned"
STATUSES = (PRE_TRANSIT, IN_TRANSIT, OUT_FOR_DELIVERY, DELIVERED, EXCEPTION, RETURNED)

BEGINS = {b"%PDF": "pdf", b"\x89PNG": "png", b"^XA": "zpl", b"GIF8": "gif", b"\xff\xd8": "jpg", b"EPL": "epl"}
MOST_TEXT = 500
EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class LabelFile:
    """A label that was sold: its number, and its file or where that is; `problem` says why there is no file."""

    number: str
    content: bytes = b""
    form: str = ""
    url: str = ""
    amount: Decimal | None = None
    currency: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Undated:
    """What happened to a parcel, nobody says when: it counts for where the parcel is, and is no event of ours."""

    code: str
    text: str


@dataclass(frozen=True)
class Track:
    """Where a parcel is: one of STATUSES, and what happened to it, oldest first; `undated`: words without a moment."""

    number: str
    status: str
    events: tuple[TrackedEvent, ...] = ()
    undated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """An answer, understood: `kind` is rates, label, tracking, error, other or refused, and `message` says more."""

    kind: str
    message: str = ""
    rates: tuple[Rate, ...] = ()
    labels: tuple[LabelFile, ...] = ()
    tracks: tuple[Track, ...] = ()


Reader = Callable[[Node], Reading]


def choose(body: Node, shapes: Sequence[tuple[tuple[str, ...], Reader]], *, who: str) -> Reading:
    """Read a body as the first shape whose path it has; raises CarrierError when it has none."""
    for path, reader in shapes:
        if body.at(*path).value is not None:
            return reader(body)
    return complaint(body) or unknown(body, who)


# Where gateways say what is wrong, whoever's they are.
COMPLAINTS = ["error", "errors", "fault", "Fault", "messages", "message", "Message", "title", "detail"]


def complaint(body: Node) -> Reading | None:
    """Return what an answer complains of, in any of the shapes that gateways have for it; None for none."""
    if not isinstance(body.value, dict):
        return None
    found = [_words(row.value) for name in COMPLAINTS for row in body.rows(name)]
    return error(*found) if any(found) else None


def _words(value: Any) -> str:
    words = value.values() if isinstance(value, dict) else [value]
    return ": ".join(one_line(word) for word in words if isinstance(word, str) and word.strip())


def several(body: Node, read: Reader) -> Reading:
    """Read a list of answers: the rates of all that can be read, or the first; what cannot be read is said."""
    found, problems = [], []
    for row in body.rows():
        try:
            found.append(read(row))
        except CarrierError as problem:
            problems.append(problem.message)
    if not found:
        raise CarrierError(problems[0] if problems else "The list is empty.", retry=False)
    if all(one.kind == "rates" for one in found):
        return rates([rate for one in found for rate in one.rates], "; ".join(f"left out: {text}" for text in problems))
    return found[0]


def unknown(body: Node, who: str) -> NoReturn:
    """Raise the CarrierError about an answer that a carrier is not known to give."""
    value = body.value[0] if isinstance(body.value, list) and body.value else body.value
    names = [str(name)[:40] for name in value][:6] if isinstance(value, dict) else []
    raise CarrierError(f"{who} gives no such answer: it holds {', '.join(names) or 'nothing'}.", retry=False)


def rates(found: list[Rate], message: str = "") -> Reading:
    message = message if found else message or "No service is offered."
    return Reading("rates", message[:MOST_TEXT], rates=tuple(found))


def rate(service: str, name: str, amount: Decimal | None, currency: str, *, path: str, days: int | None = None) -> Rate:
    """Return a Rate; raises CarrierError where service, amount or currency are missing or make no sense."""
    if not service or amount is None:
        raise CarrierError(f"{path or 'The body'} has no {'amount' if service else 'service'}.", retry=False)
    if amount < 0:
        raise CarrierError(f"{path or 'The body'} has the amount {amount}.", retry=False)
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise CarrierError(f"{path or 'The body'} has no currency but {currency[:20]!r}.", retry=False)
    return Rate(service[:40], (name or service)[:100], amount, currency.upper(), days)


def labels(found: list[LabelFile], message: str = "") -> Reading:
    if not found:
        raise CarrierError("The answer holds no label.", retry=False)
    return Reading("label", message[:MOST_TEXT], labels=tuple(found))


def label(
    number: str,
    data: str = "",
    form: str = "",
    *,
    path: str,
    url: str = "",
    amount: Decimal | None = None,
    currency: str = "",
) -> LabelFile:
    """Return a label; `data` is its file as base64, or ZPL as it is. Raises CarrierError without a number."""
    if not number:
        raise CarrierError(f"{path or 'The body'} has no tracking number.", retry=False)
    found = LabelFile(number[:60], url=url[:500], amount=amount, currency=currency[:3].upper(), form=form.lower()[:10])
    return file_of(found, data) if data else found


def file_of(found: LabelFile, data: str) -> LabelFile:
    """Return a label with the file that `data` holds, or with why it holds none."""
    if data.lstrip().startswith("^XA"):
        return replace(found, content=data.encode(), form="zpl")
    try:
        content = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return replace(found, problem="the file is no base64")
    form = next((form for begin, form in BEGINS.items() if content.lstrip().startswith(begin)), "")
    if not form:
        return replace(found, problem="the file is neither PDF, PNG nor ZPL")
    return replace(found, content=content, form=form)


def tracking(found: list[Track], message: str = "") -> Reading:
    """Return where parcels are; the message says what is known of them without a moment."""
    if not found:
        raise CarrierError("The answer is about no parcel.", retry=False)
    undated = [f"{one.number} without a moment: {words}".strip() for one in found for words in one.undated]
    return Reading("tracking", "; ".join(filter(None, [message, *undated]))[:MOST_TEXT], tracks=tuple(found))


Told = TrackedEvent | Undated


def event(status: str, text: str, place: list[str], at: datetime | None) -> Told:
    """Return what happened to a parcel; `at` is None where nobody says when."""
    if at is None:
        return Undated(status, text[:200] or status)
    return TrackedEvent(status, text[:200], ", ".join(part for part in place if part)[:100], at)


def in_time(events: Sequence[Told]) -> list[tuple[datetime, Told]]:
    """Return events in the order of their moments; one without is where it was told, after the one before it.

    Of one moment the later written counts, or the earlier where the newest comes first.
    """
    dated = [event.at for event in events if isinstance(event, TrackedEvent)]
    is_newest_first = bool(dated) and dated[0] >= dated[-1]
    last, placed = min(dated, default=EARLIEST), []
    for one in reversed(events) if is_newest_first else events:
        last = one.at if isinstance(one, TrackedEvent) else last
        placed.append((last, one))
    return sorted(placed, key=lambda pair: pair[0])


def track(number: str, events: Sequence[Told], status: str = "", *, path: str = "", is_asked: bool = False) -> Track:
    """Return where a parcel is: `status` where the carrier says it of the whole, else that of its last event.

    What is delivered after it turned back has reached us and not the customer; what has arrived, or turned back, stays
    so whatever is noted after it. Raises CarrierError without a number, unless only the question has it (`is_asked`).
    """
    if not number and not is_asked:
        raise CarrierError(f"{path or 'The body'} has no tracking number.", retry=False)
    kept = in_time(events)
    turned = min((at for at, event in kept if event.code == RETURNED), default=None)
    told = [
        replace(event, code=RETURNED) if turned and event.code == DELIVERED and at >= turned else event
        for at, event in kept
    ]
    codes = [event.code for event in told] or [PRE_TRANSIT]
    status = status or next((code for code in (RETURNED, DELIVERED) if code in codes), codes[-1])
    if turned and status == DELIVERED:
        status = RETURNED
    dated = tuple(event for event in told if isinstance(event, TrackedEvent))
    return Track(number[:60], status, dated, tuple(event.text for event in told if isinstance(event, Undated)))


def error(*said: str) -> Reading:
    """Return the carrier's refusal in its words."""
    words = [word for word in said if word]
    return Reading("error", "; ".join(dict.fromkeys(words))[:MOST_TEXT] or "The carrier does not say what is wrong.")


def other(message: str) -> Reading:
    """Return an answer that is about neither rates, labels nor tracking."""
    return Reading("other", message[:MOST_TEXT] or "It says nothing.")


def said(row: Node, *names: str) -> str:
    """Return the texts of some fields of a row, one after the other: a code and its message."""
    return ": ".join(text for text in (row.text(name) for name in names) if text)

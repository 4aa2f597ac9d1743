"""What EasyPost's webhooks say of parcels: https://docs.easypost.com/docs/trackers."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from fulfilment.carriers.base import CarrierError, Tracked, TrackedEvent
from oms.lib.text import one_line

DELIVERED, RETURNED = "delivered", "returned"

# Status of EasyPost -> TrackingEvent.Code; "": the carrier does not have the parcel yet, or says nothing.
CODES = {
    "unknown": "",
    "pre_transit": "",
    "in_transit": "in_transit",
    "out_for_delivery": "out_for_delivery",
    "available_for_pickup": "out_for_delivery",
    "delivered": DELIVERED,
    "return_to_sender": RETURNED,
    "failure": "exception",
    "cancelled": "exception",
    "error": "exception",
}
MOST_DETAILS = 500


def read(body: bytes) -> Tracked | None:
    """Return what a webhook's body, or a tracker alone, says of a parcel; None when it is about something else.

    Raises CarrierError, naming the field, when it is about a parcel and cannot be understood.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise _refusal("body", "is no JSON") from None
    found = _object(found, "body")
    if found.get("object") == "Tracker":
        return _tracker(found, "")
    if not _text(found, "description").startswith("tracker."):
        return None
    return _tracker(_object(found.get("result"), "result"), "result.")


def tracked(tracker: dict) -> Tracked:
    """Return what a Tracker says. Raises CarrierError, naming the field."""
    return _tracker(tracker, "")


def _tracker(tracker: dict, path: str) -> Tracked:
    number = _text(tracker, "tracking_code", path)
    if not number:
        raise _refusal(f"{path}tracking_code", "is missing")
    details = tracker.get("tracking_details") or []
    if not isinstance(details, list) or len(details) > MOST_DETAILS:
        raise _refusal(f"{path}tracking_details", f"is no list of at most {MOST_DETAILS}")
    events = [_event(detail, f"{path}tracking_details[{n}].") for n, detail in enumerate(details)]
    if not details:
        events = [_bare(tracker, path)]
    told = _in_time([event for event in events if event])
    return Tracked(number, _text(tracker, "carrier", path), signed(told, _text(tracker, "signed_by", path)))


def _event(detail: object, path: str) -> TrackedEvent | None:
    detail = _object(detail, path.removesuffix("."))
    code = _code(detail, path)
    if not code:
        return None
    where = _object(detail.get("tracking_location") or {}, f"{path}tracking_location")
    parts = [_text(where, name, f"{path}tracking_location.") for name in ("city", "state", "country")]
    place = ", ".join(part for part in parts if part)
    return TrackedEvent(code, _text(detail, "message", path), place, _moment(detail, "datetime", path))


def _bare(tracker: dict, path: str) -> TrackedEvent | None:
    """Return the one thing that a tracker without details says."""
    code = _code(tracker, path)
    return TrackedEvent(code, "", "", _moment(tracker, "updated_at", path)) if code else None


def _in_time(events: list[TrackedEvent]) -> tuple[TrackedEvent, ...]:
    """Sort by moment; what is delivered after it turned back has reached us and not the customer."""
    turned = min((event.at for event in events if event.code == RETURNED), default=None)
    told = [
        replace(event, code=RETURNED) if turned and event.code == DELIVERED and event.at >= turned else event
        for event in events
    ]
    return tuple(sorted(told, key=lambda event: event.at))


def signed(events: tuple[TrackedEvent, ...], name: str) -> tuple[TrackedEvent, ...]:
    """Return `events` with who took the parcel at the first arrival, which is the one that counts."""
    first = next((event for event in events if event.code == DELIVERED), None)
    return tuple(replace(event, signed_by=name) if event is first else event for event in events)


def _code(thing: dict, path: str) -> str:
    status = _text(thing, "status", path) or "unknown"
    if status not in CODES:
        raise _refusal(f"{path}status", f"{status[:40]!r} is not known")
    return CODES[status]


def _moment(thing: dict, name: str, path: str) -> datetime:
    try:
        at = datetime.fromisoformat(_text(thing, name, path))
        if at.tzinfo is None:
            raise ValueError
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _refusal(f"{path}{name}", "is no moment with its time zone") from None


def _text(thing: dict, name: str, path: str = "") -> str:
    found = thing.get(name)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise _refusal(f"{path}{name}", "is no text")
    return one_line(found)


def _object(found: object, path: str) -> dict:
    if not isinstance(found, dict):
        raise _refusal(path, "is no object")
    return found


def _refusal(path: str, reason: str) -> CarrierError:
    return CarrierError(f"EasyPost: {path} {reason}.", retry=False)

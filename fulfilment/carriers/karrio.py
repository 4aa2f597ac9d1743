"""What Karrio's trackers say of parcels: https://docs.karrio.io/reference/openapi/."""

from dataclasses import replace
from datetime import datetime

from fulfilment.carriers.base import TrackedEvent
from fulfilment.carriers.easypost import signed
from fulfilment.carriers.responses.reading import (
    DELIVERED,
    EXCEPTION,
    IN_TRANSIT,
    OUT_FOR_DELIVERY,
    PRE_TRANSIT,
    RETURNED,
    Told,
    Track,
    event,
    track,
)
from fulfilment.carriers.responses.words import by_words
from fulfilment.carriers.tree import Node, when

# Status of a tracker, or of an event where Karrio is new enough to say it; of others the carrier's words count.
CODES = {
    "pending": PRE_TRANSIT,
    "picked_up": IN_TRANSIT,
    "in_transit": IN_TRANSIT,
    "delivery_delayed": IN_TRANSIT,
    "out_for_delivery": OUT_FOR_DELIVERY,
    "ready_for_pickup": OUT_FOR_DELIVERY,
    "delivered": DELIVERED,
    "return_to_sender": RETURNED,
    "on_hold": EXCEPTION,
    "delivery_failed": EXCEPTION,
    "cancelled": EXCEPTION,
}
CLOCKS = ("%Y-%m-%d %H:%M", "%Y-%m-%d %I:%M %p", "%Y-%m-%d %H:%M:%S")


def track_of(row: Node) -> Track:
    """Return where a tracker says its parcel is. Raises CarrierError, naming the field.

    The newest event is what the tracker as a whole says: carriers' own words are often of no use.
    """
    events = [_event(one) for one in row.rows("events")]
    status = CODES.get(row.text("status"), "")
    dated = [event for event in events if isinstance(event, TrackedEvent)]
    if dated and status:
        newest = max(dated, key=lambda event: event.at)
        events = [replace(event, code=status) if event is newest else event for event in events]
    found = track(row.text("tracking_number"), events, status, path=row.path)
    return replace(found, events=signed(found.events, row.text("info", "signed_by")))


def _event(row: Node) -> Told:
    text = row.first(("description",), ("code",))
    return event(CODES.get(row.text("status")) or by_words(text), text, [row.text("location")], _at(row))


def _at(row: Node) -> datetime | None:
    """Return when an event was; the clock is the place's own where only its hands are told, and is read as UTC."""
    if row.text("timestamp"):
        return row.when("timestamp")
    said = f"{row.text('date')} {row.text('time')}".strip()
    return next(filter(None, (when(said, form=form) for form in CLOCKS)), None) or when(said)

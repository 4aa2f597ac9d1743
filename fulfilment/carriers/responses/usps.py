"""USPS: its REST API (https://developers.usps.com), and Web Tools' XML before it (usps_xml.py)."""

from datetime import datetime

from fulfilment.carriers.base import Rate
from fulfilment.carriers.responses import usps_xml
from fulfilment.carriers.responses.reading import (
    DELIVERED,
    EXCEPTION,
    IN_TRANSIT,
    OUT_FOR_DELIVERY,
    PRE_TRANSIT,
    RETURNED,
    Reading,
    Told,
    Track,
    choose,
    error,
    event,
    label,
    labels,
    other,
    rate,
    rates,
    said,
    track,
    tracking,
)
from fulfilment.carriers.responses.usps_xml import status_of
from fulfilment.carriers.tree import Node, when

CATEGORIES = {
    "delivered": DELIVERED,
    "delivered to agent": IN_TRANSIT,
    "out for delivery": OUT_FOR_DELIVERY,
    "in transit": IN_TRANSIT,
    "accepted": IN_TRANSIT,
    "available for pickup": OUT_FOR_DELIVERY,
    "pre-shipment": PRE_TRANSIT,
    "alert": EXCEPTION,
    "delivery attempt": EXCEPTION,
    "return to sender": RETURNED,
}


def read(body: Node) -> Reading:
    if isinstance(body.value, list):
        rows = body.rows()
        is_one = len(rows) == 1 or (bool(rows) and bool(rows[0].at("serviceStandard")))
        return read(rows[0]) if is_one else _tracks(rows)
    return choose(body, SHAPES, who="USPS")


def _error(body: Node) -> Reading:
    found = body.at("error")
    if isinstance(found.value, str):
        return error(found.text(), body.text("error_description"))
    details = [said(row, "code", "title", "detail") for row in found.rows("errors")]
    return error(said(found, "code", "message"), *details)


def _options(body: Node) -> Reading:
    rows = [
        (option, row)
        for prices in body.rows("pricingOptions")
        for option in prices.rows("shippingOptions")
        for row in option.rows("rateOptions")
    ]
    return rates([_option(option, row) for option, row in rows])


def _option(option: Node, row: Node) -> Rate:
    """A price of a mail class; which piece it is for stands on its rate."""
    first = row.at("rates")
    service = option.text("mailClass") or first.text("mailClass")
    amount = row.amount("totalPrice")
    if amount is None:
        amount = row.amount("totalBasePrice")
    days = row.text("commitment", "name").partition(" ")[0]
    number = int(days) if days.isascii() and days.isdigit() and len(days) < 3 else None
    return rate(service, first.text("description") or service, amount, "USD", path=row.path, days=number)


def _prices(body: Node) -> Reading:
    """Base prices: one total with the rates that make it up, or several options of them."""
    rows = body.rows("rateOptions") or [body]
    return rates([_option(row, row) for row in rows])


def _label(body: Node) -> Reading:
    meta = body.at("labelMetadata") if body.at("labelMetadata") else body
    number = meta.first(("trackingNumber",), ("internationalTrackingNumber",))
    amount = meta.amount("postage")
    data = body.text("labelImage")
    return labels([label(number, data, path=meta.path, amount=amount, currency="USD" if amount is not None else "")])


def _tracks(rows: list[Node]) -> Reading:
    found = [_track(row) for row in rows if row.at("trackingNumber") and not row.at("error")]
    problems = [said(row.at("error"), "code", "message") for row in rows if row.at("error")]
    return tracking(found, "; ".join(problems)) if found else error(*problems or ["No parcel is tracked."])


def _track(row: Node) -> Track:
    """Of a category that is not known, the summary's sentence tells more."""
    status = CATEGORIES.get(row.text("statusCategory").casefold(), "")
    if not status and row.text("statusSummary"):
        status = status_of("", row.text("statusSummary"))
    events = row.rows("trackingEvents") or row.rows("eventSummaries")
    found = [_event(one) for one in events if isinstance(one.value, dict)]
    return track(row.text("trackingNumber"), found, status, path=row.path)


def _event(row: Node) -> Told:
    text = row.text("eventType") or row.text("name")
    place = [row.text(name) for name in ("eventCity", "eventState", "eventCountry")]
    return event(status_of(row.text("eventCode"), text), text, place, _moment(row))


def _moment(row: Node) -> datetime | None:
    """Return when it happened: in GMT where that is said, else the local time by its offset."""
    if row.text("GMTTimestamp"):
        return row.when("GMTTimestamp")
    found = when(row.text("eventTimestamp") + row.text("GMTOffset").zfill(6))
    return found or row.when("eventTimestamp")


def _pickup(body: Node) -> Reading:
    return other(f"Pickup {body.text('confirmationNumber')} on {body.text('pickupDate')}".strip())


SHAPES = [
    (("error",), _error),
    (("errors",), lambda body: error(*[said(row, "code", "message", "detail") for row in body.rows("errors")])),
    (("pricingOptions",), _options),
    (("trackingEvents",), lambda body: _tracks([body])),
    (("eventSummaries",), lambda body: _tracks([body])),
    (("statusCategory",), lambda body: _tracks([body])),
    (("labelMetadata",), _label),
    (("labelImage",), _label),
    (("totalBasePrice",), _prices),
    (("rateOptions",), _prices),
    (("confirmationNumber",), _pickup),
    (("address",), lambda body: other("An address, checked.")),
    (("serviceStandard",), lambda body: other("Service standards: days without prices.")),
    (("trackingNumber",), lambda body: other(f"{body.text('trackingNumber')}: {body.text('status') or 'noted'}")),
    *usps_xml.SHAPES,
]

"""DPD: the META-API (labels, pickups) and the life cycle of its parcels."""

from fulfilment.carriers.base import TrackedEvent
from fulfilment.carriers.responses.reading import (
    DELIVERED,
    EXCEPTION,
    IN_TRANSIT,
    OUT_FOR_DELIVERY,
    PRE_TRANSIT,
    RETURNED,
    LabelFile,
    Reading,
    Track,
    choose,
    error,
    event,
    label,
    labels,
    other,
    said,
    track,
    tracking,
)
from fulfilment.carriers.responses.words import by_words
from fulfilment.carriers.tree import Node, moment

STATUSES = {
    **dict.fromkeys(("SHIPMENT", "SHIPMENT_DATA_RECEIVED", "DATA_RECEIVED", "START_ORDER"), PRE_TRANSIT),
    **dict.fromkeys(("ACCEPTED", "PICKUP_BY_DPD", "ON_THE_ROAD", "AT_SENDING_DEPOT", "AT_DELIVERY_DEPOT"), IN_TRANSIT),
    **dict.fromkeys(("COURIER", "OUT_FOR_DELIVERY", "PICKUP_BY_CONSIGNEE", "AT_PARCELSHOP"), OUT_FOR_DELIVERY),
    **dict.fromkeys(("DELIVERED", "DELIVERED_BY_DRIVER_TO_CONSIGNEE"), DELIVERED),
    **dict.fromkeys(("PROBLEM", "NOT_DELIVERED"), EXCEPTION),
    **dict.fromkeys(("RETURN", "RETURNED", "RETURN_TO_SENDER", "BACK_TO_SENDER"), RETURNED),
}


def read(body: Node) -> Reading:
    if isinstance(body.value, list):
        return _rows(body.rows())
    return choose(body, SHAPES, who="DPD")


def _rows(rows: list[Node]) -> Reading:
    """A list: shipments with their labels, or what is wrong."""
    sold = [found for row in rows for found in _sold(row)]
    if sold:
        return labels(sold)
    return error(*[said(row, "errorCode", "errorMessage") or said(row, "code", "message") for row in rows] or [""])


def _sold(row: Node) -> list[LabelFile]:
    """The parcels of a shipment; their labels come in one file."""
    paper = row.at("label")
    data = paper.first(("base64Data",), ("content",)) if isinstance(paper.value, dict) else paper.text()
    numbers = [one.text() if isinstance(one.value, str) else one.text("parcelNumber") for one in _pieces(row)]
    numbers = [number for number in numbers if number] or [row.text("shipmentId")]
    return [label(number, data, path=row.path) for number in numbers if number]


def _pieces(row: Node) -> list[Node]:
    return next((row.rows(name) for name in ("networkParcelIds", "parcelIds", "parcels") if row.rows(name)), [])


def _pickup(body: Node) -> Reading:
    rows = body.rows("scheduledPickupResponse")
    words = [said(row, "pickupreference", "statusCode", "statusDescription") for row in rows]
    is_bad = all(row.text("statusCode").upper() not in ("SUCCESS", "OK", "") for row in rows)
    return error(*words) if rows and is_bad else other(f"Pickup {'; '.join(words)}")


def _cycle(body: Node) -> Reading:
    data = body.at("parcellifecycleResponse", "parcelLifeCycleData")
    if not data:
        return error("No parcel is known.")
    return tracking([_track(data)])


def _track(row: Node) -> Track:
    scans = [_scan(one) for one in row.rows("scanInfo", "scan")]
    states = row.rows("statusInfo")
    now = next((one for one in states if one.at("isCurrentStatus").value in (True, "true")), None)
    status = _status(now.text("status"), now.text("label")) if now else ""
    reached = [one for one in states if one.at("statusHasBeenReached").value in (True, "true")]
    events = scans or [_state(one) for one in reached if one.at("date")]
    return track(row.text("shipmentInfo", "parcelLabelNumber"), events, status, path=row.path)


def _scan(row: Node) -> TrackedEvent:
    text = row.first(("scanDescription", "content"), ("scanDescription", "label"), ("scanType", "name"))
    place = [row.text("scanData", "location") or row.text("scanData", "country")]
    return event(by_words(text), text, place, row.moment("date"))


def _state(row: Node) -> TrackedEvent:
    said_at = row.text("date", "content") if isinstance(row.at("date").value, dict) else row.text("date")
    form = "%d.%m.%Y %H:%M" if "." in said_at and " " in said_at else "%d.%m.%Y" if "." in said_at else ""
    text = row.first(("label",), ("description", "content"), ("status",))
    where = row.at("location")
    place = where.text("content") if isinstance(where.value, dict) else where.text()
    at = moment(said_at, f"{row.path}.date", form=form)
    return event(_status(row.text("status"), text), text, [place], at)


def _status(code: str, words: str) -> str:
    return STATUSES.get(code.upper()) or by_words(f"{code} {words}")


SHAPES = [
    (("scheduledPickupResponse",), _pickup),
    (("parcellifecycleResponse",), _cycle),
    (("shipmentId",), lambda body: _rows([body])),
    (("shipments",), lambda body: _rows(body.rows("shipments"))),
    (("errorCode",), lambda body: _rows([body])),
    (("errors",), lambda body: _rows(body.rows("errors"))),
    (("message",), lambda body: error(said(body, "code", "message"))),
    (("status", "code"), lambda body: error(said(body.at("status"), "code", "message"))),
]

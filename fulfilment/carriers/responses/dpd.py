"""DPD: the META-API (labels, pickups) and the life cycle of its parcels."""

import re
from zoneinfo import ZoneInfo

from fulfilment.carriers.responses.reading import (
    DELIVERED,
    EXCEPTION,
    IN_TRANSIT,
    OUT_FOR_DELIVERY,
    PRE_TRANSIT,
    RETURNED,
    LabelFile,
    Reading,
    Told,
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
from fulfilment.carriers.tree import Node, when

STATUSES = {
    **dict.fromkeys(("SHIPMENT", "SHIPMENT_DATA_RECEIVED", "DATA_RECEIVED", "START_ORDER"), PRE_TRANSIT),
    **dict.fromkeys(("ACCEPTED", "PICKUP_BY_DPD", "ON_THE_ROAD", "AT_SENDING_DEPOT", "AT_DELIVERY_DEPOT"), IN_TRANSIT),
    **dict.fromkeys(("COURIER", "OUT_FOR_DELIVERY", "PICKUP_BY_CONSIGNEE", "AT_PARCELSHOP"), OUT_FOR_DELIVERY),
    **dict.fromkeys(("DELIVERED", "DELIVERED_BY_DRIVER_TO_CONSIGNEE"), DELIVERED),
    **dict.fromkeys(("BETWEENDEPOTS", "DEPOT", "PICKEDUP"), IN_TRANSIT),
    "PARCELSHOP": OUT_FOR_DELIVERY,
    **dict.fromkeys(("PROBLEM", "NOT_DELIVERED", "DELIVERYFAILURE", "RETURNINGFROMDELIVERY"), EXCEPTION),
    **dict.fromkeys(("RETURN", "RETURNED", "RETURN_TO_SENDER", "BACK_TO_SENDER"), RETURNED),
}


# Codes of what it tells by itself (Tracking Push).
PUSHED = {
    "start_order": PRE_TRANSIT,
    **dict.fromkeys(("pickup_driver", "pickup_depot", "delivery_depot", "delivery_nab"), IN_TRANSIT),
    **dict.fromkeys(("delivery_carload", "delivery_shop"), OUT_FOR_DELIVERY),
    **dict.fromkeys(("delivery_customer", "pickup_by_consignee"), DELIVERED),
    **dict.fromkeys(("delivery_notification", "error_pickup"), EXCEPTION),
    **dict.fromkeys(("error_return", "no_pickup_by_consignee"), RETURNED),
}
# Types of scans, where the words are of a language that we do not read.
SCANS = {"3": OUT_FOR_DELIVERY, "13": DELIVERED, "14": EXCEPTION, "23": OUT_FOR_DELIVERY}
ZONE = ZoneInfo("Europe/Berlin")  # its times are local, and nobody says where
FORMS = {
    r"\d+\.\d+\.\d+ ": "%d.%m.%Y %H:%M",
    r"\d+\.\d+\.\d+, ": "%d.%m.%Y, %H:%M",
    r"\d+\.": "%d.%m.%Y",
    r"\d+/": "%m/%d/%Y %I:%M:%S %p",
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


def _soap(body: Node) -> Reading:
    return tracking([_track(row, is_asked=True) for row in body.rows(*SOAP, "trackingresult")])


def _fault(body: Node) -> Reading:
    fault = body.at("Envelope", "Body", "Fault")
    details = fault.at("detail").value
    inner = [fault.at("detail", name) for name in details] if isinstance(details, dict) else []
    return error(*[said(row, "errorCode", "errorMessage") for row in inner], fault.text("faultstring"))


def _push(body: Node) -> Reading:
    """What DPD tells by itself of one parcel: a code and a local time without signs."""
    code = body.text("status")
    at = when(body.text("statusdate"), form="%d%m%Y%H%M%S", zone=ZONE)
    words = code.replace("_", " ")
    found = event(PUSHED.get(code) or by_words(words), words, [body.text("depot")], at)
    return tracking([track(body.text("pnr"), [found])])


def _track(row: Node, *, is_asked: bool = False) -> Track:
    scans = [_scan(one) for one in row.rows("scanInfo", "scan")]
    states = row.rows("statusInfo")
    now = next((one for one in states if one.at("isCurrentStatus").value in (True, "true")), None)
    status = _status(now.text("status"), _content(now, "label")) if now else ""
    reached = [one for one in states if one.at("statusHasBeenReached").value in (True, "true")]
    events = scans or [_state(one) for one in reached]
    return track(row.text("shipmentInfo", "parcelLabelNumber"), events, status, path=row.path, is_asked=is_asked)


def _scan(row: Node) -> Told:
    text = row.first(("scanDescription", "content"), ("scanDescription", "label"), ("scanType", "name"))
    place = [row.text("scanData", "location") or row.text("scanData", "country")]
    code = row.first(("scanData", "scanType", "code"), ("scanType", "code")).lstrip("0")
    told = by_words(text)
    status = SCANS.get(code, told) if told in (IN_TRANSIT, PRE_TRANSIT) else told
    return event(status, text, place, row.when("date", zone=ZONE))


def _state(row: Node) -> Told:
    said_at = _content(row, "date")
    form = next((form for shape, form in FORMS.items() if re.match(shape, said_at)), "")
    text = _content(row, "description") or _content(row, "label") or row.text("status")
    place = _content(row, "location")
    at = when(said_at, form=form, zone=ZONE)
    return event(_status(row.text("status"), text), text, [place], at)


def _status(code: str, words: str) -> str:
    return STATUSES.get(code.upper()) or by_words(f"{code} {words}")


def _content(row: Node, name: str) -> str:
    """Return a text that may stand one or two levels deeper, beside how it is to be shown."""
    found = row.at(name)
    while isinstance(found.value, dict | list) and found:
        found = found.at("content")
    return found.text()


SOAP = ("Envelope", "Body", "getTrackingDataResponse")
SHAPES = [
    (SOAP, _soap),
    (("Envelope", "Body", "Fault"), _fault),
    (("pnr",), _push),
    (("scheduledPickupResponse",), _pickup),
    (("parcellifecycleResponse",), _cycle),
    (("shipmentId",), lambda body: _rows([body])),
    (("shipments",), lambda body: _rows(body.rows("shipments"))),
    (("errorCode",), lambda body: _rows([body])),
    (("errors",), lambda body: _rows(body.rows("errors"))),
    (("message",), lambda body: error(said(body, "code", "message"))),
    (("status", "code"), lambda body: error(said(body.at("status"), "code", "message"))),
]

"""UPS: its REST API (https://developer.ups.com), and the XML tools before it."""

from datetime import UTC, datetime, timedelta

from fulfilment.carriers.base import Rate
from fulfilment.carriers.responses.reading import (
    DELIVERED,
    EXCEPTION,
    IN_TRANSIT,
    OUT_FOR_DELIVERY,
    PRE_TRANSIT,
    RETURNED,
    LabelFile,
    Reader,
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
    several,
    track,
    tracking,
)
from fulfilment.carriers.responses.words import by_words
from fulfilment.carriers.tree import Node, when

# Types of a package's status; "X" and "NA" say no more than their words.
CODES = {
    "D": DELIVERED,
    "I": IN_TRANSIT,
    "P": IN_TRANSIT,
    "DO": IN_TRANSIT,
    "DD": IN_TRANSIT,
    "W": IN_TRANSIT,
    "M": PRE_TRANSIT,
    "MV": EXCEPTION,
    "X": EXCEPTION,
    "O": OUT_FOR_DELIVERY,
    "OT": OUT_FOR_DELIVERY,
    "RS": RETURNED,
}
NAMES = {
    "01": "UPS Next Day Air",
    "02": "UPS 2nd Day Air",
    "03": "UPS Ground",
    "07": "UPS Worldwide Express",
    "08": "UPS Worldwide Expedited",
    "11": "UPS Standard",
    "12": "UPS 3 Day Select",
    "13": "UPS Next Day Air Saver",
    "14": "UPS Next Day Air Early",
    "54": "UPS Worldwide Express Plus",
    "59": "UPS 2nd Day Air A.M.",
    "65": "UPS Worldwide Saver",
    "70": "UPS Access Point Economy",
}


def read(body: Node) -> Reading:
    """Read an answer; several in a list are one."""
    if isinstance(body.value, list):
        return several(body, read)
    return choose(body, SHAPES, who="UPS")


def _rates(body: Node) -> Reading:
    reply = body.at("RateResponse") if body.at("RateResponse") else body.at("RatingServiceSelectionResponse")
    rows = reply.rows("RatedShipment")
    if not rows:
        return error(*_problems(reply))
    alerts = [said(row, "Code", "Description") for row in reply.rows("Response", "Alert")]
    return rates([_rate(row) for row in rows], "; ".join(alerts))


def _rate(row: Node) -> Rate:
    """Return what the account pays; the published price where nothing was negotiated."""
    code = row.text("Service", "Code")
    charge = row.at("TotalCharges")
    for path in (("NegotiatedRateCharges", "TotalCharge"), ("NegotiatedRates", "NetSummaryCharges", "GrandTotal")):
        charge = row.at(*path) if row.at(*path) else charge
    days = row.number("GuaranteedDelivery", "BusinessDaysInTransit")
    if days is None:
        days = row.number("GuaranteedDaysToDelivery")
    name = row.text("Service", "Description") or NAMES.get(code, f"UPS {code}")
    amount = charge.amount("MonetaryValue")
    return rate(code, name, amount, charge.text("CurrencyCode"), path=charge.path, days=days)


def _shipped(body: Node) -> Reading:
    reply = body.at("ShipmentResponse") if body.at("ShipmentResponse") else body.at("ShipmentAcceptResponse")
    result = reply.at("ShipmentResults")
    pieces = result.rows("PackageResults")
    if not pieces:
        return error(*_problems(reply))
    charge = result.at("NegotiatedRateCharges", "TotalCharge")
    charge = charge if charge else result.at("ShipmentCharges", "TotalCharges")
    return labels([_label(result, piece, charge if n == 0 else result.at("none")) for n, piece in enumerate(pieces)])


def _label(result: Node, piece: Node, charge: Node) -> LabelFile:
    """Return a piece's label; the charge is of the whole shipment and stands at its first."""
    paper = piece.at("ShippingLabel") if piece.at("ShippingLabel") else piece.at("LabelImage")
    form = paper.text("ImageFormat", "Code") or paper.text("LabelImageFormat", "Code")
    number = piece.text("TrackingNumber") or result.text("ShipmentIdentificationNumber")
    amount, currency = charge.amount("MonetaryValue"), charge.text("CurrencyCode")
    data = paper.text("GraphicImage")
    return label(number, data, form, path=piece.path, amount=amount, currency=currency)


def _tracks(body: Node) -> Reading:
    rows = body.rows("trackResponse", "shipment")
    found = [_track(row, piece) for row in rows for piece in row.rows("package")]
    problems = [said(note, "code", "message") for row in rows for note in row.rows("warnings")]
    return tracking(found, "; ".join(problems)) if found else error(*problems or ["No parcel is tracked."])


def _track(shipment: Node, row: Node) -> Track:
    """The number may be that of the shipment, or stand in the question only."""
    events = [_event(one) for one in row.rows("activity")]
    now = row.at("currentStatus")
    status = _status(now.text("type"), now.text("description")) if now.text("type") else ""
    number = row.text("trackingNumber") or shipment.text("inquiryNumber")
    return track(number, events, status, path=row.path, is_asked=True)


def _told(body: Node) -> Reading:
    """What UPS tells by itself of one parcel (Track Alert)."""
    where, state = body.at("activityLocation"), body.at("activityStatus")
    text = state.text("description")
    place = [where.text(name) for name in ("city", "stateProvince", "country")] if where else []
    is_gmt = bool(body.text("gmtActivityDate") and body.text("gmtActivityTime"))
    names = ("gmtActivityDate", "gmtActivityTime") if is_gmt else ("localActivityDate", "localActivityTime")
    found = event(_status(state.text("type"), text), text, place, _local(body, *names))
    return tracking([track(body.text("trackingNumber"), [found])])


def _event(row: Node) -> Told:
    where, state = row.at("location", "address"), row.at("status")
    place = [where.text(name) for name in ("city", "stateProvince", "countryCode")] if where else []
    place[2:] = [] if not where else [where.text("countryCode") or where.text("country")]
    text = state.text("description")
    return event(_status(state.text("type"), text), text, place, _moment(row))


def _moment(row: Node) -> datetime | None:
    """Return when it happened: in GMT where that is said, else the local time less its offset."""
    if row.text("gmtDate") and row.text("gmtTime"):
        day, hour = row.text("gmtDate").replace("-", ""), row.text("gmtTime").replace(":", "")
        return when(f"{day} {hour}", form="%Y%m%d %H%M%S")
    found = _local(row, "date", "time")
    offset = row.text("gmtOffset")
    if found and len(offset) == 6 and offset[1:3].isdigit() and offset[4:].isdigit():
        ahead = timedelta(hours=int(offset[1:3]), minutes=int(offset[4:]))
        return found + ahead if offset[0] == "-" else found - ahead
    return found


def _local(row: Node, day: str, hour: str) -> datetime | None:
    clock = row.text(hour).ljust(6, "0")
    return when(f"{row.text(day)} {clock}", form="%Y%m%d %H%M%S", zone=UTC)


def _tracks_xml(body: Node) -> Reading:
    reply = body.at("TrackResponse")
    rows = [(row, piece) for row in reply.rows("Shipment") for piece in row.rows("Package")]
    if not rows:
        return error(*_problems(reply))
    return tracking([_track_xml(row, piece) for row, piece in rows])


def _track_xml(row: Node, piece: Node) -> Track:
    events = [_event_xml(one) for one in piece.rows("Activity")]
    number = piece.text("TrackingNumber") or row.text("ShipmentIdentificationNumber")
    return track(number, events, path=piece.path)


def _event_xml(row: Node) -> Told:
    where, state = row.at("ActivityLocation", "Address"), row.at("Status", "StatusType")
    place = [where.text(name) for name in ("City", "StateProvinceCode", "CountryCode")] if where else []
    text = state.text("Description")
    return event(_status(state.text("Code"), text), text, place, _local(row, "Date", "Time"))


def _status(code: str, words: str) -> str:
    """Return the status of a type; a parcel that is out for delivery is of type I as well."""
    told = by_words(words) if words else ""
    if code in ("I", "") and told in (OUT_FOR_DELIVERY, RETURNED):
        return told
    return CODES.get(code) or told or IN_TRANSIT


def _problems(reply: Node) -> list[str]:
    response = reply.at("Response")
    rows = [*response.rows("Error"), *response.rows("Errors")]
    return [said(row, "ErrorCode", "ErrorDescription") or said(row, "Code", "Description") for row in rows] or [""]


def _errors(body: Node) -> Reading:
    rows = body.rows("response", "errors") or body.rows("errors")
    return error(*[said(row, "code", "message") for row in rows] or [""])


def _fault(body: Node) -> Reading:
    fault = body.at("Fault") if body.at("Fault") else body.at("Envelope", "Body", "Fault")
    primary = fault.at("detail", "Errors", "ErrorDetail", "PrimaryErrorCode")
    return error(fault.text("faultstring"), said(primary, "Code", "Description") if primary else "")


def _voided(body: Node) -> Reading:
    reply = body.at("VoidShipmentResponse")
    problems = [problem for problem in _problems(reply) if problem]
    status = reply.at("SummaryResult", "Status") if reply.at("SummaryResult") else reply.at("Status", "StatusType")
    return error(*problems) if problems else other(f"Void: {said(status, 'Code', 'Description')}")


def _pickup(body: Node) -> Reading:
    reply = body.at("PickupCreationResponse") if body.at("PickupCreationResponse") else body.at("PickupCancelResponse")
    return other(f"Pickup {reply.text('PRN')} {reply.text('Response', 'ResponseStatus', 'Description')}".strip())


def _named(name: str) -> Reader:
    return lambda body: _about(body.at(name), name)


def _about(reply: Node, name: str) -> Reading:
    problems = [problem for problem in _problems(reply) if problem]
    return error(*problems) if problems else other(name)


NAMED = ["ShipmentConfirmResponse", "XAVResponse", "LabelRecoveryResponse", "UploadResponse", "RateRequest"]
NAMED += ["AddressValidationResponse", "TimeInTransitResponse"]
SHAPES = [
    (("response", "errors"), _errors),
    (("errors",), _errors),
    (("Fault",), _fault),
    (("Envelope", "Body", "Fault"), _fault),
    (("RateResponse",), _rates),
    (("RatingServiceSelectionResponse",), _rates),
    (("ShipmentResponse",), _shipped),
    (("ShipmentAcceptResponse",), _shipped),
    (("trackResponse",), _tracks),
    (("activityStatus",), _told),
    (("TrackResponse",), _tracks_xml),
    (("VoidShipmentResponse",), _voided),
    (("PickupCreationResponse",), _pickup),
    (("PickupCancelResponse",), _pickup),
    *[((name,), _named(name)) for name in NAMED],
]

"""FedEx's SOAP services: Rate, Track and Ship, in any of their versions."""

from fulfilment.carriers.base import Rate
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
from fulfilment.carriers.responses.words import by_words
from fulfilment.carriers.tree import Node, refuse

WORDS = "ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN ELEVEN TWELVE THIRTEEN FOURTEEN FIFTEEN"
NUMBERS = WORDS.split()
DAYS = {f"{word}_DAY{'S' if n > 1 else ''}": n for n, word in enumerate(NUMBERS, start=1)}
# Event types of its tracking, SOAP's and REST's; whatever else is read by its words.
CODES = {
    **dict.fromkeys(("OC", "IN", "AP", "EP"), PRE_TRANSIT),
    **dict.fromkeys(
        ("PU", "PX", "AR", "DP", "IT", "AF", "IX", "CC", "PF", "PL", "TR", "FD", "LO", "SP", "CH"), IN_TRANSIT
    ),
    **dict.fromkeys(("OD", "HL", "HP"), OUT_FOR_DELIVERY),
    "DL": DELIVERED,
    **dict.fromkeys(("DE", "SE", "DY", "DD", "CA", "CD", "PD"), EXCEPTION),
    "RS": RETURNED,
}
BAD = ("ERROR", "FAILURE")


def status_of(code: str, words: str) -> str:
    """Return the status of an event type; of one that is not listed, what its words say."""
    return CODES.get(code) or by_words(words)


def _rates(body: Node) -> Reading:
    reply = body.at("RateReply")
    rows = reply.rows("RateReplyDetails")
    if not rows:
        return error(*_notes(reply) or ["No service is offered."])
    return rates([_rate(row) for row in rows], "; ".join(_notes(reply)))


def _rate(row: Node) -> Rate:
    details = [one.at("ShipmentRateDetail") for one in row.rows("RatedShipmentDetails")]
    wanted = row.text("ActualRateType")
    found = next((one for one in details if one.text("RateType") == wanted), details[0] if details else None)
    if found is None:
        refuse(f"{row.path}.RatedShipmentDetails", "is missing")
    charge, service = found.at("TotalNetCharge"), row.text("ServiceType")
    days = DAYS.get(row.text("TransitTime") or row.text("CommitDetails", "TransitTime"))
    name = f"FedEx {service.removeprefix('FEDEX_').replace('_', ' ').title()}"
    return rate(service, name, charge.amount("Amount"), charge.text("Currency"), path=row.path, days=days)


def _tracks(body: Node) -> Reading:
    reply = body.at("TrackReply")
    groups = reply.rows("CompletedTrackDetails") or [reply]
    rows = [row for group in groups for row in group.rows("TrackDetails")]
    problems = [note for group in groups for note in _notes(group)] + _notes(reply)
    problems += [said(row.at("Notification"), "Code", "Message") for row in rows if _is_bad(row.at("Notification"))]
    found = [_track(row) for row in rows if not _is_bad(row.at("Notification"))]
    return tracking(found, "; ".join(problems)) if found else error(*problems or ["No parcel is tracked."])


def _track(row: Node) -> Track:
    detail = row.at("StatusDetail")
    code = detail.text("Code") or row.text("StatusCode")
    words = detail.text("Description") or row.text("StatusDescription")
    events = [_event(scan) for scan in row.rows("Events")]
    status = status_of(code, words) if code or words else ""
    return track(row.text("TrackingNumber"), events, status, path=row.path)


def _event(row: Node) -> Told:
    where = row.at("Address")
    place = [where.text(name) for name in ("City", "StateOrProvinceCode", "CountryCode")] if where else []
    text = said(row, "EventDescription", "StatusExceptionDescription")
    return event(status_of(row.text("EventType"), text), text, place, row.when("Timestamp"))


def _shipped(body: Node) -> Reading:
    reply = body.at("ProcessShipmentReply")
    done = reply.at("CompletedShipmentDetail")
    pieces = done.rows("CompletedPackageDetails")
    if not pieces:
        return error(*_notes(reply) or ["No label was made."])
    return labels([_label(done, piece) for piece in pieces], "; ".join(_notes(reply)))


def _label(done: Node, piece: Node) -> LabelFile:
    paper = piece.at("Label")
    charge = piece.at("PackageRating", "PackageRateDetails", "NetCharge")
    if not charge:
        charge = done.at("ShipmentRating", "ShipmentRateDetails", "TotalNetCharge")
    return label(
        piece.text("TrackingIds", "TrackingNumber") or done.text("MasterTrackingId", "TrackingNumber"),
        paper.text("Parts", "Image"),
        paper.text("ImageType"),
        path=piece.path,
        amount=charge.amount("Amount"),
        currency=charge.text("Currency"),
    )


def _fault(body: Node) -> Reading:
    fault = body.at("Envelope", "Body", "Fault")
    return error(fault.text("faultstring"), fault.text("detail", "desc"))


def _notes(reply: Node) -> list[str]:
    """Return what its notifications complain of."""
    return [said(row, "Code", "Message") for row in reply.rows("Notifications") if row.text("Severity") != "SUCCESS"]


def _is_bad(note: Node) -> bool:
    return note.text("Severity") in BAD


def _deleted(body: Node) -> Reading:
    reply = body.at("ShipmentReply")
    is_bad = reply.text("HighestSeverity") in BAD
    return error(*_notes(reply) or [""]) if is_bad else other("The shipment is deleted.")


SHAPES = [
    (("RateReply",), _rates),
    (("TrackReply",), _tracks),
    (("ProcessShipmentReply",), _shipped),
    (("ShipmentReply",), _deleted),
    (("Envelope", "Body", "Fault"), _fault),
]

"""FedEx: its REST API (https://developer.fedex.com), and the SOAP services before it."""

from fulfilment.carriers.base import Rate
from fulfilment.carriers.responses import fedex_soap
from fulfilment.carriers.responses.fedex_soap import status_of
from fulfilment.carriers.responses.reading import (
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
    rate,
    rates,
    said,
    several,
    track,
    tracking,
    unknown,
)
from fulfilment.carriers.tree import Node, refuse


def read(body: Node) -> Reading:
    """Read an answer; several in a list are one."""
    if isinstance(body.value, list):
        return several(body, read)
    return choose(body, SHAPES, who="FedEx")


def _errors(body: Node) -> Reading:
    return error(*[said(row, "code", "message") for row in body.rows("errors")] or [""])


def _rates(body: Node) -> Reading:
    found = [_rate(row) for row in body.rows("output", "rateReplyDetails")]
    return rates(found, _alerts(body))


def _rate(row: Node) -> Rate:
    """Return what the account pays; the list price where it has none of its own."""
    rows = row.rows("ratedShipmentDetails")
    found = next((one for one in rows if "ACCOUNT" in one.text("rateType")), rows[0] if rows else None)
    if found is None:
        refuse(f"{row.path}.ratedShipmentDetails", "is missing")
    charge = found.at("totalNetCharge")
    if isinstance(charge.value, list | dict):
        charge = charge.at("amount")
    days = fedex_soap.DAYS.get(
        row.text("operationalDetail", "transitTime") or row.text("commit", "transitDays", "minimumTransitTime")
    )
    currency = (
        found.text("currency")
        or found.text("shipmentRateDetail", "currency")
        or found.text("totalNetCharge", "currency")
    )
    return rate(row.text("serviceType"), row.text("serviceName"), charge.amount(), currency, path=row.path, days=days)


def _tracks(body: Node) -> Reading:
    rows = [
        (result, one) for result in body.rows("output", "completeTrackResults") for one in result.rows("trackResults")
    ]
    found = [_track(result, one) for result, one in rows if one.at("scanEvents") or not one.at("error")]
    problems = [said(one.at("error"), "code", "message") for _, one in rows if one.at("error")]
    return tracking(found, "; ".join(problems)) if found else error(*problems or ["No parcel is tracked."])


def _track(result: Node, row: Node) -> Track:
    """The number may stand in the question only."""
    number = row.text("trackingNumberInfo", "trackingNumber") or result.text("trackingNumber")
    last = row.at("latestStatusDetail")
    words = last.first(("statusByLocale",), ("description",))
    status = status_of(last.text("derivedCode") or last.text("code"), words) if last else ""
    return track(number, [_event(scan) for scan in row.rows("scanEvents")], status, path=row.path, is_asked=True)


def _event(row: Node) -> Told:
    where = row.at("scanLocation")
    place = [where.text(name) for name in ("city", "stateOrProvinceCode", "countryCode")]
    text = said(row, "eventDescription", "exceptionDescription")
    return event(status_of(row.text("eventType"), text), text, place, row.when("date"))


def _shipped(body: Node) -> Reading:
    found = []
    for row in body.rows("output", "transactionShipments"):
        pieces = row.rows("pieceResponses")
        found += [_label(row, piece) for piece in pieces] or [label(row.text("masterTrackingNumber"), path=row.path)]
    return labels(found, _alerts(body))


def _label(row: Node, piece: Node) -> LabelFile:
    papers = piece.rows("packageDocuments")
    paper = next((one for one in papers if "LABEL" in one.text("contentType").upper()), papers[0] if papers else None)
    return label(
        piece.text("trackingNumber") or row.text("masterTrackingNumber"),
        paper.text("encodedLabel") if paper else "",
        paper.text("docType") if paper else "",
        path=piece.path,
        url=paper.text("url") if paper else "",
        amount=piece.amount("netRateAmount"),
        currency=piece.text("currency"),
    )


def _pickup(body: Node) -> Reading:
    out = body.at("output")
    return other(f"Pickup {out.text('pickupConfirmationCode')} {out.text('cancelConfirmationMessage')}".strip())


def _cancelled(body: Node) -> Reading:
    done = body.at("output", "cancelledShipment").value is True
    return other("The shipment is cancelled.") if done else error("The shipment is not cancelled.", _alerts(body))


def _papers(body: Node) -> Reading:
    out = body.at("output")
    return other(f"{len(out.rows('documents'))} documents: {out.text('documentType')} as {out.text('documentFormat')}")


def _alerts(body: Node) -> str:
    return "; ".join(said(row, "code", "message") for row in body.rows("output", "alerts"))


SHAPES = [
    (("errors",), _errors),
    (("output", "rateReplyDetails"), _rates),
    (("output", "completeTrackResults"), _tracks),
    (("output", "transactionShipments"), _shipped),
    (("output", "pickupConfirmationCode"), _pickup),
    (("output", "cancelledShipment"), _cancelled),
    (("output", "documents"), _papers),
    (("output",), lambda body: unknown(body.at("output"), "FedEx")),
    *fedex_soap.SHAPES,
]

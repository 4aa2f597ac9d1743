"""GLS: ShipIT (labels, by its two versions) and its parcel tracking."""

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
    said,
    track,
    tracking,
)
from fulfilment.carriers.responses.words import by_words
from fulfilment.carriers.tree import Node

STATUSES = {
    **dict.fromkeys(("PREADVICE", "PLANNEDPICKUP"), PRE_TRANSIT),
    **dict.fromkeys(("INTRANSIT", "INWAREHOUSE", "INPICKUP", "INLOADING"), IN_TRANSIT),
    **dict.fromkeys(("INDELIVERY", "DELIVEREDPS", "INPARCELSHOP"), OUT_FOR_DELIVERY),
    **dict.fromkeys(("DELIVERED", "FINAL", "CUSTOMERDELIVERED"), DELIVERED),
    **dict.fromkeys(("NOTDELIVERED", "NOTPICKEDUP", "CANCELED", "CANCELLED", "REJECTED", "EXCEPTION"), EXCEPTION),
    **dict.fromkeys(("RETURNED", "INRETURN", "RETURN"), RETURNED),
}


def read(body: Node) -> Reading:
    return choose(body, SHAPES, who="GLS")


def _errors(body: Node) -> Reading:
    return error(*[said(row, "code", "field", "message", "details") for row in body.rows("errors")] or [""])


def _parcels(body: Node) -> Reading:
    """The parcels of an answer: tracked ones have a state, shipped ones a number for their label."""
    rows = body.rows("parcels")
    if any(row.at("trackId") for row in rows):
        return _sold(body, rows)
    problems = [said(row, "errorCode", "errorMessage") for row in rows]
    found = [_track(row) for row in rows if not row.at("errorCode")]
    problem = "; ".join(problem for problem in problems if problem)
    return tracking(found, problem) if found else error(problem or "No parcel is known.")


def _track(row: Node) -> Track:
    events = [_event(one) for one in row.rows("events")]
    state = row.text("status")
    status = (STATUSES.get(state.upper()) or by_words(state)) if state else ""
    return track(row.text("requested") or row.text("unitno"), events, status, path=row.path)


def _event(row: Node) -> Told:
    text, code = row.text("description"), row.text("code").upper()
    status = PRE_TRANSIT if "PREADVICE" in code else STATUSES.get(code.partition(".")[0]) or by_words(text)
    return event(status, text, [row.text("city"), row.text("country")], row.when("eventDateTime"))


def _sold(body: Node, rows: list[Node]) -> Reading:
    papers = [row.text() for row in body.rows("labels")]
    papers += [""] * (len(rows) - len(papers))
    found = zip(rows, papers, strict=False)
    return labels([label(row.text("trackId"), paper, "pdf", path=row.path) for row, paper in found])


def _created(body: Node) -> Reading:
    made = body.at("CreatedShipment")
    rows, papers = made.rows("ParcelData"), made.rows("PrintData")
    numbers = [row.text("TrackID") or row.text("ParcelNumber") for row in rows]
    data = [(paper.text("Data"), paper.text("LabelFormat")) for paper in papers]
    data += [("", "")] * (len(numbers) - len(data))
    found = zip(numbers, data, strict=False)
    return labels([label(number, *paper, path=made.path) for number, paper in found])


SHAPES = [
    (("errors",), _errors),
    (("parcels",), _parcels),
    (("CreatedShipment",), _created),
    (("EstimatedPickUpDate",), lambda body: other(f"Pickup on {body.text('EstimatedPickUpDate')}")),
    (("TrackID",), lambda body: other(f"{body.text('TrackID')}: {body.text('result') or 'cancelled'}")),
    (("error",), lambda body: error(body.text("error"), body.text("error_description"))),
    (("message",), lambda body: error(body.text("message"))),
]

"""Hermes Germany: HSI orders, labels and pickups, and its shipment information."""

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

# The first digits of its four-digit events; the longest that fits counts.
CODES = {
    "0": PRE_TRANSIT,
    "1": IN_TRANSIT,
    "152": RETURNED,
    "173": EXCEPTION,
    "175": EXCEPTION,
    "2": IN_TRANSIT,
    "30": OUT_FOR_DELIVERY,
    "33": IN_TRANSIT,
    "341": OUT_FOR_DELIVERY,
    "343": IN_TRANSIT,
    "35": DELIVERED,
    "37": EXCEPTION,
    "376": RETURNED,
    "40": EXCEPTION,
    "406": RETURNED,
    "41": IN_TRANSIT,
    "45": IN_TRANSIT,
    "46": EXCEPTION,
    "608": RETURNED,
    "6080": IN_TRANSIT,
    "6085": EXCEPTION,
    "6086": EXCEPTION,
    "6087": EXCEPTION,
    "6088": IN_TRANSIT,
    "6089": IN_TRANSIT,
    "6090": IN_TRANSIT,
    "609": RETURNED,
    "75": RETURNED,
    "90": IN_TRANSIT,
    "93": IN_TRANSIT,
    "934": EXCEPTION,
}


def read(body: Node) -> Reading:
    return choose(body, SHAPES, who="Hermes")


def _results(body: Node) -> list[str]:
    return [said(row, "code", "message") for row in body.rows("listOfResultCodes")]


def _sold(body: Node) -> Reading:
    number = body.first(("shipmentID",), ("shipmentOrderID",))
    form = body.text("labelMediatype").rpartition("/")[2]
    return labels([label(number, body.text("labelImage"), form, path=body.path)], "; ".join(_results(body)))


def _answered(body: Node) -> Reading:
    """Result codes alone: those that begin with e are errors."""
    results = _results(body)
    is_bad = any(row.text("code")[:1].casefold() == "e" for row in body.rows("listOfResultCodes"))
    number = body.text("pickupOrderID")
    return error(*results) if is_bad else other("; ".join([*results, *([f"Pickup {number}"] if number else [])]))


def _infos(body: Node) -> Reading:
    rows = body.rows("shipmentinfo")
    problems = [said(row.at("result"), "code", "message") for row in rows]
    found = [_track(row) for row in rows if row.rows("status")]
    return tracking(found) if found else error(*problems or ["No parcel is known."])


def _track(row: Node) -> Track:
    return track(row.text("shipmentID"), [_event(one) for one in row.rows("status")], path=row.path)


def _event(row: Node) -> Told:
    where, text = row.at("scanningUnit"), row.text("description")
    place = [where.text("city") or where.text("name"), where.text("countryCode")] if where else []
    return event(_status(row.text("code"), text), text, place, row.when("timestamp"))


def _status(code: str, words: str) -> str:
    fitting = (CODES[code[:n]] for n in range(len(code), 0, -1) if code[:n] in CODES)
    return next(fitting, "") or by_words(words)


SHAPES = [
    (("labelImage",), _sold),
    (("shipmentinfo",), _infos),
    (("shipmentInfo",), lambda body: _infos(Node({"shipmentinfo": body.at("shipmentInfo").value}, body.path))),
    (("listOfResultCodes",), _answered),
    (("pickupOrderID",), lambda body: other(f"Pickup {body.text('pickupOrderID')}")),
    (("error",), lambda body: error(body.text("error"), body.text("error_description"))),
]

"""DHL Express's XML services before MyDHL: quotes, waybills, pickups, and airbills with their checkpoints."""

from decimal import Decimal

from fulfilment.carriers.base import Rate
from fulfilment.carriers.responses.reading import (
    DELIVERED,
    EXCEPTION,
    IN_TRANSIT,
    OUT_FOR_DELIVERY,
    PRE_TRANSIT,
    RETURNED,
    Reader,
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
from fulfilment.carriers.tree import Node, when

# Checkpoints of Express.
EXPRESS = {
    **dict.fromkeys(("AF", "AR", "CR", "DF", "FD", "PL", "PU", "RR", "SA", "SC", "TR", "IC", "BN", "BR"), IN_TRANSIT),
    **dict.fromkeys(("WC", "CC", "AD"), OUT_FOR_DELIVERY),
    **dict.fromkeys(("OK", "DD", "PD"), DELIVERED),
    **dict.fromkeys(
        ("BA", "CA", "CD", "CM", "DS", "HP", "MC", "MD", "MS", "ND", "NH", "OH", "RD", "SS", "UD"), EXCEPTION
    ),
    "RT": RETURNED,
    "SD": PRE_TRANSIT,
}
CENT = Decimal("0.01")


def checkpoint(code: str, words: str) -> str:
    """Return the status of a checkpoint; one that is not listed and says nothing is under way."""
    return EXPRESS.get(code) or (by_words(words) if words else IN_TRANSIT)


def _quotes(body: Node) -> Reading:
    """The services that have a price."""
    reply = body.at("DCTResponse", "GetQuoteResponse")
    found = [_quote(row) for row in reply.rows("BkgDetails", "QtdShp") if row.text("ShippingCharge")]
    return rates(found) if found else error(*_conditions(reply.at("Note")) or ["No service is offered."])


def _quote(row: Node) -> Rate:
    """A product with its charge, which is a binary fraction's digits."""
    amount = row.amount("ShippingCharge")
    name = row.first(("LocalProductName",), ("ProductShortName",))
    return rate(
        row.text("GlobalProductCode"),
        name,
        amount.quantize(CENT) if amount is not None else None,
        row.text("CurrencyCode"),
        path=row.path,
        days=row.number("TotalTransitDays"),
    )


def _sold(body: Node) -> Reading:
    reply = body.at("ShipmentResponse")
    number = reply.text("AirwayBillNumber")
    if not number:
        return error(*_conditions(reply.at("Response", "Status")) or [""])
    paper, amount = reply.at("LabelImage"), reply.amount("ShippingCharge")
    found = label(
        number,
        paper.text("OutputImage"),
        paper.text("OutputFormat"),
        path=reply.path,
        amount=amount,
        currency=reply.text("CurrencyCode") if amount is not None else "",
    )
    return labels([found])


def _pickup(name: str) -> Reader:
    def read(body: Node) -> Reading:
        reply = body.at(name)
        notes = _conditions(reply.at("Note"))
        return other("; ".join([f"Pickup {reply.text('ConfirmationNumber')}", *notes]))

    return read


def _airbills(body: Node) -> Reading:
    """Airbills with their checkpoints, or why there are none."""
    rows = body.rows("TrackingResponse", "AWBInfo")
    found = [_airbill(row) for row in rows if row.at("ShipmentInfo")]
    problems = [text for row in rows if not row.at("ShipmentInfo") for text in _conditions(row.at("Status"))]
    return tracking(found, "; ".join(problems)) if found else error(*problems or ["No parcel is known."])


def _airbill(row: Node) -> Track:
    events = [_scanned(one) for one in row.rows("ShipmentInfo", "ShipmentEvent")]
    return track(row.text("AWBNumber"), events, path=row.path)


def _scanned(row: Node) -> Told:
    code, text = row.text("ServiceEvent", "EventCode"), row.text("ServiceEvent", "Description")
    at = when(f"{row.text('Date')}T{row.text('Time') or '00:00:00'}")
    return event(checkpoint(code, text), text, [row.text("ServiceArea", "Description")], at)


def _conditions(row: Node) -> list[str]:
    return [said(one, "ConditionCode", "ConditionData") for one in row.rows("Condition")]


def _refused(name: str) -> Reader:
    return lambda body: error(*_conditions(body.at(name, "Response", "Status")) or [""])


ERRORS = ["", "Shipment", "ShipmentTracking", "ShipmentValidate", "Pickup", "Routing"]
SHAPES = [
    (("TrackingResponse",), _airbills),
    (("DCTResponse", "GetQuoteResponse"), _quotes),
    (("ShipmentResponse",), _sold),
    *[((name,), _pickup(name)) for name in ("BookPUResponse", "ModifyPUResponse", "CancelPUResponse")],
    *[((f"{name}ErrorResponse",), _refused(f"{name}ErrorResponse")) for name in ERRORS],
]

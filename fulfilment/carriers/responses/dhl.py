"""DHL: Express (MyDHL API), Parcel DE (shipping, and tracking in XML), and the unified tracking API of all of them."""

import re
from decimal import Decimal
from zoneinfo import ZoneInfo

from fulfilment.carriers.base import Rate
from fulfilment.carriers.responses import dhl_xml
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
    rate,
    rates,
    said,
    track,
    tracking,
)
from fulfilment.carriers.responses.words import by_words
from fulfilment.carriers.tree import Node, when

GERMANY = ZoneInfo("Europe/Berlin")  # Parcel DE tells local times
# Of the whole shipment, in the unified API.
OVERALL = {"pre-transit": PRE_TRANSIT, "transit": IN_TRANSIT, "delivered": DELIVERED, "failure": EXCEPTION}
# Standard events of Parcel DE; LA and ZF wait to be fetched.
PARCEL_DE = {
    **dict.fromkeys(("VA", "DD"), PRE_TRANSIT),
    **dict.fromkeys(("ES", "AE", "EE", "AA", "NB", "ZO"), IN_TRANSIT),
    **dict.fromkeys(("PO", "ZF", "LA"), OUT_FOR_DELIVERY),
    **dict.fromkeys(("ZU", "GT"), DELIVERED),
    **dict.fromkeys(("ZN", "BV", "AN"), EXCEPTION),
}


def read(body: Node) -> Reading:
    rows = body.rows() if isinstance(body.value, list) else [body]
    return choose(rows[0] if rows else body, SHAPES, who="DHL")


def _problem(body: Node) -> Reading:
    details = [_detail(row) for row in body.rows("additionalDetails")]
    return error(body.text("title"), body.text("detail") or body.text("message"), *details)


def _detail(row: Node) -> str:
    return row.text() if isinstance(row.value, str) else said(row, "property", "message")


def _products(body: Node) -> Reading:
    return rates([_product(row) for row in body.rows("products")])


def _product(row: Node) -> Rate:
    """A product's price in the currency that is billed."""
    prices = row.rows("totalPrice")
    billed = [price for price in prices if price.text("currencyType") == "BILLC"] or prices
    first = billed[0] if billed else Node(None, f"{row.path}.totalPrice")
    days = row.number("deliveryCapabilities", "totalTransitDays")
    amount, currency = first.amount("price"), first.text("priceCurrency")
    return rate(row.text("productCode"), row.text("productName"), amount, currency, path=first.path, days=days)


def _sold(body: Node) -> Reading:
    """A shipment of Express: one waybill, with a number for each piece; or what became of it."""
    if body.text("status") and not body.at("documents"):
        return other(f"{body.text('shipmentTrackingNumber')} {said(body, 'status', 'message')}")
    papers = body.rows("documents")
    paper = next((row for row in papers if row.text("typeCode") == "label"), None)
    amount, currency = _charge(body)
    found = label(
        body.text("shipmentTrackingNumber"),
        paper.text("content") if paper else "",
        paper.text("imageFormat") if paper else "",
        path=body.path,
        amount=amount,
        currency=currency,
    )
    numbers = [row.text("trackingNumber") for row in body.rows("packages")]
    return labels([found], f"pieces {', '.join(number for number in numbers if number)}" if numbers else "")


def _charge(body: Node) -> tuple[Decimal | None, str]:
    rows = body.rows("shipmentCharges")
    billed = [row for row in rows if row.text("currencyType") == "BILLC"] or rows
    return (billed[0].amount("price"), billed[0].text("priceCurrency")) if billed else (None, "")


def _items(body: Node) -> Reading:
    """Shipments of Parcel DE: each with its label, or with what is wrong with it."""
    rows = body.rows("items")
    sold = [_item(row) for row in rows if row.at("label")]
    problems = [_wrong(note) for row in rows for note in row.rows("validationMessages")]
    told = (
        said(body.at("status"), "title", "detail") if isinstance(body.at("status").value, dict) else body.text("detail")
    )
    return labels(sold, "; ".join(problems)) if sold else error(told, *problems)


def _wrong(row: Node) -> str:
    return said(row, "property", "validationMessage")


def _item(row: Node) -> LabelFile:
    paper = row.at("label")
    data = paper.text("zpl2") if paper.text("zpl2").startswith("^XA") else paper.text("b64")
    return label(row.text("shipmentNo"), data, paper.text("fileFormat"), path=row.path, url=paper.text("url"))


def _shipments(body: Node) -> Reading:
    rows = body.rows("shipments")
    return tracking([_track(row) for row in rows]) if rows else error("No shipment is known.")


def _track(row: Node) -> Track:
    """A shipment of MyDHL's or of the unified tracking."""
    if row.at("shipmentTrackingNumber"):
        events = [_checkpoint(one) for one in row.rows("events")]
        return track(row.text("shipmentTrackingNumber"), events, path=row.path)
    now = row.at("status")
    events = [_event(one) for one in row.rows("events")]
    status = _overall(now) if now else ""
    told = events or ([_event(now)] if now.text("timestamp") else [])
    return track(row.text("id"), told, status, path=row.path, is_asked=True)


def _checkpoint(row: Node) -> Told:
    code, text = row.text("typeCode"), row.text("description")
    said_at = f"{row.text('date')}T{row.text('time') or '00:00:00'}{row.text('GMTOffset')}"
    place = row.text("serviceArea", "description")
    return event(dhl_xml.checkpoint(code, text), text, [place], when(said_at))


def _event(row: Node) -> Told:
    where = row.at("location", "address")
    place = [where.text("addressLocality"), where.text("countryCode")] if where else []
    text = row.first(("description",), ("status",), ("remark",))
    return event(_overall(row), text, place, row.when("timestamp"))


def _overall(row: Node) -> str:
    """Return the status of one of four codes; its words tell more of what is under way or went wrong."""
    code = OVERALL.get(row.text("statusCode").casefold().replace("_", "-"), "")
    text = " ".join(row.text(name) for name in ("status", "description", "remark"))
    told = by_words(text) if text.strip() else ""
    if code in ("", IN_TRANSIT) and told in (OUT_FOR_DELIVERY, RETURNED, EXCEPTION):
        return told
    return RETURNED if code == EXCEPTION and told == RETURNED else code or told or PRE_TRANSIT


def _data(body: Node) -> Reading:
    """Parcel DE's tracking in XML: elements "data" with a name, the parcels with their events inside."""
    found = body.at("data")
    rows = next(filter(None, (_named(found, name) for name in PIECES)), [])
    pieces = [_piece(row) for row in rows]
    is_refused = bool(found.text("@error")) and not any(piece.events for piece in pieces)
    if is_refused or not pieces:
        return error(found.text("@error") or found.text("@code") or "No parcel is known.")
    return tracking(pieces)


def _named(found: Node, name: str, depth: int = 8) -> list[Node]:
    rows = [found] if found.text("@name") == name else []
    inner = found.rows("data") if depth and isinstance(found.value, dict) else []
    return rows or [row for one in inner for row in _named(one, name, depth - 1)]


def _piece(row: Node) -> Track:
    events = [_piece_event(one) for one in _events_of(row)]
    number = row.first(("@piece-code",), ("@searched-piece-code",), ("@piece-identifier",))
    if not events and row.text("@status-timestamp"):
        events = [_piece_event(row, "status-timestamp", "status")]
    return track(number, events, RETURNED if row.text("@ruecksendung") == "true" else "", path=row.path)


def _events_of(row: Node) -> list[Node]:
    return [
        one
        for group in row.rows("data")
        for one in (group.rows("data") or [group])
        if one.text("@name") == "piece-event"
    ]


def _piece_event(row: Node, moment: str = "event-timestamp", text: str = "event-status") -> Told:
    said_at = row.text(f"@{moment}")
    form = "%d.%m.%Y %H:%M" if re.match(r"\d\d\.", said_at) else ""
    code = row.text("@standard-event-code")
    words = row.text(f"@{text}")
    status = RETURNED if row.text("@ice") == "RETRN" else PARCEL_DE.get(code) or by_words(words)
    place = [row.text("@event-location"), row.text("@event-country")]
    return event(status, words, place, when(said_at, form=form, zone=GERMANY))


def _pickup(body: Node) -> Reading:
    value = body.at("confirmation", "value")
    return other(f"Pickup {value.text('orderID')} on {value.text('pickupDate')}")


def _cancelled(body: Node) -> Reading:
    done, failed = ([_pickup_words(row) for row in body.rows(name)] for name in CANCELLATIONS)
    return error(*failed) if failed and not done else other("; ".join(done + failed))


def _pickup_words(row: Node) -> str:
    return said(row, "orderID", "orderState", "message")


def _sent_away(body: Node) -> Reading:
    return other(f"Pickup {said(body, 'dispatchConfirmationNumber', 'status')}")


def _booked(body: Node) -> Reading:
    numbers = ", ".join(row.text() for row in body.rows("dispatchConfirmationNumbers"))
    return other(f"Pickup {numbers}. {'; '.join(row.text() for row in body.rows('warnings'))}".strip())


PIECES = ("piece-shipment", "piece-status-public", "piece-event-list")  # for us, for everybody, of one piece
CANCELLATIONS = ("confirmedCancellations", "failedCancellations")
SHAPES = [
    (("products",), _products),
    (("shipmentTrackingNumber",), _sold),
    (("shipments",), _shipments),
    (("items",), _items),
    (("dispatchConfirmationNumbers",), _booked),
    (("dispatchConfirmationNumber",), _sent_away),
    (("confirmation",), _pickup),
    *[((name,), _cancelled) for name in CANCELLATIONS],
    (("orderDetails",), lambda body: other(f"Pickup {_pickup_words(body.at('orderDetails'))}")),
    (("data",), _data),
    *dhl_xml.SHAPES,
    (("address",), lambda body: other("An address, checked.")),
    (("title",), _problem),
    (("detail",), _problem),
    (("message",), _problem),
    (("status", "detail"), lambda body: error(said(body.at("status"), "title", "detail"))),
]

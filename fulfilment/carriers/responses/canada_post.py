"""Canada Post: rating, shipping and tracking (XML), https://www.canadapost-postescanada.ca/info/mc/business/productsservices/developers."""

from datetime import datetime

from fulfilment.carriers.base import Rate
from fulfilment.carriers.responses.reading import (
    DELIVERED,
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
    track,
    tracking,
)
from fulfilment.carriers.responses.words import by_words
from fulfilment.carriers.tree import Node, when

# Zones that its events name, in hours from UTC.
ZONES = {"NST": "-03:30", "NDT": "-02:30", "AST": "-04:00", "ADT": "-03:00", "EST": "-05:00", "EDT": "-04:00"}
ZONES |= {"CST": "-06:00", "CDT": "-05:00", "MST": "-07:00", "MDT": "-06:00", "PST": "-08:00", "PDT": "-07:00"}
# Events that say it is delivered, in whichever language they are told; others are read by their words.
ARRIVED = {*map(str, range(1421, 1435)), "1408", "1409", "1441", "1442", "1496", "1497", "1498", "1499"}


def read(body: Node) -> Reading:
    """Read an answer; recorded ones may stand in an element "wrapper"."""
    return choose(body.at("wrapper") if body.at("wrapper") else body, SHAPES, who="Canada Post")


def _messages(body: Node) -> Reading:
    return error(*[said(row, "code", "description") for row in body.rows("messages", "message")] or [""])


def _quotes(body: Node) -> Reading:
    return rates([_quote(row) for row in body.rows("price-quotes", "price-quote")])


def _quote(row: Node) -> Rate:
    days = row.number("service-standard", "expected-transit-time")
    amount = row.amount("price-details", "due")
    return rate(row.text("service-code"), row.text("service-name"), amount, "CAD", path=row.path, days=days)


def _detail(body: Node) -> Reading:
    return tracking([_track(row) for row in body.rows("tracking-detail")])


def _track(row: Node) -> Track:
    events = [_event(one) for one in row.rows("significant-events", "occurrence")]
    return track(row.text("pin"), events, path=row.path)


def _event(row: Node) -> Told:
    text = row.text("event-description")
    code = row.text("event-identifier")
    status = DELIVERED if code in ARRIVED else by_words(text)
    return event(status, text, [row.text("event-site"), row.text("event-province")], _moment(row))


def _moment(row: Node) -> datetime | None:
    zone = ZONES.get(row.text("event-time-zone").upper(), "+00:00")
    return when(f"{row.text('event-date')}T{row.text('event-time') or '00:00:00'}{zone}")


def _summaries(body: Node) -> Reading:
    rows = body.rows("tracking-summary", "pin-summary")
    return tracking([_summary(row) for row in rows]) if rows else error("No parcel is known.")


def _summary(row: Node) -> Track:
    said_at, text = row.text("event-date-time"), row.text("event-description")
    found = event(by_words(text), text, [row.text("event-location")], when(_iso(said_at)))
    return track(row.text("pin"), [found], path=row.path)


def _iso(said_at: str) -> str:
    """Return 20110104:141512 as ISO 8601 has it; what is so already stays."""
    digits = said_at.replace(":", "")
    return f"{digits[:8]}T{digits[8:]}" if digits.isdigit() and len(digits) == 14 else said_at


def _sold(name: str) -> Reader:
    def read_one(body: Node) -> Reading:
        row = body.at(name)
        url = next((one.text("@href") for one in row.rows("links", "link") if one.text("@rel") == "label"), "")
        amount = row.amount("shipment-price", "due-amount")
        currency = "CAD" if amount is not None else ""
        return labels(
            [label(row.text("tracking-pin"), form="pdf", path=row.path, url=url, amount=amount, currency=currency)]
        )

    return read_one


def _receipt(name: str) -> Reader:
    def read_one(body: Node) -> Reading:
        row = body.at(name)
        paid = row.at("cc-receipt-details")
        amount = paid.amount("charge-amount") if paid else row.amount("pre-tax-amount")
        days = row.number("service-standard", "expected-transit-time")
        currency = paid.text("currency") if paid else "CAD"
        service = row.text("service-code")
        return rates([rate(service, service, amount, currency, path=name, days=days)], "a receipt: what was paid")

    return read_one


def _told(what: str, *path: str) -> Reader:
    return lambda body: other(f"{what} {body.text(*path)}".strip())


SHAPES = [
    (("messages",), _messages),
    (("price-quotes",), _quotes),
    (("tracking-detail",), _detail),
    (("tracking-summary",), _summaries),
    *[((name,), _sold(name)) for name in ("shipment-info", "non-contract-shipment-info", "authorized-return-info")],
    *[((name,), _receipt(name)) for name in ("shipment-receipt", "non-contract-shipment-receipt")],
    (("services",), lambda body: other(f"{len(body.rows('services', 'service'))} services, without prices")),
    (("service",), _told("Service without a price:", "service", "service-code")),
    (("option",), _told("Option", "option", "option-code")),
    (("merchant-info",), _told("Account of customer", "merchant-info", "customer-number")),
    (("token",), _told("A token for registration", "token", "token-id")),
    (("manifests",), lambda body: other(f"{len(body.rows('manifests', 'link'))} manifests")),
    (("manifest",), _told("Manifest", "manifest", "po-number")),
    (("pickup-request-header",), _told("Pickup", "pickup-request-header", "request-id")),
    (("shipment-refund-request-info",), _told("Refund asked,", "shipment-refund-request-info", "service-ticket-id")),
    (
        ("non-contract-shipment-refund-request-info",),
        _told("Refund asked,", "non-contract-shipment-refund-request-info", "service-ticket-id"),
    ),
]

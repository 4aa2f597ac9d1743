"""New Zealand Post's rate finder, and Stamps.com (SOAP)."""

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
    choose,
    complaint,
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
from fulfilment.carriers.tree import Node

BODY = ("Envelope", "Body")
# Types of Stamps.com's tracking events.
STAMPS = {
    "electronicnotification": PRE_TRANSIT,
    "enroute": IN_TRANSIT,
    "accepted": IN_TRANSIT,
    "enroutetodestination": IN_TRANSIT,
    "outfordelivery": OUT_FOR_DELIVERY,
    "delivered": DELIVERED,
    "deliveryattempted": EXCEPTION,
    "noticeleft": EXCEPTION,
    "refused": EXCEPTION,
    "undeliverable": EXCEPTION,
    "returned": RETURNED,
    "returntosender": RETURNED,
}


def read_new_zealand_post(body: Node) -> Reading:
    shapes = [
        (("errors",), lambda body: complaint(body) or error()),
        (("products",), _products),
        (("hash", "products", "product"), lambda body: _products(body.at("hash", "products"), "product")),
        (("message",), lambda body: error(said(body, "code", "message"))),
    ]
    return choose(body, shapes, who="New Zealand Post")


def _products(body: Node, name: str = "products") -> Reading:
    return rates([_product(row) for row in body.rows(name)])


def _product(row: Node) -> Rate:
    """A product at home (cost) or abroad (price)."""
    code = row.text("service_code") or row.text("code")
    name = " ".join(part for part in (row.text("service_group_description"), row.text("description")) if part)
    amount = row.amount("price") if row.at("price").value is not None else row.amount("cost")
    days = row.number("max_delivery_target")
    return rate(code, name or row.text("name"), amount, "NZD", path=row.path, days=days)


def read_stamps(body: Node) -> Reading:
    return choose(body, STAMPS_SHAPES, who="Stamps.com")


def _fault(body: Node) -> Reading:
    fault = body.at(*BODY, "Fault")
    text = fault.at("detail", "sdcerror")
    return error(fault.text("faultstring"), text.text("#text") if isinstance(text.value, dict) else text.text())


def _stamps_rates(body: Node) -> Reading:
    rows = body.rows(*BODY, "GetRatesResponse", "Rates", "Rate")
    return rates([_stamps_rate(row) for row in rows]) if rows else error("No service is offered.")


def _stamps_rate(row: Node) -> Rate:
    """A service with what it is packed in; "1-3" days are at most three."""
    service = ".".join(part for part in (row.text("ServiceType"), row.text("PackageType")) if part)
    last = row.text("DeliverDays").rpartition("-")[2]
    days = int(last) if last.isascii() and last.isdigit() and len(last) < 3 else None
    return rate(
        service if row.text("ServiceType") else "", service, row.amount("Amount"), "USD", path=row.path, days=days
    )


def _stamps_track(body: Node) -> Reading:
    """The number stands in the question only."""
    rows = body.rows(*BODY, "TrackShipmentResponse", "TrackingEvents", "TrackingEvent")
    events = [_stamps_event(row) for row in rows]
    return tracking([track("", events, is_asked=True)]) if events else error("No parcel is known.")


def _stamps_event(row: Node) -> Told:
    text, code = row.text("Event"), row.text("TrackingEventType").replace(" ", "").casefold()
    place = [row.text(name) for name in ("City", "State", "Country")]
    return event(STAMPS.get(code) or by_words(text), text, place, row.when("Timestamp"))


def _stamps_label(body: Node) -> Reading:
    row = body.at(*BODY, "CreateIndiciumResponse")
    data = row.text("ImageData", "base64Binary")
    amount, url = row.amount("Rate", "Amount"), row.text("URL")
    return labels([label(row.text("TrackingNumber"), data, path=row.path, url=url, amount=amount, currency="USD")])


def _stamps_other(name: str) -> Reader:
    return lambda body: other(name.removesuffix("Response"))


OTHER = ["CleanseAddress", "GetAccountInfo", "PurchasePostage", "GetPurchaseStatus", "CancelIndicium", "CreateScanForm"]
OTHER += ["AuthenticateUser", "GetURL", "CarrierPickup", "GetCodewordQuestions"]
STAMPS_SHAPES = [
    ((*BODY, "Fault"), _fault),
    ((*BODY, "GetRatesResponse"), _stamps_rates),
    ((*BODY, "TrackShipmentResponse"), _stamps_track),
    ((*BODY, "CreateIndiciumResponse"), _stamps_label),
    *[((*BODY, f"{name}Response"), _stamps_other(name)) for name in OTHER],
]

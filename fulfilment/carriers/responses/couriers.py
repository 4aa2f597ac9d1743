"""Asendia, Seko (OmniParcel), Sendle, Teleship and ParcelOne."""

from fulfilment.carriers.base import Rate
from fulfilment.carriers.responses.reading import (
    DELIVERED,
    EXCEPTION,
    IN_TRANSIT,
    OUT_FOR_DELIVERY,
    PRE_TRANSIT,
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


def read_asendia(body: Node) -> Reading:
    shapes = [
        (("fieldErrors",), _asendia_error),
        (("shipmentCancelResponse",), lambda body: _asendia_done(body.at("shipmentCancelResponse"))),
        (("manifestResponse",), lambda body: other(f"Manifest {body.text('manifestResponse', 'manifestId')}")),
        (("events",), _asendia_track),
        (("trackingEvents",), _asendia_track),
        (("trackingNumber",), _asendia_label),
        (("title",), _asendia_error),
        (("detail",), _asendia_error),
        (("errorMessages",), lambda body: error(*_field_errors(body, "errorMessages"))),
        (("id",), lambda body: other(f"{body.text('id')} {body.text('status')}".strip())),
    ]
    return choose(body, shapes, who="Asendia")


def _asendia_done(row: Node) -> Reading:
    return other(row.text("message")) if row.at("success").value is True else error(row.text("message"))


def _asendia_error(body: Node) -> Reading:
    return error(body.text("title"), body.text("detail"), *_field_errors(body, "fieldErrors"))


def _field_errors(body: Node, name: str) -> list[str]:
    return [said(row, "field", "message") for row in body.rows(name)]


def _asendia_label(body: Node) -> Reading:
    found = label(body.text("trackingNumber"), path=body.path, url=body.text("labelLocation"))
    return labels([found], "; ".join(_field_errors(body, "errorMessages")))


def _asendia_track(body: Node) -> Reading:
    events = [_asendia_event(row) for row in body.rows("events") or body.rows("trackingEvents")]
    return tracking([track(body.text("trackingNumber"), events)])


def _asendia_event(row: Node) -> Told:
    text = row.first(("description",), ("carrierEventDescription",), ("code",))
    place = [row.first(("locationName",), ("location",)), row.first(("locationCountry",), ("country",))]
    clock = next((name for name in ("time", "timestamp", "date") if row.text(name)), "time")
    return event(by_words(text), text, place, row.when(clock))


def read_seko(body: Node) -> Reading:
    if isinstance(body.value, list):
        return tracking([_seko_track(row) for row in body.rows()])
    shapes = [
        (("Consignments",), _seko_label),
        (("Available",), _seko_rates),
        (("Events",), lambda body: tracking([_seko_track(body)])),
        (("Errors",), lambda body: error(*[_seko_problem(row) for row in body.rows("Errors")])),
        (("Property",), lambda body: error(_seko_problem(body))),
        (("Message",), lambda body: error(body.text("Message"))),
    ]
    return choose(body, shapes, who="Seko")


def _seko_problem(row: Node) -> str:
    return row.text() if isinstance(row.value, str) else said(row, "Property", "Message")


def _seko_label(body: Node) -> Reading:
    problems = [_seko_problem(row) for row in body.rows("Errors")]
    rows = body.rows("Consignments")
    if not rows:
        return error(*problems or [body.text("Message")])
    return labels([_seko_one(row) for row in rows], "; ".join(problems))


def _seko_one(row: Node) -> LabelFile:
    files = row.at("OutputFiles")
    named = [(name, files.at(name)) for name in files.value] if isinstance(files.value, dict) else []
    name, data = next(((name, found) for name, found in named if "LABEL" in str(name).upper()), ("", row.at("none")))
    content = data.rows()[0].text() if data else ""
    form = "pdf" if "PDF" in name else "zpl" if "ZPL" in name else ""
    return label(row.text("Connote"), content, form, path=row.path, url=row.text("TrackingUrl") if not content else "")


def _seko_rates(body: Node) -> Reading:
    found = [
        rate(
            row.first(("DeliveryType",), ("CarrierServiceType",), ("QuoteId",)),
            " ".join(part for part in (row.text("CarrierName"), row.text("DeliveryType")) if part),
            row.amount("Cost"),
            row.text("Currency") or "NZD",
            path=row.path,
        )
        for row in body.rows("Available")
    ]
    return rates(found) if found else error(*[_seko_problem(row) for row in body.rows("ValidationErrors")] or [""])


def _seko_track(row: Node) -> Track:
    events = [_seko_event(one) for one in row.rows("Events")]
    status = by_words(row.text("Status")) if row.text("Status") else ""
    return track(row.text("ConsignmentNo") or row.text("Connote"), events, status, path=row.path)


def _seko_event(row: Node) -> Told:
    """OP-1: there is a number, and the parcel is with its sender yet."""
    text = row.text("Description")
    told = by_words(text)
    status = PRE_TRANSIT if row.text("OmniCode") == "OP-1" and told == IN_TRANSIT else told
    return event(status, text, [row.text("Location")], row.when("EventDT"))


def read_sendle(body: Node) -> Reading:
    if body.at("error"):
        return _sendle_error(body)
    if isinstance(body.value, list):
        return rates([_sendle_rate(row) for row in body.rows()])
    shapes = [
        (("tracking_events",), _sendle_track),
        (("Quotes",), lambda body: rates([_sendle_rate(row) for row in body.rows("Quotes")])),
        (("cancelled_at",), lambda body: other(f"{body.text('sendle_reference')} {body.text('cancellation_message')}")),
        (("labels",), _sendle_label),
        (("sendle_reference",), _sendle_label),
    ]
    return choose(body, shapes, who="Sendle")


def _sendle_error(body: Node) -> Reading:
    fields = body.at("messages")
    words = ", ".join(fields.value) if isinstance(fields.value, dict) else fields.text()
    return error(said(body, "error", "error_description"), words)


def _sendle_rate(row: Node) -> Rate:
    price, days = row.at("quote", "gross"), row.rows("eta", "days_range")
    last = days[-1].text() if days else ""
    number = int(last) if last.isascii() and last.isdigit() and len(last) < 3 else None
    name = row.text("product", "name") or row.text("plan_name")
    code = row.text("product", "code") or row.text("plan_name")
    return rate(code, name, price.amount("amount"), price.text("currency"), path=row.path, days=number)


def _sendle_label(body: Node) -> Reading:
    papers = body.rows("labels")
    price = body.at("price", "gross")
    amount, currency = (price.amount("amount"), price.text("currency")) if price else (None, "")
    url = papers[0].text("url") if papers else ""
    return labels([label(body.text("sendle_reference"), path=body.path, url=url, amount=amount, currency=currency)])


def _sendle_track(body: Node) -> Reading:
    """The reference stands in the question only; what a pickup missed is no trouble on the way."""
    events = [_sendle_event(row) for row in body.rows("tracking_events")]
    status = by_words(body.text("state")) if body.text("state") else ""
    number = body.first(("sendle_reference",), ("tracking", "reference"))
    return tracking([track(number, events, status, is_asked=True)])


def _sendle_event(row: Node) -> Told:
    text = row.text("description") or row.text("event_type")
    place = row.first(("location",), ("origin_location",))
    return event(by_words(row.text("event_type") or text), text, [place], row.when("scan_time"))


def read_teleship(body: Node) -> Reading:
    shapes = [
        (("shipment", "documents"), lambda body: _teleship_label(body.at("shipment"))),
        (("events",), _teleship_track),
        (("pickup",), lambda body: other(f"Pickup {body.text('pickup', 'id')} {body.text('pickup', 'status')}")),
        (("rates",), _teleship_rates),
        (("documents",), _teleship_label),
        (("shipmentId",), lambda body: other(f"{body.text('trackingNumber')} {body.text('status')}".strip())),
        (("charges",), lambda body: other(f"Duties and taxes {body.text('price')} {body.text('currency')}")),
        (("messages",), lambda body: error(*[said(row, "code", "message") for row in body.rows("messages")])),
        (("message",), lambda body: error(said(body, "code", "message"))),
        (("id",), lambda body: other(f"{body.text('id')} {body.text('status')}".strip())),
    ]
    return choose(body, shapes, who="Teleship")


def _teleship_track(body: Node) -> Reading:
    events = [_teleship_event(row) for row in body.rows("events")]
    status = by_words(body.text("status")) if body.text("status") else ""
    return tracking([track(body.text("trackingNumber"), events, status)])


def _teleship_event(row: Node) -> Told:
    """A code that says no more than that it is under way leaves it to the words."""
    text, told = row.text("description"), by_words(row.text("code"))
    status = by_words(text) if text and told in (IN_TRANSIT, PRE_TRANSIT) else told
    return event(status, text, [row.text("location")], row.when("timestamp"))


def _teleship_rates(body: Node) -> Reading:
    found = []
    for row in body.rows("rates"):
        code = row.first(("service", "code"), ("service", "name"), ("serviceCode",))
        amount = row.amount("price") if row.at("price").value is not None else row.amount("total")
        days = row.number("transit")
        found.append(
            rate(code, row.text("service", "name") or code, amount, row.text("currency"), path=row.path, days=days)
        )
    return rates(found)


def _teleship_label(body: Node) -> Reading:
    papers = body.rows("documents")
    paper = next(
        (row for row in papers if "LABEL" in row.text("type").upper()), papers[0] if papers else Node(None, "")
    )
    data = paper.first(("base64String",), ("content",), ("data",))
    found = label(
        body.text("trackingNumber"),
        data,
        paper.text("format"),
        path=body.path,
        url=paper.text("url"),
        amount=body.amount("rate", "price"),
        currency=body.text("rate", "currency"),
    )
    return labels([found])


PARCELONE = {
    **dict.fromkeys(("InfoReceived", "Pending"), PRE_TRANSIT),
    "InTransit": IN_TRANSIT,
    **dict.fromkeys(("OutForDelivery", "AvailableForPickup"), OUT_FOR_DELIVERY),
    "AttemptFail": EXCEPTION,
    "Delivered": DELIVERED,
}


def read_parcelone(body: Node) -> Reading:
    shapes = [
        (("results", "PackageResults"), _parcelone_label),
        (("results", "Charges"), _parcelone_charges),
        (("results", "Events"), lambda body: tracking([_parcelone_track(body.at("results"))])),
        (("TrackingEvents",), _parcelone_way),
        (("results",), _parcelone_done),
        (("Errors",), lambda body: error(*_parcelone_problems(body, "Errors"))),
        (("message",), lambda body: error(body.text("message"), body.text("detail"))),
    ]
    return choose(body, shapes, who="ParcelOne")


def _parcelone_problems(row: Node, name: str) -> list[str]:
    return [said(one, "ErrorNo", "Message") or said(one, "WarningNo", "Message") for one in row.rows(name)]


def _parcelone_label(body: Node) -> Reading:
    found = body.at("results")
    notes = _parcelone_problems(found.at("ActionResult"), "Errors") + _parcelone_problems(
        found.at("ActionResult"), "Warnings"
    )
    total = found.at("TotalCharges")
    made = [
        label(
            row.text("TrackingID"),
            row.text("Label"),
            row.text("Format", "Type"),
            path=row.path,
            url=found.text("LabelURL"),
            amount=total.amount("Value") if total else None,
            currency=total.text("Currency") if total else "",
        )
        for row in found.rows("PackageResults")
    ]
    return labels(made, "; ".join(notes)) if made else error(*notes or [body.text("message")])


def _parcelone_charges(body: Node) -> Reading:
    total = body.at("results", "TotalCharges")
    service = body.at("results").first(("ProductID",), ("ServiceID",)) or "charges"
    return rates([rate(service, service, total.amount("Value"), total.text("Currency"), path=total.path)])


def _parcelone_track(row: Node) -> Track:
    """The number stands in the question only, in most answers."""
    events = [_parcelone_event(one) for one in row.rows("Events")]
    return track(row.text("TrackingID"), events, path=row.path, is_asked=True)


def _parcelone_way(body: Node) -> Reading:
    """Its tracking service: events with a tag such as Exception_011, whose words say more."""
    events = [_parcelone_step(row) for row in body.rows("TrackingEvents")]
    return tracking([track(body.text("P1Trackno"), events, path=body.path)])


def _parcelone_step(row: Node) -> Told:
    text, tag = row.text("Status"), row.text("DeliveryStatus").partition("_")[0]
    clock = "EventdateUTC" if row.text("EventdateUTC") else "EventdateCET"
    return event(PARCELONE.get(tag) or by_words(text or tag), text, [row.text("Location")], row.when(clock))


def _parcelone_event(row: Node) -> Told:
    text = row.first(("Description",), ("Status",), ("TrackingStatus",))
    said_at = row.first(("TrackingDateTime",), ("DateTime",), ("Date",))
    place = row.first(("Location",), ("TrackingLocation",))
    return event(by_words(text), text, [place], when(said_at))


def _parcelone_done(body: Node) -> Reading:
    found = body.at("results")
    if found.text("Success") in ("1", ""):
        return other(f"{found.text('TrackingID')}: {body.text('message')}")
    return error(body.text("message"), *_parcelone_problems(found, "Errors"))

"""USPS Web Tools: RateV4, IntlRateV2, Track and labels, https://www.usps.com/business/web-tools-apis/."""

import html
import re
from datetime import datetime

from fulfilment.carriers.base import Rate, TrackedEvent
from fulfilment.carriers.responses.reading import (
    DELIVERED,
    EXCEPTION,
    IN_TRANSIT,
    OUT_FOR_DELIVERY,
    PRE_TRANSIT,
    RETURNED,
    Reader,
    Reading,
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
from fulfilment.carriers.tree import Node, moment

# Event codes of Publication 199; whatever else is read by its words.
CODES = {
    **dict.fromkeys(("MA", "GX", "NP"), PRE_TRANSIT),
    **dict.fromkeys(("OF", "16"), OUT_FOR_DELIVERY),
    **dict.fromkeys(("01", "I0"), DELIVERED),
    **dict.fromkeys(("02", "04", "05", "08", "51", "52", "53", "54", "55", "56"), EXCEPTION),
    **dict.fromkeys(("09", "29"), RETURNED),
}
TAGS = re.compile(r"<[^>]*>")
DAY_FORMS = ("%B %d, %Y", "%Y-%m-%d", "%m/%d/%Y")


def status_of(code: str, words: str) -> str:
    """Return the status that the words tell of: codes were given new meanings over the years; else the code's."""
    told = by_words(words) if words else ""
    return CODES.get(code, told or IN_TRANSIT) if told in ("", IN_TRANSIT) else told


def plain(text: str) -> str:
    """Return a name without the markup that is escaped in it, once or twice."""
    for _ in range(2):
        text = html.unescape(text)
    return " ".join(TAGS.sub("", text).split())


def _domestic(body: Node) -> Reading:
    packages = body.rows("RateV4Response", "Package")
    found = [_postage(row) for package in packages for row in package.rows("Postage")]
    problems = [_problem(package) for package in packages if package.at("Error")]
    return rates(found, "; ".join(problems)) if found else error(*problems or ["No service is offered."])


def _postage(row: Node) -> Rate:
    """A service's price; the commercial one where the account has it."""
    amount = next((found for found in (row.amount("CommercialRate"), row.amount("Rate")) if found), row.amount("Rate"))
    return rate(row.text("@CLASSID"), plain(row.text("MailService")), amount, "USD", path=row.path)


def _abroad(body: Node) -> Reading:
    packages = body.rows("IntlRateV2Response", "Package")
    found = [_service(row) for package in packages for row in package.rows("Service")]
    problems = [_problem(package) for package in packages if package.at("Error")]
    return rates(found, "; ".join(problems)) if found else error(*problems or ["No service is offered."])


def _service(row: Node) -> Rate:
    prices = [row.amount(name) for name in ("CommercialPlusPostage", "CommercialPostage", "Postage")]
    amount = next((price for price in prices if price), prices[-1])
    return rate(row.text("@ID"), plain(row.text("SvcDescription")), amount, "USD", path=row.path)


def _tracks(body: Node) -> Reading:
    rows = body.rows("TrackResponse", "TrackInfo")
    found = [_track(row) for row in rows if not row.at("Error")]
    problems = [_problem(row) for row in rows if row.at("Error")]
    return tracking(found, "; ".join(problems)) if found else error(*problems or ["No parcel is tracked."])


def _track(row: Node) -> Track:
    """Events without a date are known to have been, but not when: they count for nothing but the last."""
    rows = [*row.rows("TrackSummary"), *row.rows("TrackDetail")]
    dated = [one for one in rows if isinstance(one.value, dict) and one.text("EventDate")]
    words = row.text("Status") or row.text("StatusCategory") or row.text("StatusSummary")
    if not words and rows and isinstance(rows[0].value, str):
        words = rows[0].text()
    status = status_of("", words) if words else ""
    return track(row.text("@ID"), [_event(one) for one in dated], status, path=row.path)


def _event(row: Node) -> TrackedEvent:
    text = plain(row.text("Event"))
    place = [row.text(name) for name in ("EventCity", "EventState", "EventCountry")]
    return event(status_of(row.text("EventCode"), text), text, place, _moment(row))


def _moment(row: Node) -> datetime:
    """Return the local time that is said; nobody says of which zone, so it is taken as UTC."""
    clock = row.text("EventTime") or "12:00 am"
    path = f"{row.path}.EventDate"
    form = next((form for form in DAY_FORMS if _fits(row.text("EventDate"), form)), DAY_FORMS[0])
    time_form = "%I:%M %p" if clock[-1:].casefold() == "m" else "%H:%M:%S"
    return moment(f"{row.text('EventDate')} {clock}", path, form=f"{form} {time_form}")


def _fits(text: str, form: str) -> bool:
    try:
        datetime.strptime(text, form)
    except ValueError:
        return False
    return True


def _problem(row: Node) -> str:
    return said(row.at("Error"), "Number", "Description")


def _sold(name: str) -> Reader:
    def read(body: Node) -> Reading:
        reply = body.at(name)
        number = reply.first(("BarcodeNumber",), ("DeliveryConfirmationNumber",), ("EMConfirmationNumber",))
        data = reply.first(("LabelImage",), ("DeliveryConfirmationLabel",), ("EMLabel",))
        return labels([label(number, data, path=reply.path, amount=reply.amount("Postage"), currency="USD")])

    return read


SHAPES = [
    (("Error",), lambda body: error(_problem(body))),
    (("RateV4Response",), _domestic),
    (("IntlRateV2Response",), _abroad),
    (("TrackResponse",), _tracks),
    *[((name,), _sold(name)) for name in ("eVSResponse", "eVSExpressMailIntlResponse", "eVSPriorityMailIntlResponse")],
    (("AddressValidateResponse",), lambda body: other("Addresses, checked.")),
    (("CityStateLookupResponse",), lambda body: other("Cities of ZIP codes.")),
    (("CarrierPickupScheduleResponse",), lambda body: other("A pickup is scheduled.")),
]

"""USPS Web Tools: RateV4, IntlRateV2, Track and labels, https://www.usps.com/business/web-tools-apis/."""

import html
import re
from collections.abc import Callable
from datetime import datetime

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

# Event codes of Publication 199; whatever else is read by its words.
CODES = {
    **dict.fromkeys(("MA", "GX", "NP"), PRE_TRANSIT),
    **dict.fromkeys(("OF", "16"), OUT_FOR_DELIVERY),
    **dict.fromkeys(("01", "I0"), DELIVERED),
    **dict.fromkeys(("02", "04", "05", "08", "51", "52", "53", "54", "55", "56"), EXCEPTION),
    **dict.fromkeys(("09", "29"), RETURNED),
}
TAGS = re.compile(r"<[^>]*>")
# "Out for Delivery, October 12, 2013, 10:16 am, BROOKLYN, NY 11201" and "Your item was … at 2:16 pm on October 12, …".
TOLD = [
    r"(?P<text>.+?), (?P<day>[A-Z][a-z]+ \d{1,2}, \d{4})(, (?P<clock>\d{1,2}:\d\d [ap]m))?(, (?P<place>.+))?",
    r"(?P<text>.+?) at (?P<clock>\d{1,2}:\d\d [ap]m) on (?P<day>[A-Z][a-z]+ \d{1,2}, \d{4})( in (?P<place>.+?))?\.?",
]
DAYS = re.compile(r"\b(\d{1,2})[ -]*(?:business |working )?days?\b", re.IGNORECASE)
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


def _priced(name: str, rows: str, read: Callable[[Node], Rate]) -> Reader:
    """Return the reader of an answer with prices: of `name`, whose packages hold services called `rows`."""

    def read_all(body: Node) -> Reading:
        packages = body.rows(name, "Package")
        priced = [read(row) for package in packages for row in package.rows(rows)]
        found = [one for one in priced if one.amount]  # 0.00: it is not offered
        problems = [_problem(package) for package in packages if package.at("Error")]
        return rates(found, "; ".join(problems)) if found else error(*problems or ["No service is offered."])

    return read_all


def _postage(row: Node) -> Rate:
    """A service's price; the commercial one where the account has it."""
    amount = next((found for found in (row.amount("CommercialRate"), row.amount("Rate")) if found), row.amount("Rate"))
    days = days_of(row.text("CommitmentName"))
    return rate(row.text("@CLASSID"), plain(row.text("MailService")), amount, "USD", path=row.path, days=days)


def _service(row: Node) -> Rate:
    prices = [row.amount(name) for name in ("CommercialPlusPostage", "CommercialPostage", "Postage")]
    amount = next((price for price in prices if price), prices[-1])
    days = days_of(row.text("SvcCommitments"))
    return rate(row.text("@ID"), plain(row.text("SvcDescription")), amount, "USD", path=row.path, days=days)


def days_of(commitment: str) -> int | None:
    """Return how many days "1 - 3 business days" or "2-Day" are at most; None where no days are said."""
    found = DAYS.search(commitment)
    return int(found[1]) if found else None


def _tracks(body: Node) -> Reading:
    rows = body.rows("TrackResponse", "TrackInfo")
    found = [_track(row) for row in rows if not row.at("Error")]
    problems = [_problem(row) for row in rows if row.at("Error")]
    return tracking(found, "; ".join(problems)) if found else error(*problems or ["No parcel is tracked."])


def _track(row: Node) -> Track:
    rows = [*row.rows("TrackSummary"), *row.rows("TrackDetail")]
    found = [_told(one) if isinstance(one.value, str) else _event(one) for one in rows]
    words = row.text("Status") or row.text("StatusCategory") or row.text("StatusSummary")
    status = status_of("", words) if words else ""
    return track(row.text("@ID"), found, status, path=row.path)


def _told(row: Node) -> Told:
    """Return an event that is one sentence, which may say no day."""
    found = next(filter(None, (re.fullmatch(form, row.text()) for form in TOLD)), None)
    if found is None:
        text = plain(row.text())
        return event(status_of("", text), text, [], None)
    text = plain(found["text"])
    at = when(f"{found['day']} {found['clock'] or '12:00 am'}", form="%B %d, %Y %I:%M %p")
    return event(status_of("", text), text, [found["place"] or ""], at)


def _event(row: Node) -> Told:
    text = plain(row.text("Event"))
    place = [row.text(name) for name in ("EventCity", "EventState", "EventCountry")]
    return event(status_of(row.text("EventCode"), text), text, place, _moment(row))


def _moment(row: Node) -> datetime | None:
    """Return the local time that is said; nobody says of which zone, so it is taken as UTC."""
    clock = row.text("EventTime") or "12:00 am"
    form = next((form for form in DAY_FORMS if _fits(row.text("EventDate"), form)), DAY_FORMS[0])
    time_form = "%I:%M %p" if clock[-1:].casefold() == "m" else "%H:%M:%S"
    return when(f"{row.text('EventDate')} {clock}", form=f"{form} {time_form}")


def _fits(text: str, form: str) -> bool:
    try:
        datetime.strptime(text, form)
    except ValueError:
        return False
    return True


def _problem(row: Node) -> str:
    return said(row.at("Error"), "Number", "Description")


def _refused(body: Node) -> Reading:
    rows = body.rows("ExternalReturnLabelErrorResponse", "errors", "ExternalReturnLabelError")
    return error(*[said(row, "InternalErrorNumber", "InternalErrorDescription") for row in rows] or [""])


def _sold(name: str) -> Reader:
    def read(body: Node) -> Reading:
        reply = body.at(name)
        number = reply.first(("BarcodeNumber",), ("DeliveryConfirmationNumber",), ("EMConfirmationNumber",))
        data = reply.first(("LabelImage",), ("DeliveryConfirmationLabel",), ("EMLabel",))
        return labels([label(number, data, path=reply.path, amount=reply.amount("Postage"), currency="USD")])

    return read


SHAPES = [
    (("Error",), lambda body: error(_problem(body))),
    *[((name,), _priced(name, "Postage", _postage)) for name in ("RateV4Response", "RateV3Response")],
    *[((name,), _priced(name, "Service", _service)) for name in ("IntlRateV2Response", "IntlRateResponse")],
    (("ExternalReturnLabelErrorResponse",), _refused),
    (("TrackResponse",), _tracks),
    *[((name,), _sold(name)) for name in ("eVSResponse", "eVSExpressMailIntlResponse", "eVSPriorityMailIntlResponse")],
    (("AddressValidateResponse",), lambda body: other("Addresses, checked.")),
    (("SDCGetLocationsResponse",), lambda body: other("Service standards: days without prices.")),
    (("CityStateLookupResponse",), lambda body: other("Cities of ZIP codes.")),
    (("CarrierPickupScheduleResponse",), lambda body: other("A pickup is scheduled.")),
]

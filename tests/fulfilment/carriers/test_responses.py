"""Answers of all carriers, read: what they hold, or why they are refused. Never a traceback."""

import json
from io import StringIO
from itertools import permutations

import pytest
from django.core.management import call_command

from fulfilment.carriers.responses.reading import STATUSES
from fulfilment.carriers.responses.registry import READERS, read_response
from fulfilment.carriers.responses.words import by_words
from fulfilment.models import TrackingEvent
from tests.fulfilment.carriers.answers.errors import ERRORS
from tests.fulfilment.carriers.answers.labels import LABELS
from tests.fulfilment.carriers.answers.rates import RATES
from tests.fulfilment.carriers.answers.tracking import TRACKING, ups_activity, ups_track

CODES = {"in_transit": "I", "out_for_delivery": "O", "delivered": "D"}
ALL = [*RATES, *LABELS, *TRACKING, *ERRORS]


def body_of(answer):
    return answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()


def read(carrier, answer):
    return read_response(carrier, body_of(answer))


@pytest.mark.parametrize(("carrier", "answer", "expected"), RATES)
def test_rates(carrier, answer, expected):
    found = read(carrier, answer)
    assert (found.kind, len(found.rates)) == ("rates", 1), found.message
    rate = found.rates[0]
    days = f" {rate.days}" if rate.days is not None else ""
    assert f"{rate.service} {rate.amount} {rate.currency}{days}" == expected
    assert "<" not in rate.name


@pytest.mark.parametrize(("carrier", "answer", "expected"), LABELS)
def test_labels(carrier, answer, expected):
    found = read(carrier, answer)
    assert found.kind == "label", found.message
    label = found.labels[0]
    assert f"{label.number} {label.form} {label.url} {label.amount}" == expected
    assert bool(label.content) == (label.form in ("pdf", "zpl") and not label.url)


@pytest.mark.parametrize(("carrier", "answer", "expected"), TRACKING)
def test_tracking(carrier, answer, expected):
    found = read(carrier, answer)
    assert found.kind == "tracking", found.message
    track = found.tracks[0]
    assert f"{track.number} {track.status} {len(track.events)}" == expected
    assert all(event.at.utcoffset().total_seconds() == 0 for event in track.events)


@pytest.mark.parametrize(("carrier", "answer", "expected"), ERRORS)
def test_errors(carrier, answer, expected):
    found = read(carrier, answer)
    assert (found.kind, found.message) == ("error", expected)


def test_every_status_is_one_that_parcels_have():
    assert set(STATUSES) == {"pre_transit", *TrackingEvent.Code.values}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Shipping label created, awaiting item", "pre_transit"),
        ("Advance Shipping Notice received", "pre_transit"),
        ("", "pre_transit"),
        ("Arrived at depot", "in_transit"),
        ("Will be delivered today", "out_for_delivery"),
        ("Ready for pickup", "out_for_delivery"),
        ("Delivered to agent for final delivery", "in_transit"),
        ("Could not be delivered", "exception"),
        ("Will be returned to sender if not collected within 10 days", "exception"),
        ("Returned to sender", "returned"),
        ("Article livré", "delivered"),
        ("Delivered to local carrier", "in_transit"),
        ("On vehicle for delivery", "out_for_delivery"),
        ("Sie liegt zur Abholung bereit", "out_for_delivery"),
        ("Available for collection from your shop", "out_for_delivery"),
        ("Awaiting collection from sender", "pre_transit"),
        ("Delivery not possible", "exception"),
        ("Unclaimed", "exception"),
        ("Die Daten wurden elektronisch übermittelt", "pre_transit"),
        ("Die Sendung wurde zugestellt", "delivered"),
        ("Empfänger nicht angetroffen", "exception"),
    ],
)
def test_words(text, status):
    assert by_words(text) == status


def test_what_is_delivered_after_it_turned_back_reached_us():
    rows = [("return_to_sender", "2026-03-02T08:00:00Z"), ("delivered", "2026-03-04T08:00:00Z")]
    details = [{"status": status, "datetime": at} for status, at in rows]
    answer = {"object": "Tracker", "tracking_code": "1", "status": "delivered", "tracking_details": details}
    assert [event.code for event in read("easypost", answer).tracks[0].events] == ["returned", "returned"]
    assert read("easypost", answer).tracks[0].status == "returned"


def test_local_times_become_utc_where_their_zone_is_known():
    usps = {"eventType": "Accepted", "eventTimestamp": "2026-03-02T08:00:00"}
    events = [{**usps, "GMTTimestamp": "2026-03-02T13:00:40Z"}, {**usps, "GMTOffset": "-5:00"}, usps]
    found = read("usps", {"trackingNumber": "9400", "trackingEvents": events}).tracks[0]
    assert [event.at.isoformat()[11:19] for event in found.events] == ["08:00:00", "13:00:00", "13:00:40"]
    piece = '<data name="piece-event" event-timestamp="02.07.2026 10:00" event-status="zugestellt"/>'
    found = read("dhl", f'<data name="piece-shipment" piece-code="1"><data>{piece}</data></data>').tracks[0]
    assert found.events[0].at.hour == 8
    pushed = {"pnr": "0151", "status": "delivery_customer", "statusdate": "02032026091500"}
    assert read("dpd", pushed).tracks[0].events[0].at.hour == 8


def test_the_charge_of_a_shipment_is_counted_once():
    pieces = [{"TrackingNumber": "1Z1"}, {"TrackingNumber": "1Z2"}]
    charge = {"TotalCharges": {"CurrencyCode": "USD", "MonetaryValue": "30.00"}}
    sold = {"ShipmentResponse": {"ShipmentResults": {"PackageResults": pieces, "ShipmentCharges": charge}}}
    assert [str(label.amount) for label in read("ups", sold).labels] == ["30.00", "None"]
    items = [{"tracking_details": {"article_id": "A1"}, "item_summary": {"total_cost": 5}}]
    items += [{"tracking_details": {"article_id": "A2"}, "item_summary": {"total_cost": 4}}]
    sold = {"shipments": [{"items": items, "shipment_summary": {"total_cost": 9}}]}
    assert [str(label.amount) for label in read("auspost", sold).labels] == ["5", "4"]


def test_the_order_of_events_is_that_of_their_moments():
    rows = [("in_transit", "02"), ("out_for_delivery", "04"), ("delivered", "05"), ("in_transit", "06")]
    details = [{"status": status, "datetime": f"2026-03-{day}T08:00:00Z"} for status, day in rows]
    for order in permutations(details):
        answer = {"object": "Tracker", "tracking_code": "1", "status": "delivered", "tracking_details": list(order)}
        codes = [event.code for event in read("easypost", answer).tracks[0].events]
        assert codes == ["in_transit", "out_for_delivery", "delivered", "in_transit"]
        found = ups_track(
            *[ups_activity(CODES[row["status"]], "", row["datetime"][:10].replace("-", "")) for row in order]
        )
        assert read("ups", found).tracks[0].status == "delivered"


@pytest.mark.parametrize(
    ("carrier", "answer"),
    [
        ("ups", "<TimeInTransitResponse><TransitResponse>1</TransitResponse></TimeInTransitResponse>"),
        ("ups", "<AddressValidationResponse><Rank>1</Rank></AddressValidationResponse>"),
        ("usps", "<SDCGetLocationsResponse><Release>2.0</Release></SDCGetLocationsResponse>"),
        ("usps", [{"mailClass": "A", "serviceStandard": "3"}, {"mailClass": "B", "serviceStandard": "2"}]),
        ("dhl", {"confirmedCancellations": [{"orderID": "1"}], "failedCancellations": [{"orderID": "2"}]}),
        ("dhl", [{"orderDetails": {"orderID": "1", "orderState": "ANGENOMMEN"}}]),
        ("gls", {"EstimatedPickUpDate": "2026-03-02T14:00:00Z"}),
        ("asendia", {"manifestResponse": {"manifestId": "M1"}}),
        ("teleship", {"messages": [], "price": 41.58, "currency": "EUR", "charges": [{"name": "VAT"}]}),
        ("teleship", {"id": "mft_1", "status": "created"}),
        ("karrio", {"messages": [], "confirmation": {"operation": "Cancel Shipment", "success": True}}),
        ("karrio", {"count": 0, "results": []}),
    ],
)
def test_what_is_about_something_else(carrier, answer):
    assert read(carrier, answer).kind == "other"


def test_of_several_answers_what_can_be_read_is():
    good = next(answer for carrier, answer, _ in RATES if carrier == "ups")
    bad = json.loads(json.dumps(good).replace("12.40", "string"))
    found = read("ups", [bad, good])
    assert (len(found.rates), found.message) == (
        1,
        "left out: [0].RateResponse.RatedShipment.TotalCharges.MonetaryValue 'string' is no amount.",
    )
    assert read("ups", [bad]).kind == "refused"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "The body is empty."),
        (b"nothing", "The body is neither a JSON object or list nor XML."),
        (b"{", "The body is no JSON: expecting property name enclosed in double quotes: line 1, column 2."),
        (b'{"a": NaN}', "The body holds a number that is none, or too long."),
        (b"[" * 100_000, "The body is deeper than 60 levels."),
        (b"[" * 70 + b"]" * 70, "The body is deeper than 60 levels."),
        (b"<a>" * 70 + b"</a>" * 70, "The body has more than 200000 values or 60 levels."),
        (b"<a><b></a>", "The body is no XML: mismatched tag: line 1, column 8."),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "The body has a document type: such XML is not read."),
        (b'{"a": [' + b"1," * 200_001 + b"1]}", "The body has more than 200000 values."),
        (b"{}", "GLS gives no such answer: it holds nothing."),
        (b'{"stars": 5}', "GLS gives no such answer: it holds stars."),
    ],
)
def test_what_is_no_answer_is_refused_with_its_reason(body, reason):
    found = read_response("gls", body)
    assert (found.kind, found.message) == ("refused", reason)


NAUGHTY = [None, True, -1, 1e308, "", "string", "\x00\ud800", "9" * 40, [], {}, [None], {"a": {"b": []}}, ["x"] * 3]


def spoilt(tree, naughty):
    """Yield copies of a tree with one of its values each replaced."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from ({**tree, key: one} for one in [naughty, *spoilt(value, naughty)])
    elif isinstance(tree, list):
        for n, value in enumerate(tree):
            yield from ([*tree[:n], one, *tree[n + 1 :]] for one in [naughty, *spoilt(value, naughty)])


@pytest.mark.parametrize("naughty", NAUGHTY, ids=repr)
def test_naughty_values_are_refused_and_no_accident(naughty):
    count = 0
    for carrier, answer, _ in ALL:
        if not isinstance(answer, str):
            for one in spoilt(answer, naughty):
                found = read(carrier, one)
                assert found.message or found.rates or found.labels or found.tracks
                assert all(track.status in STATUSES for track in found.tracks)
                count += 1
    assert count > 300


def test_answers_of_others_are_refused_and_no_accident():
    bodies = [body_of(answer) for _, answer, _ in ALL]
    kinds = {read_response(carrier, body).kind for carrier in sorted(READERS) for body in bodies}
    assert kinds == {"rates", "label", "tracking", "error", "other", "refused"}


def run(*words):
    out = StringIO()
    call_command("carrier_response", *words, stdout=out)
    return out.getvalue()


def test_the_command_says_what_a_file_is(tmp_path):
    file = tmp_path / "answer.json"
    file.write_bytes(body_of(TRACKING[1][1]))
    said = json.loads(run("EasyPost", str(file), "--json"))
    assert (said["kind"], said["tracking_number"], said["status"], said["refused"]) == (
        "tracking",
        "EZ1",
        "returned",
        None,
    )
    assert said["tracking"][0]["events"][0]["at"] == "2026-03-02T07:00:00+00:00"
    assert "EZ1: returned" in run("easypost", str(file))
    assert "UPS.Ground: 6.10 USD" in run_on(tmp_path, "easypost", RATES[0][1])
    assert "EZ1: https://example.com/l.png" in run_on(tmp_path, "easypost", LABELS[0][1])


def run_on(tmp_path, carrier, answer):
    (tmp_path / "other").write_bytes(body_of(answer))
    return run(carrier, str(tmp_path / "other"))


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["gls", "/nowhere"], "The file cannot be read: No such file or directory."),
        (["gls", "."], "The file cannot be read: Is a directory."),
        (["nobody", "."], "The file cannot be read"),
        (["nobody", __file__], "No carrier 'nobody' is known"),
    ],
)
def test_the_command_never_fails(words, reason):
    assert json.loads(run(*words, "--json"))["refused"].startswith(reason)

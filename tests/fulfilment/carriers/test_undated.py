"""What happened to a parcel, nobody says when: the rest is kept, and where the parcel is counts it."""

import json

import pytest

from fulfilment.carriers.responses.registry import read_response


def read(carrier, answer):
    return read_response(carrier, answer.encode() if isinstance(answer, str) else json.dumps(answer).encode())


def tracker(*details):
    rows = [{"status": status, "message": status, "datetime": at} for status, at in details]
    return {"object": "Tracker", "tracking_code": "EZ1", "status": "unknown", "tracking_details": rows}


FIRST, SECOND = "2026-03-02T08:00:00Z", "2026-03-03T08:00:00Z"


@pytest.mark.parametrize(
    ("details", "status", "codes"),
    [
        ([("in_transit", FIRST), ("out_for_delivery", SECOND), ("delivered", None)], "delivered", 2),
        ([("delivered", None), ("out_for_delivery", SECOND), ("in_transit", FIRST)], "delivered", 2),
        ([("in_transit", FIRST), ("failure", "soon"), ("out_for_delivery", SECOND)], "out_for_delivery", 2),
        ([("out_for_delivery", SECOND), ("failure", "soon"), ("in_transit", FIRST)], "out_for_delivery", 2),
        ([("in_transit", FIRST), ("return_to_sender", ""), ("delivered", SECOND)], "returned", 2),
        ([("in_transit", None)], "in_transit", 0),
    ],
)
def test_an_event_without_a_moment_counts_where_it_stands(details, status, codes):
    found = read("easypost", tracker(*details)).tracks[0]
    assert (found.status, len(found.events)) == (status, codes)
    assert found.undated == tuple(code for code, at in details if at not in (FIRST, SECOND))


def test_its_words_are_said():
    found = read("easypost", tracker(("in_transit", FIRST), ("delivered", None)))
    assert (found.kind, found.message) == ("tracking", "EZ1 without a moment: delivered")


@pytest.mark.parametrize(
    ("carrier", "answer"),
    [
        ("ups", {"trackResponse": {"shipment": {"package": {"trackingNumber": "1", "activity": [{"date": "soon"}]}}}}),
        (
            "fedex",
            {"output": {"completeTrackResults": [{"trackingNumber": "1", "trackResults": [{"scanEvents": [{}]}]}]}},
        ),
        ("usps", {"trackingNumber": "1", "trackingEvents": [{"eventType": "Accepted"}]}),
        ("usps", '<TrackResponse><TrackInfo ID="1"><TrackDetail>Accepted</TrackDetail></TrackInfo></TrackResponse>'),
        ("dhl", {"shipments": [{"id": "1", "events": [{"statusCode": "transit", "timestamp": "?"}]}]}),
        ("gls", {"parcels": [{"unitno": "1", "events": [{"code": "INTRANSIT"}]}]}),
        ("karrio", {"tracking_number": "1", "status": "in_transit", "events": [{"date": "soon", "code": "IT"}]}),
    ],
)
def test_no_carrier_is_refused_for_one(carrier, answer):
    found = read(carrier, answer)
    assert found.kind == "tracking", found.message
    assert (found.tracks[0].events, len(found.tracks[0].undated)) == ((), 1)

"""Shapes that some answers come in besides the usual ones."""

import json

import pytest

from fulfilment.carriers.responses.registry import read_response
from tests.fulfilment.carriers.answers.tracking import AT, fedex_scan, fedex_track, ups_activity


def read(carrier, answer):
    return read_response(carrier, answer.encode() if isinstance(answer, str) else json.dumps(answer).encode())


def told(track):
    return f"{track.number} {track.status}: {' '.join(event.code for event in track.events)}"


ALERT = {
    "trackingNumber": "1Z9",
    "localActivityDate": "20260302",
    "localActivityTime": "081500",
    "activityLocation": {"city": "RENO", "country": "US"},
    "activityStatus": {"type": "D", "description": "Delivered"},
    "gmtActivityDate": "20260302",
    "gmtActivityTime": "161500",
}


def test_what_ups_tells_by_itself():
    found = read("ups", ALERT).tracks[0]
    assert (told(found), found.events[0].at.hour) == ("1Z9 delivered: delivered", 16)
    assert read("ups", ALERT | {"gmtActivityDate": ""}).tracks[0].events[0].at.hour == 8


@pytest.mark.parametrize(
    ("carrier", "answer", "expected"),
    [
        (
            "ups",
            {"trackResponse": {"shipment": {"inquiryNumber": "1Z9", "package": {"activity": ups_activity("I", "")}}}},
            "1Z9 in_transit: in_transit",
        ),
        (
            "ups",
            {"trackResponse": {"shipment": {"package": {"currentStatus": {"type": "O", "description": "Out"}}}}},
            " out_for_delivery: ",
        ),
        (
            "fedex",
            {"output": {"completeTrackResults": {"trackResults": {"scanEvents": [fedex_scan("DL", "Delivered")]}}}},
            " delivered: delivered",
        ),
        (
            "fedex",
            fedex_track(fedex_scan("PU", "Picked up"), error={"code": "EMPTY", "message": "Give a number"}),
            "7946 in_transit: in_transit",
        ),
    ],
)
def test_a_number_may_stand_elsewhere_and_an_error_beside_scans(carrier, answer, expected):
    found = read(carrier, answer)
    assert found.kind == "tracking", found.message
    assert told(found.tracks[0]) == expected


def lifecycle(*scans, **fields):
    rows = [
        {"date": at, "scanData": {"scanType": {"code": code}}, "scanDescription": {"content": [text]}}
        for at, code, text in scans
    ]
    data = {"shipmentInfo": {"parcelLabelNumber": "0998"}, "scanInfo": {"scan": rows}} | fields
    return {"parcellifecycleResponse": {"parcelLifeCycleData": data}}


def test_dpds_scans_are_known_in_any_language():
    scans = [("2026-03-02T08:00:00", "3", "Coletul este in curs de livrare"), ("2026-03-02T12:00:00", "13", "Livrat")]
    assert told(read("dpd", lifecycle(*scans)).tracks[0]) == "0998 delivered: out_for_delivery delivered"
    assert told(read("dpd", lifecycle((AT, "13", "Not delivered"))).tracks[0]) == "0998 exception: exception"


def test_dpds_dates_may_have_a_comma():
    state = {"status": "OUT_FOR_DELIVERY", "statusHasBeenReached": True, "date": "02.03.2026, 09:15"}
    found = read("dpd", lifecycle(statusInfo=[state])).tracks[0]
    assert (told(found), found.events[0].at.hour) == ("0998 out_for_delivery: out_for_delivery", 8)


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("1 - 3 business days", 3),
        ("6 - 10 business days", 10),
        ("2-Day", 2),
        ("Varies by destination", None),
        ("", None),
    ],
)
def test_days_that_usps_says(said, days):
    service = "<Service ID='1'><Postage>32.50</Postage><SvcCommitments>{}</SvcCommitments></Service>"
    abroad = "<IntlRateV2Response><Package ID='0'>{}</Package></IntlRateV2Response>"
    assert read("usps", abroad.format(service.format(said))).rates[0].days == days
    postage = "<Postage CLASSID='1'><Rate>7.50</Rate><CommitmentName>{}</CommitmentName></Postage>"
    at_home = "<RateV4Response><Package ID='0'>{}</Package></RateV4Response>"
    assert read("usps", at_home.format(postage.format(said))).rates[0].days == days


def test_usps_sentence_counts_where_its_category_is_not_known():
    answer = {"trackingNumber": "94", "statusCategory": "?", "statusSummary": "Your item was delivered at 12:55 pm."}
    assert read("usps", answer | {"trackingEvents": []}).tracks[0].status == "delivered"
    assert read("usps", answer | {"trackingEvents": [], "statusCategory": "Alert"}).tracks[0].status == "exception"


def test_easypost_objects_in_a_list_alone():
    trackers = [{"object": "Tracker", "tracking_code": code, "status": "in_transit"} for code in ("EZ1", "EZ2")]
    assert [track.number for track in read("easypost", trackers).tracks] == ["EZ1", "EZ2"]
    rates = [{"object": "Rate", "carrier": "UPS", "service": "Ground", "rate": "6.10", "currency": "USD"}] * 2
    assert len(read("easypost", rates).rates) == 2
    assert read("easypost", [{"object": "CarrierType", "type": "UpsAccount"}]).kind == "other"


def test_what_luma_predicts():
    row = {"carrier": "UPS", "service": "Ground", "rate_usd": "6.10", "predicted_deliver_days": 4}
    found = read("easypost", {"luma_info": {"ai_results": [row]}}).rates[0]
    assert (found.service, str(found.amount), found.currency, found.days) == ("UPS.Ground", "6.10", "USD", 4)


@pytest.mark.parametrize("answer", [{"carriers": [{"name": "ups"}]}, {"client_secret": "x"}])
def test_what_is_no_shipment_of_easyposts(answer):
    assert read("easypost", answer).kind == "other"


@pytest.mark.parametrize(
    ("carrier", "answer", "expected"),
    [
        (
            "seko",
            [{"ConsignmentNo": "1", "Events": [{"EventDT": AT, "OmniCode": "OP-1", "Description": "Order ready"}]}],
            "1 pre_transit: pre_transit",
        ),
        (
            "seko",
            [{"ConsignmentNo": "1", "Events": [{"EventDT": AT, "OmniCode": "OP-1", "Description": "Delivered"}]}],
            "1 delivered: delivered",
        ),
        (
            "teleship",
            {
                "trackingNumber": "1",
                "events": [{"timestamp": AT, "code": "in_transit", "description": "Out for delivery"}],
            },
            "1 out_for_delivery: out_for_delivery",
        ),
        (
            "teleship",
            {"trackingNumber": "1", "events": [{"timestamp": AT, "code": "delivered", "description": "Handed over"}]},
            "1 delivered: delivered",
        ),
        (
            "canadapost",
            "<wrapper><tracking-detail><pin>1</pin><significant-events><occurrence>"
            "<event-date>2026-03-02</event-date><event-description>Out for delivery</event-description>"
            "</occurrence></significant-events></tracking-detail></wrapper>",
            "1 out_for_delivery: out_for_delivery",
        ),
    ],
)
def test_the_more_telling_of_code_and_words_counts(carrier, answer, expected):
    assert told(read(carrier, answer).tracks[0]) == expected


def test_quotes_of_sendle_under_their_name():
    row = {"plan_name": "Standard", "quote": {"gross": {"amount": 12.5, "currency": "AUD"}}}
    assert read("sendle", {"Quotes": [row]}).rates[0].service == "Standard"

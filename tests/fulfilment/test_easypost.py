"""What EasyPost says, in our words."""

import json
from datetime import UTC, datetime

import pytest

from fulfilment.carriers import easypost
from fulfilment.carriers.base import CarrierError, TrackedEvent
from fulfilment.models import TrackingEvent
from tests.fulfilment.easypost import detail, tracker, webhook

AT = "2026-03-02T08:00:00Z"
LATER = "2026-03-03T08:00:00Z"
LATEST = "2026-03-04T08:00:00Z"


def codes(*details, **fields):
    return [event.code for event in easypost.read(webhook(tracker(*details, **fields))).events]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("unknown", None),
        (None, None),
        ("pre_transit", None),
        ("in_transit", "in_transit"),
        ("out_for_delivery", "out_for_delivery"),
        ("available_for_pickup", "out_for_delivery"),
        ("delivered", "delivered"),
        ("return_to_sender", "returned"),
        ("failure", "exception"),
        ("cancelled", "exception"),
        ("error", "exception"),
    ],
)
def test_each_status_has_its_code(status, code):
    assert codes(detail(status, AT)) == ([code] if code else [])
    assert codes(status=status) == ([code] if code else []), "a tracker without a history says it itself"


def test_each_code_is_one_that_we_keep():
    assert {code for code in easypost.CODES.values() if code} == set(TrackingEvent.Code.values)


def test_a_tracker_alone_reads_like_its_webhook():
    found = tracker(detail("in_transit", "2026-03-02T10:00:00+02:00", "Sorted\n at\u202e hub"))
    told = easypost.read(json.dumps(found).encode())
    assert told == easypost.read(webhook(found))
    assert (told.number, told.carrier) == ("JD1", "DHL")
    at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert told.events == (TrackedEvent("in_transit", "Sorted at hub", "LEIPZIG, DE", at),)


def test_history_is_read_oldest_first():
    assert codes(detail("delivered", LATER), detail("in_transit", AT)) == ["in_transit", "delivered"]


def test_what_turned_back_is_not_delivered_to_the_customer():
    turned = [detail("return_to_sender", LATER), detail("delivered", LATEST)]
    assert codes(*turned) == ["returned", "returned"]
    assert codes(detail("delivered", AT), *turned) == ["delivered", "returned", "returned"]


def test_other_things_are_about_no_parcel():
    assert easypost.read(webhook({"object": "ScanForm"}, description="scan_form.created")) is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"\xff\xfe", "body"),
        (b"[" * 100_000, "body"),
        (b"[]", "body"),
        (webhook(None), "result"),
        (webhook([]), "result"),
        (webhook({}), "result.tracking_code"),
        (webhook({}, description=7), "description"),
        (webhook(tracker(tracking_code=["JD1"])), "result.tracking_code"),
        (webhook(tracker(status="lost")), "result.status"),
        (webhook(tracker(status="delivered", updated_at=None)), "result.updated_at"),
        (webhook(tracker(tracking_details={"0": 1})), "result.tracking_details"),
        (webhook(tracker(*[detail("in_transit", AT)] * 501)), "result.tracking_details"),
        (webhook(tracker(tracking_details=["x"])), "result.tracking_details[0]"),
        (webhook(tracker(detail("in_transit", AT), detail("lost", AT))), "result.tracking_details[1].status"),
        (webhook(tracker(detail("in_transit", "soon"))), "result.tracking_details[0].datetime"),
        (webhook(tracker(detail("in_transit", "2026-03-02T08:00:00"))), "result.tracking_details[0].datetime"),
        (webhook(tracker(detail("in_transit", "0001-01-01T00:00:00+14:00"))), "result.tracking_details[0].datetime"),
        (webhook(tracker(detail("in_transit", AT, {}))), "result.tracking_details[0].message"),
        (webhook(tracker(detail("in_transit", AT, city=7))), "result.tracking_details[0].tracking_location.city"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_field(body, field):
    with pytest.raises(CarrierError) as caught:
        easypost.read(body)
    assert caught.value.message.startswith(f"EasyPost: {field} ")
    assert not caught.value.retry

"""DHL Parcel DE's tracking as everybody sees it, and short answers of MyDHL."""

import json

import pytest

from fulfilment.carriers.responses.registry import read_response
from fulfilment.carriers.responses.words import by_words


def read(answer):
    return read_response("dhl", answer.encode() if isinstance(answer, str) else json.dumps(answer).encode())


EVENTS = (
    '<data name="piece-event" event-timestamp="02.03.2026 08:00" event-status="Geladen" standard-event-code="PO"/>'
    '<data name="piece-event" event-timestamp="02.03.2026 12:00" event-status="Zugestellt" standard-event-code="ZU"/>'
)


@pytest.mark.parametrize(
    "answer",
    [
        f'<data><data name="piece-status-public-list"><data name="piece-status-public" piece-code="1">{EVENTS}</data>'
        "</data></data>",
        f'<data name="piece-event-list" code="0" piece-identifier="1">{EVENTS}</data>',
        f'<data error=""><data name="piece-shipment" piece-code="1"><data name="piece-event-list">{EVENTS}</data>'
        "</data></data>",
    ],
)
def test_events_are_read_wherever_they_stand(answer):
    found = read(answer).tracks[0]
    assert (found.number, found.status) == ("1", "delivered")
    assert [event.code for event in found.events] == ["out_for_delivery", "delivered"]


def test_a_refusal_is_no_parcel_on_its_way():
    refused = '<data code="5" error="Log-in failed"><data name="piece-shipment" piece-code="1"/></data>'
    assert (read(refused).kind, read(refused).message) == ("error", "Log-in failed")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("The shipment has been loaded onto the delivery vehicle", "out_for_delivery"),
        ("Aufgrund einer Beschädigung verzögert sich der Transport", "exception"),
        ("Die Sendung wurde in das Paketzentrum zurückgesandt", "in_transit"),
        ("Die Sendung wird zurückgesandt", "returned"),
    ],
)
def test_words_of_dhl(text, status):
    assert by_words(text) == status
    found = read({"shipments": [{"status": {"statusCode": "transit", "description": text}}]}).tracks[0]
    assert (found.number, found.status) == ("", status)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"dispatchConfirmationNumber": "PRG1", "status": "cancelled"}, "Pickup PRG1: cancelled"),
        ({"shipmentTrackingNumber": "12", "status": "cancelled", "message": "Done"}, "12 cancelled: Done"),
    ],
)
def test_what_was_cancelled_is_no_label(answer, message):
    assert (read(answer).kind, read(answer).message) == ("other", message)


def test_what_asendia_cancels():
    answer = {"shipmentCancelResponse": {"success": True, "message": "Cancelled"}}
    assert read_response("asendia", json.dumps(answer).encode()).kind == "other"
    answer["shipmentCancelResponse"]["success"] = False
    assert read_response("asendia", json.dumps(answer).encode()).kind == "error"

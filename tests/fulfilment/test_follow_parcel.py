"""Carriers' webhooks, from the door to the parcel."""

import json
import random
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from fulfilment.carriers.base import CarrierError
from fulfilment.customer.parcels import told_parcels
from fulfilment.models import Carrier, Parcel, TrackingEvent
from fulfilment.panels import parcels as panel
from fulfilment.services.deliver import track
from fulfilment.services.follow_parcel import follow
from fulfilment.services.ship import ship
from oms import roles
from oms.lib.errors import InvalidTransition
from oms.outbox.models import Delivery, Event
from oms.partners.models import InboundMessage
from orders.customer.reader import reader_of
from orders.models import Order
from tests.deliver import deliver
from tests.fulfilment.easypost import detail, signed, tracker, webhook
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, work_of
from tests.make import make_user
from tests.replay import replayed

SECRET = "s3cret"
FOLLOW = "fulfilment.tasks.follow_carrier"
DELIVERED_AT = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)
HISTORY = [
    detail("pre_transit", "2026-03-01T18:00:00Z", "Label made"),
    detail("in_transit", "2026-03-02T08:00:00Z", "Picked up"),
    detail("in_transit", "2026-03-03T03:00:00Z", "Sorted"),
    detail("failure", "2026-03-03T10:00:00Z", "Address not found"),
    detail("out_for_delivery", "2026-03-04T07:00:00Z", "In the van"),
    detail("delivered", "2026-03-04T15:40:00Z", "Delivered"),
    detail("delivered", "2026-03-04T15:30:00Z", "Signed for"),
    detail("in_transit", "2026-03-04T20:00:00Z", "Scanned at the end of the tour"),
]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def secret(settings):
    settings.INBOUND_SECRETS = {"easypost": SECRET}


def make_packed():
    """A packed parcel of an order of the day on which HISTORY begins."""
    _, (cup,) = make_shelf(5)
    parcel = packed(confirmed((cup, 2)))
    Order.objects.update(ordered_at=datetime(2026, 3, 1, tzinfo=UTC))
    return parcel


@replayed
def make_parcel(number="JD1", carrier="dhl"):
    """A parcel that left with `carrier`."""
    Carrier.objects.get_or_create(code=carrier, defaults={"name": carrier.upper()})
    parcel = make_packed()
    return ship(parcel.fulfilment_order_id, carrier=carrier, tracking={parcel.pk: number}, actor=ACTOR)[0]


@pytest.fixture
def parcel():
    return make_parcel()


def post(body, **headers):
    headers = headers or signed(body, SECRET)
    return Client().post("/hooks/easypost", body, content_type="application/json", headers=headers)


def told(*details, identity="evt_1", **fields):
    """Take a webhook of this history in and note what it says."""
    assert post(webhook(tracker(*details, **fields), identity)).status_code == 201
    return deliver(FOLLOW)


def states(*parcels):
    for parcel in parcels:
        parcel.refresh_from_db()
    return [parcel.status for parcel in parcels]


def state(parcel):
    """All that webhooks may change of a parcel and its order."""
    parcel = type(parcel).objects.select_related("order", "fulfilment_order").get(pk=parcel.pk)
    events = parcel.tracking_events.values_list("code", "at", "text", "place")
    arrivals = Event.objects.filter(name="order.delivered", data__order=parcel.order_id).count()
    work = parcel.fulfilment_order
    return parcel.status, parcel.delivered_at, work.status, parcel.order.fulfilment_state, sorted(events), arrivals


def test_a_webhook_delivers_its_parcel(parcel):
    assert told(*HISTORY) == 1
    assert states(parcel) == ["delivered"]
    assert parcel.delivered_at == DELIVERED_AT
    assert work_of(parcel.order).status == "closed"
    event = parcel.tracking_events.get(code="exception")
    assert (event.text, event.place, event.actor) == ("Address not found", "LEIPZIG, DE", "carrier:easypost")
    deliver()
    call_command("doctor")


def test_any_order_and_repetition_ends_in_the_same_state(parcel, sized):
    """Each of the eight tells the last two things only: what one has, another lacks."""
    for n in range(len(HISTORY)):
        post(webhook(tracker(*HISTORY[max(n - 1, 0) : n + 1]), f"evt_{n}"))
    messages = list(InboundMessage.objects.order_by("pk").values_list("pk", flat=True))
    ends = []
    for seed in range(sized(8, 20)):
        order = messages + random.Random(seed).choices(messages, k=8)
        random.Random(seed).shuffle(order)
        with transaction.atomic():
            for pk in order:
                follow(pk)
            ends.append(state(parcel))
            transaction.set_rollback(True)
    status, at, work, fulfilment, events, arrivals = ends[0]
    assert (status, at, work, fulfilment, arrivals) == ("delivered", DELIVERED_AT, "closed", "delivered", 1)
    assert len(events) == 7
    assert all(end == ends[0] for end in ends)


def test_what_was_said_before_the_order_is_about_another_parcel_of_that_number(parcel):
    told(detail("delivered", "2026-02-01T15:30:00Z"), detail("in_transit", "2026-03-02T08:00:00Z"))
    assert states(parcel) == ["shipped"]
    assert parcel.tracking_events.get().code == "in_transit"


def test_a_scan_booked_late_is_not_the_last_word(parcel):
    told(*HISTORY)
    [line] = panel(parcel.order, make_user(roles.CS))["headline"]
    assert line["text"].casefold() == "dhl jd1 delivered leipzig, de"


def test_what_comes_back_to_us_is_told_to_the_customer_and_not_delivered(parcel):
    told(detail("return_to_sender", "2026-03-04T07:00:00Z"), detail("delivered", "2026-03-06T07:00:00Z"))
    assert states(parcel) == ["shipped"]
    assert list(parcel.tracking_events.values_list("code", flat=True)) == ["returned", "returned"]
    [shown] = told_parcels(parcel.order.parcels.all(), reader_of(parcel.order))
    assert shown.state == "On its way back to us"


def test_a_parcel_that_arrives_before_it_is_booked_out_is_tried_again():
    parcel = make_packed()
    type(parcel).objects.filter(pk=parcel.pk).update(tracking_number="JD1")
    with pytest.raises(InvalidTransition, match="has not left"):
        told(*HISTORY)
    assert not TrackingEvent.objects.exists()
    ship(parcel.fulfilment_order_id, tracking={parcel.pk: "JD1"}, actor=ACTOR)
    Delivery.objects.filter(consumer=FOLLOW).update(next_attempt_at=parcel.created_at)
    assert deliver(FOLLOW) == 1
    assert states(parcel) == ["delivered"]


def test_an_unknown_number_is_left_with_a_line_in_the_log(parcel, caplog):
    caplog.set_level("INFO")
    told(*HISTORY, tracking_code="NOBODYS")
    assert "No parcel has the tracking number 'NOBODYS' of message evt_1" in caplog.text
    assert states(parcel) == ["shipped"]
    assert not TrackingEvent.objects.exists()


def test_a_shared_number_reaches_the_parcel_of_its_carrier_then_one_under_way():
    ours, other, newer = make_parcel(), make_parcel(carrier="ups"), make_parcel("JD2")
    Parcel.objects.filter(pk=newer.pk).update(tracking_number="JD1")  # as a 3PL may report it
    told(*HISTORY)
    assert states(ours, other, newer) == ["shipped", "shipped", "delivered"]
    told(*HISTORY, identity="evt_2")
    assert states(ours, other, newer) == ["shipped", "shipped", "delivered"], "the same again is about the same"
    told(detail("delivered", "2026-03-09T10:00:00Z"), identity="evt_3")
    assert states(ours, other, newer) == ["delivered", "shipped", "delivered"]


def test_the_same_event_is_stored_once(parcel):
    body = webhook(tracker(*HISTORY))
    assert [post(body).status_code for _ in range(2)] == [201, 200]
    assert deliver(FOLLOW) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Other": "1"},
        {"X-Hmac-Signature": "hmac-sha256-hex=é"},
        signed(webhook(tracker(*HISTORY)), "other"),
        signed(webhook(tracker(*HISTORY)) + b" ", SECRET),
        {"X-Hmac-Signature": signed(webhook(tracker(*HISTORY)), SECRET)["X-Hmac-Signature"].split("=")[1]},
    ],
)
def test_what_easypost_did_not_sign_is_not_stored(parcel, headers):
    assert post(webhook(tracker(*HISTORY)), **headers).status_code == 401
    assert not InboundMessage.objects.exists()
    assert states(parcel) == ["shipped"]


def test_secret_counts_in_its_normal_form_and_an_empty_one_opens_nothing(settings):
    body = webhook(tracker(*HISTORY))
    settings.INBOUND_SECRETS = {"easypost": "sécret"}
    assert post(body, **signed(body, "se\u0301cret")).status_code == 201
    settings.INBOUND_SECRETS = {"easypost": ""}
    assert post(body, **signed(body, "")).status_code == 404


@pytest.mark.parametrize(
    "body",
    [b"", b"nonsense", b"\xff\xfe", b"[" * 100_000, b"[]", b"{}", b'{"id": 7}', b'{"id": "a\\u0000"}']
    + [json.dumps({"id": "x" * 201}).encode()],
)
def test_signed_nonsense_is_refused(body):
    assert post(body).status_code == 422
    assert not InboundMessage.objects.exists()


def test_too_large_is_refused():
    assert post(b'{"id": "' + b"x" * 1_000_000 + b'"}').status_code == 413
    assert not InboundMessage.objects.exists()


def test_what_cannot_be_read_is_kept_with_its_reason(parcel):
    with pytest.raises(CarrierError):
        told(detail("teleported", "2026-03-04T07:00:00Z"))
    failed = Delivery.objects.dead().get(consumer=FOLLOW)
    assert "result.tracking_details[0].status 'teleported' is not known" in failed.last_error
    assert InboundMessage.objects.exists()
    assert not TrackingEvent.objects.exists()


def test_other_events_of_the_account_are_left(parcel, caplog):
    caplog.set_level("INFO")
    post(webhook({"object": "ScanForm"}, description="scan_form.created"))
    assert deliver(FOLLOW) == 1
    assert "Message evt_1 of easypost is about no parcel" in caplog.text


def test_who_took_it_is_shown_to_us_and_to_the_customer(client, parcel):
    told(detail("delivered", "2026-03-04T15:30:00Z"))
    assert told_parcel(parcel).proof == "Wednesday, March 4, 2026, 4:30\u202fPM CET, LEIPZIG, DE"
    told(detail("delivered", "2026-03-04T15:30:00Z"), identity="evt_2", signed_by="A. Neighbour")
    event = parcel.tracking_events.get()
    assert (event.code, event.signed_by) == ("delivered", "A. Neighbour"), "carriers tell it later"
    assert told_parcel(parcel).proof.endswith("LEIPZIG, DE: taken by A. Neighbour")
    client.force_login(make_user(roles.CS))
    assert "signed by A. Neighbour" in client.get(f"/admin/orders/order/{parcel.order_id}/change/").content.decode()


def test_a_photo_is_shown_from_https_only(parcel):
    photos = ("http://x.example/1.jpg", "javascript:alert(1)", "https://x.example/1.jpg")
    for minute, url in enumerate(photos):
        at = datetime(2026, 3, 4, 15, minute, tzinfo=UTC)
        track(parcel.pk, "delivered", at=at, photo_url=url, actor="carrier:test")
    assert [event.photo_url for event in parcel.tracking_events.order_by("at")] == ["", "", photos[2]]
    assert told_parcel(parcel).photo == photos[2]


def told_parcel(parcel):
    return told_parcels(parcel.order.parcels.all(), reader_of(parcel.order))[0]

"""A 3PL works through much at once: acknowledges and ships up to 100 a call, reports what is not there, is reminded."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fulfilment.models import FulfilmentOrder, Parcel
from fulfilment.services.cancel_work import escalate_due
from inventory.models import StockLevel
from inventory.services import stock
from oms.outbox.models import Event
from orders.models import Order
from orders.services import cancel
from tests.deliver import deliver
from tests.fulfilment.make import confirmed, make_shelf, work_of
from tests.make import make_location

pytestmark = pytest.mark.django_db

MANY = "/api/v1/fulfilment-orders"


@pytest.fixture
def swift(make_partner):
    return make_partner("SWIFT")


@pytest.fixture
def shelf(swift):
    place = make_location("DEPOT", kind="3pl", partner=swift)
    _, [sku] = make_shelf(9, location=place)
    return sku


@pytest.fixture
def works(shelf):
    return [work_of(confirmed((shelf, 2))) for _ in range(2)]


@pytest.fixture
def client(call_as, swift):
    return call_as(swift)


def shipment(work, pieces=2, **fields):
    parcel = {"pieces": {str(work.lines.get().pk): pieces}, "tracking_number": f"T{work.pk}"}
    return {"id": work.pk, "parcels": [parcel | fields]}


def test_many_are_acknowledged_and_a_stranger_one_is_not_there(client, works):
    foreign = work_of(confirmed((make_shelf(9)[1][0], 1)))
    answer = client.post(f"{MANY}/acknowledge", {"ids": [works[0].pk, foreign.pk, works[1].pk]})
    results = answer.json()["results"]
    assert [row["result"] for row in results] == ["done", "refused", "done"]
    assert (results[1]["problem"]["code"], results[1]["fulfilment_order"]) == ("not-found", None)
    assert {row.status for row in FulfilmentOrder.objects.filter(pk__in=[work.pk for work in works])} == {"picking"}
    again = client.post(f"{MANY}/acknowledge", {"ids": [works[0].pk]}).json()["results"]
    assert again[0]["result"] == "done"


def test_many_are_shipped_and_one_bad_parcel_keeps_none_back(client, works):
    bad, good = shipment(works[0], pieces=7), shipment(works[1])
    body = {"shipments": [bad, good]}
    first = client.post(f"{MANY}/ship", body, headers={"Idempotency-Key": "k"})
    results = first.json()["results"]
    assert [row["result"] for row in results] == ["refused", "done"]
    assert results[0]["problem"]["status"] == 422
    assert results[1]["fulfilment_order"]["status"] == "shipped"
    assert works[0].order.fulfilment_orders.get().status == "released"
    assert client.post(f"{MANY}/ship", body, headers={"Idempotency-Key": "k"}).content == first.content
    assert client.post(f"{MANY}/ship", {"shipments": [good]}).json()["results"][0]["result"] == "done"
    assert works[1].parcels.count() == 1


def test_two_parts_of_one_are_not_both_done(client, works):
    parts = [shipment(works[0], pieces=1, tracking_number=number) for number in ("A", "B")]
    results = client.post(f"{MANY}/ship", {"shipments": parts}).json()["results"]
    assert [row["result"] for row in results] == ["done", "refused"]
    assert [parcel.tracking_number for parcel in Parcel.objects.gone()] == ["A"]


@pytest.mark.parametrize(("path", "body"), [("acknowledge", {"ids": [1] * 101}), ("ship", {"shipments": []})])
def test_more_than_a_hundred_or_none_are_refused(client, path, body):
    assert client.post(f"{MANY}/{path}", body).status_code == 400


def test_what_is_not_there_is_sourced_elsewhere_and_off_the_book(client, shelf, works):
    other = make_location("OTHER")
    stock.receive(shelf, other, 5)
    line = works[0].lines.get()
    body = {"lines": {str(line.pk): 1}, "reason": "missing"}
    answer = client.post(f"{MANY}/{works[0].pk}/short", body)
    assert answer.status_code == 200, answer.content
    level = StockLevel.objects.get(sku=shelf, location=works[0].location)
    assert (level.on_hand, level.reserved) == (8, 3)
    assert StockLevel.objects.get(location=other).reserved == 1
    assert Event.objects.filter(name="order.short_picked", subject=works[0].order.subject).count() == 1
    rest = client.post(f"{MANY}/{works[0].pk}/short", body).json()
    assert rest["status"] == "rejected"
    assert client.post(f"{MANY}/{works[0].pk}/short", body).status_code == 409
    assert StockLevel.objects.get(sku=shelf, location=works[0].location).on_hand == 7


def test_more_than_is_wanted_cannot_be_short(client, shelf, works):
    body = {"lines": {str(works[0].lines.get().pk): 3}, "reason": "damaged"}
    assert client.post(f"{MANY}/{works[0].pk}/short", body).status_code == 422
    assert StockLevel.objects.get(sku=shelf).on_hand == 9


def test_silence_on_a_cancellation_is_told_once_and_ends_with_the_answer(client, works):
    client.post(f"{MANY}/acknowledge", {"ids": [works[0].pk]})
    cancel.cancel(works[0].order_id, reason="changed mind")
    deliver()
    assert escalate_due() == 0
    Order.objects.update(cancel_requested_at=timezone.now() - timedelta(hours=99))
    assert (escalate_due(), escalate_due()) == (1, 0)
    assert list(FulfilmentOrder.objects.unanswered()) == [works[0]]
    assert Event.objects.filter(name="order.cancel_unanswered").count() == 1
    client.post(f"{MANY}/{works[0].pk}/answer-cancel", {"accept": True})
    assert not FulfilmentOrder.objects.unanswered().exists()
    assert FulfilmentOrder.objects.get(pk=works[0].pk).silent_at is None


def test_strangers_short_nothing(call_as, make_partner, works):
    stranger = call_as(make_partner("OTHER"))
    body = {"lines": {str(works[0].lines.get().pk): 1}, "reason": "missing"}
    assert stranger.post(f"{MANY}/{works[0].pk}/short", body).status_code == 404
    assert stranger.post(f"{MANY}/ship", {"shipments": [shipment(works[0])]}).json()["results"][0]["problem"]
    assert works[0].parcels.count() == 0

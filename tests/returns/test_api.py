import json

import pytest

from oms.outbox.models import Delivery, Event
from oms.partners.services.webhooks import body_of
from oms.subscribers import TELLS_PARTNER
from returns.models import Return
from tests.make import make_channel
from tests.returns.make import asked, shipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(make_partner):
    return make_partner("ACME")


@pytest.fixture
def order(acme):
    return shipped(3, channel=make_channel(partner=acme))


def test_announce_and_read(call_as, acme, order):
    client = call_as(acme)
    line = order.lines.get()
    body = {"order": order.number, "lines": [{"line": line.pk, "quantity": 2, "reason": "damaged"}]}
    made = client.post("/api/v1/returns", body)
    assert (made.status_code, made.json()["status"]) == (201, "requested"), made.content
    assert client.get(made["Location"]).json() == made.json()
    assert client.get(f"/api/v1/returns?order={order}").json()["results"] == [made.json()]


@pytest.mark.parametrize(("pieces", "status"), [(4, 422), (0, 400), ("x", 400)])
def test_nonsense_is_refused(call_as, acme, order, pieces, status):
    body = {"order": order.number, "lines": [{"line": order.lines.get().pk, "quantity": pieces}]}
    assert call_as(acme).post("/api/v1/returns", body).status_code == status
    assert not Return.objects.exists()


def test_strangers_see_nothing_of_it(call_as, make_partner, order):
    rma = asked(order)
    stranger = call_as(make_partner("OTHER"))
    assert stranger.get(f"/api/v1/returns/{rma}").status_code == 404
    assert stranger.get("/api/v1/returns").json()["results"] == []
    body = {"order": order.number, "lines": [{"line": order.lines.get().pk, "quantity": 1}]}
    assert stranger.post("/api/v1/returns", body).status_code == 422
    assert Return.objects.count() == 1


def test_a_webhook_names_order_and_return_as_the_api_does(call_as, acme, order):
    rma = asked(order)
    event = Event.objects.get(name="return.requested")
    assert Delivery.objects.filter(event=event, consumer=TELLS_PARTNER).exists()
    said = json.loads(body_of(event))["data"]
    assert said == {
        "subject": order.subject,
        "sequence": event.sequence,
        "order": order.pk,
        "order_number": order.number,
        "external_id": order.external_id,
        "rma": rma.pk,
        "return_number": rma.number,
    }
    client = call_as(acme)
    assert client.get(f"/api/v1/orders/{said['order_number']}").json()["external_id"] == said["external_id"]
    assert client.get(f"/api/v1/returns/{said['return_number']}").json()["order"] == said["order_number"]


def test_a_webhook_names_parcels_as_the_api_does(call_as, acme, order):
    said = json.loads(body_of(Event.objects.get(name="order.shipped")))["data"]
    assert (said["order_number"], said["external_id"]) == (order.number, order.external_id)
    [parcel] = call_as(acme).get(f"/api/v1/parcels?order={order}").json()["results"]
    assert (said["parcels"], said["fulfilment_order"]) == ([parcel["id"]], parcel["fulfilment_order"])


def test_an_order_of_no_partner_says_nothing_to_one():
    event = Event.objects.get(name="order.placed", subject=shipped(1).subject)
    assert event.data == {"order": event.data["order"]}
    assert not Delivery.objects.filter(consumer=TELLS_PARTNER).exists()

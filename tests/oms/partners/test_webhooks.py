import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import transaction
from standardwebhooks import Webhook

from oms.lib.errors import Invalid
from oms.outbox.models import Delivery, Event
from oms.outbox.publish import publish
from oms.partners.models import WebhookEndpoint
from oms.partners.services.webhooks import EndpointExists, WebhookRefused, add_endpoint
from tests.deliver import deliver

# Its events tell of orders that are not there: the API knows no orders.
pytestmark = pytest.mark.corrupt(16)
LIST = "/api/v1/webhooks"


@pytest.fixture
def listener(settings):
    """A partner's server on this machine; `.got` holds (headers, body), `.answer` the status it gives."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            server.got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(server.answer)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.got, server.answer = [], 204
    server.url = f"http://127.0.0.1:{server.server_port}/hook"
    settings.WEBHOOK_ALLOW = [f"127.0.0.1:{server.server_port}"]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def happen(partner, name="order.placed"):
    with transaction.atomic():
        return publish(name, "thing:7", partner=partner.pk, thing=7)


@pytest.fixture
def partner(make_partner):
    return make_partner()


def test_partner_is_told_signed(partner, listener):
    endpoint = add_endpoint(partner, url=listener.url, events=["order.placed"])
    event = happen(partner)
    deliver("oms.partners.tasks.fan_out", "oms.partners.tasks.deliver_webhook")

    [(headers, body)] = listener.got
    said = Webhook(endpoint.secret).verify(body, headers)
    assert headers["webhook-id"] == f"event-{event.pk}"
    assert said == {
        "type": "order.placed",
        "timestamp": event.at.isoformat(),
        "data": {"subject": "thing:7", "thing": 7},
    }


def test_only_those_that_want_it_and_own_it(partner, make_partner, listener):
    other = make_partner("OTHER")
    add_endpoint(partner, url=listener.url, events=["order.cancelled"])
    add_endpoint(other, url=listener.url, events=["*"])
    happen(partner)
    with transaction.atomic():
        publish("order.placed", "thing:8", thing=8)
    deliver("oms.partners.tasks.fan_out", "oms.partners.tasks.deliver_webhook")
    assert listener.got == []
    assert not Event.objects.filter(name="webhook.queued").exists()


def test_refusal_is_tried_again_with_the_same_id(partner, listener):
    add_endpoint(partner, url=listener.url, events=["*"])
    happen(partner)
    listener.answer = 500
    with pytest.raises(WebhookRefused, match="HTTP 500"):
        deliver("oms.partners.tasks.fan_out", "oms.partners.tasks.deliver_webhook")
    listener.answer = 200
    Delivery.objects.update(next_attempt_at=Event.objects.latest("at").at)
    deliver("oms.partners.tasks.deliver_webhook")
    assert len({headers["webhook-id"] for headers, _ in listener.got}) == 1
    assert len(listener.got) == 2


def test_gone_switches_the_endpoint_off(partner, listener):
    add_endpoint(partner, url=listener.url, events=["*"])
    happen(partner)
    listener.answer = 410
    with pytest.raises(WebhookRefused, match="switched off"):
        deliver("oms.partners.tasks.fan_out", "oms.partners.tasks.deliver_webhook")
    assert not WebhookEndpoint.objects.get().is_active
    assert Delivery.objects.dead().count() == 1


@pytest.mark.parametrize("url", ["http://example.com/", "https://", "ftp://example.com", "https://a@example.com/", "x"])
def test_address_that_may_not_be_called_is_refused(partner, url):
    with pytest.raises(Invalid) as error:
        add_endpoint(partner, url=url, events=["*"])
    assert error.value.field == "url"
    assert not WebhookEndpoint.objects.exists()


def test_unknown_event_is_refused(partner):
    with pytest.raises(Invalid, match="Unknown event order.sung"):
        add_endpoint(partner, url="https://example.com/", events=["order.sung"])


def test_address_is_added_once(partner):
    add_endpoint(partner, url="https://example.com/", events=["*"])
    with pytest.raises(EndpointExists):
        add_endpoint(partner, url="https://example.com/", events=["*"])


def test_api_creates_reads_and_deletes(partner, call_as):
    client = call_as(partner)
    made = client.post(LIST, {"url": "https://example.com/", "events": ["order.placed"]}).json()
    assert made.pop("secret").startswith("whsec_")
    assert client.get(LIST).json() == {"next": None, "previous": None, "results": [made]}
    assert client.get(f"{LIST}/{made['id']}").json() == made
    assert client.delete(f"{LIST}/{made['id']}").status_code == 204
    assert not WebhookEndpoint.objects.exists()


def test_api_shows_what_was_sent(partner, call_as, listener):
    endpoint = add_endpoint(partner, url=listener.url, events=["*"])
    event = happen(partner)
    deliver("oms.partners.tasks.fan_out", "oms.partners.tasks.deliver_webhook")
    [row] = call_as(partner).get(f"{LIST}/{endpoint.pk}/deliveries").json()["results"]
    assert (row["event"], row["attempts"], row["last_error"]) == (event.pk, 1, "")
    assert row["done_at"]


def test_stranger_finds_nothing(partner, make_partner, call_as):
    endpoint = add_endpoint(partner, url="https://example.com/", events=["*"])
    stranger = call_as(make_partner("OTHER"))
    assert stranger.get(LIST).json()["results"] == []
    for path in (f"{LIST}/{endpoint.pk}", f"{LIST}/{endpoint.pk}/deliveries"):
        assert stranger.get(path).status_code == 404
    assert stranger.delete(f"{LIST}/{endpoint.pk}").status_code == 404
    assert WebhookEndpoint.objects.exists()


def test_unknown_field_is_refused(partner, call_as):
    answer = call_as(partner).post(LIST, {"url": "https://example.com/", "events": ["*"], "secret": "mine"})
    assert answer.status_code == 400
    assert answer.json()["errors"] == {"secret": ["Unknown field; known are: events, url."]}
    assert json.loads(answer.content)["instance"] == LIST

import json

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from oms.lib.errors import Invalid
from oms.outbox.models import Event
from oms.partners.models import WebhookEndpoint, WebhookMessage
from oms.partners.services.webhooks import EndpointExists, add_endpoint, rotate_secret
from tests.oms.partners.conftest import happen, tell

# Its events tell of orders that are not there: the API knows no orders.
pytestmark = pytest.mark.corrupt(16)
LIST = "/api/v1/webhooks"
ELSEWHERE = "https://example.com/"


def test_partner_is_told_signed(partner, listener):
    endpoint = add_endpoint(partner, url=listener.url, events=["order.held"])
    event = happen(partner, sequence=4)
    assert tell() == 1

    [(_, headers, body)] = listener.got
    said = Webhook(endpoint.secret).verify(body, headers)
    assert headers["webhook-id"] == f"event-{event.pk}"
    assert said == {
        "type": "order.held",
        "timestamp": event.at.isoformat(),
        "data": {"subject": "thing:7", "sequence": 4, "thing": 7},
    }


def test_only_those_that_want_it_and_own_it(partner, make_partner, listener):
    other = make_partner("OTHER")
    add_endpoint(partner, url=listener.url, events=["order.cancelled"])
    add_endpoint(other, url=listener.url, events=["*"])
    happen(partner)
    assert tell() == 0
    assert not WebhookMessage.objects.exists()


def test_two_secrets_sign_for_a_day_after_a_rotation(partner, listener, time_machine):
    time_machine.move_to("2026-03-01T12:00Z")
    old = add_endpoint(partner, url=listener.url, events=["*"])
    new = rotate_secret(old.pk, actor="user:1")
    assert new.secret != old.secret
    happen(partner)
    tell()
    time_machine.move_to("2026-03-02T12:01Z")
    happen(partner)
    tell()

    time_machine.move_to("2026-03-01T12:00Z")
    (_, headers, body), (_, later_headers, later_body) = listener.got
    for endpoint in (old, new):
        Webhook(endpoint.secret).verify(body, headers)
    time_machine.move_to("2026-03-02T12:01Z")
    Webhook(new.secret).verify(later_body, later_headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old.secret).verify(later_body, later_headers)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://",
        "ftp://example.com",
        "https://a@example.com/",
        "x",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::]/",
        "https://[fd00::1]/",
        "https://169.254.169.254/latest/meta-data/",
    ],
)
def test_address_that_may_not_be_called_is_refused(partner, url):
    with pytest.raises(Invalid) as error:
        add_endpoint(partner, url=url, events=["*"])
    assert error.value.field == "url"
    assert not WebhookEndpoint.objects.exists()


def test_unknown_event_is_refused(partner):
    with pytest.raises(Invalid, match="Unknown event order.sung"):
        add_endpoint(partner, url=ELSEWHERE, events=["order.sung"])


def test_address_is_added_once(partner):
    add_endpoint(partner, url=ELSEWHERE, events=["*"])
    with pytest.raises(EndpointExists):
        add_endpoint(partner, url=ELSEWHERE, events=["*"])


def test_api_creates_changes_and_deletes(partner, call_as):
    client = call_as(partner)
    made = client.post(LIST, {"url": ELSEWHERE, "events": ["order.placed"], "in_order": True}).json()
    assert made.pop("secret").startswith("whsec_")
    assert client.get(LIST).json() == {"next": None, "previous": None, "results": [made]}
    assert client.get(f"{LIST}/{made['id']}").json() == made
    changed = client.patch(f"{LIST}/{made['id']}", {"events": ["*"], "in_order": False}).json()
    assert changed == made | {"events": ["*"], "in_order": False}
    assert client.patch(f"{LIST}/{made['id']}", {"events": ["order.sung"]}).status_code == 422
    assert client.delete(f"{LIST}/{made['id']}").status_code == 204
    assert not WebhookEndpoint.objects.exists()


def test_api_rotates_the_secret(partner, call_as):
    endpoint = add_endpoint(partner, url=ELSEWHERE, events=["*"])
    answer = call_as(partner).post(f"{LIST}/{endpoint.pk}/rotate-secret").json()
    endpoint.refresh_from_db()
    assert answer["secret"] == endpoint.secret
    assert Event.objects.get(name="webhook.secret_rotated").actor == f"partner:{partner.pk}"


def test_api_switches_off_and_on_with_what_was_missed(partner, call_as, listener):
    client = call_as(partner)
    endpoint = add_endpoint(partner, url=listener.url, events=["*"])
    happen(partner)
    off = client.patch(f"{LIST}/{endpoint.pk}", {"is_active": False}).json()
    assert (off["is_active"], off["off_reason"]) == (False, "Switched off by its owner.")
    happen(partner)
    assert tell() == 0
    assert WebhookMessage.objects.dead().count() == 2
    assert client.post(f"{LIST}/{endpoint.pk}/test").status_code == 409

    on = client.patch(f"{LIST}/{endpoint.pk}", {"is_active": True, "replay_missed": True}).json()
    assert (on["is_active"], on["off_at"]) == (True, None)
    assert tell() == 2


def test_stranger_finds_nothing(partner, make_partner, call_as):
    endpoint = add_endpoint(partner, url=ELSEWHERE, events=["*"])
    stranger = call_as(make_partner("OTHER"))
    assert stranger.get(LIST).json()["results"] == []
    for path in (f"{LIST}/{endpoint.pk}", f"{LIST}/{endpoint.pk}/deliveries"):
        assert stranger.get(path).status_code == 404
    assert stranger.delete(f"{LIST}/{endpoint.pk}").status_code == 404
    assert WebhookEndpoint.objects.exists()


def test_unknown_field_is_refused(partner, call_as):
    answer = call_as(partner).post(LIST, {"url": ELSEWHERE, "events": ["*"], "secret": "mine"})
    assert answer.status_code == 400
    assert answer.json()["errors"] == {"secret": ["Unknown field; known are: events, in_order, url."]}
    assert json.loads(answer.content)["instance"] == LIST


def test_an_endpoint_that_goes_is_locked_before_its_messages_are_looked_for(call_as, make_partner, assert_locks):
    """Else one that is queued in between keeps it from going, which was answered 500."""
    partner = make_partner()
    endpoint = add_endpoint(partner, url="https://example.com/", events=["*"])
    client = call_as(partner)
    client.get("/api/v1/webhooks")
    with assert_locks("partners_webhookendpoint"):
        assert client.delete(f"/api/v1/webhooks/{endpoint.pk}").status_code == 204
    assert not WebhookEndpoint.objects.exists()

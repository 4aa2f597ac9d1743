import pytest
from django.utils import timezone
from standardwebhooks import Webhook

from oms.lib.errors import Invalid, InvalidTransition
from oms.outbox.models import Event
from oms.partners.models import WebhookMessage
from oms.partners.services import send_webhooks
from oms.partners.services.claim_webhooks import claim_webhooks
from oms.partners.services.replay import redeliver, replay, send_test
from oms.partners.services.webhooks import add_endpoint, switch_off
from tests.oms.partners.conftest import happen, tell

pytestmark = pytest.mark.corrupt(16)  # there are no such orders
HOUR = timezone.timedelta(hours=1)


@pytest.fixture
def endpoint(partner, listener):
    return add_endpoint(partner, url=listener.url, events=["*"])


def ids(listener):
    return [headers["webhook-id"] for _, headers, _ in listener.got]


def test_one_message_goes_out_again_with_its_id(partner, endpoint, listener):
    happen(partner)
    tell()
    message = WebhookMessage.objects.get()
    redeliver(message, actor="user:1")
    assert send_webhooks.send_due() == 1
    assert ids(listener) == [message.webhook_id] * 2
    assert list(message.tries.values_list("number", flat=True)) == [1, 1]
    assert Event.objects.get(name="webhook.redelivered").data == {"event": message.event_id}


def test_what_waits_for_hours_is_sent_now(partner, endpoint, listener):
    happen(partner)
    listener.answer = 500
    tell()
    WebhookMessage.objects.update(next_attempt_at=timezone.now() + HOUR)
    listener.answer = 204
    redeliver(WebhookMessage.objects.get())
    assert send_webhooks.send_due() == 1


def test_what_is_being_sent_is_left_alone(partner, endpoint):
    tell()
    happen(partner)
    message = send_test(endpoint.pk)
    claim_webhooks(48)
    with pytest.raises(InvalidTransition, match="being sent just now"):
        redeliver(message)
    assert replay(endpoint.pk, since=timezone.now() - HOUR, until=timezone.now()) == 0
    message.refresh_from_db()
    assert message.attempts == 1


def test_range_of_time_is_replayed(partner, endpoint, listener):
    for _ in range(3):
        happen(partner)
    tell()
    first, missed, last = WebhookMessage.objects.order_by("pk")
    now = timezone.now()
    WebhookMessage.objects.filter(pk=first.pk).update(queued_at=now - 3 * HOUR)
    WebhookMessage.objects.filter(pk=missed.pk).update(done_at=None, dead_at=now, last_error="HTTP 500")
    since, until = now - 2 * HOUR, now + HOUR
    assert replay(endpoint.pk, since=since, until=until, actor="user:1") == 1
    assert send_webhooks.send_due() == 1
    assert replay(endpoint.pk, since=since, until=until, only_missed=False) == 2
    assert send_webhooks.send_due() == 2
    assert ids(listener)[3] == missed.webhook_id
    assert set(ids(listener)[4:]) == {missed.webhook_id, last.webhook_id}


def test_range_that_ends_before_it_begins_is_refused(endpoint):
    now = timezone.now()
    with pytest.raises(Invalid) as error:
        replay(endpoint.pk, since=now, until=now - HOUR)
    assert error.value.field == "until"


def test_nothing_is_sent_to_an_endpoint_that_is_off(partner, endpoint):
    message = send_test(endpoint.pk)
    switch_off(endpoint.pk, reason="Moved.", actor="user:1")
    now = timezone.now()
    for act in (
        lambda: redeliver(message),
        lambda: replay(endpoint.pk, since=now - HOUR, until=now),
        lambda: send_test(endpoint.pk),
    ):
        with pytest.raises(InvalidTransition, match="switch it on first"):
            act()
    assert send_webhooks.send_due() == 0


def test_a_test_is_signed_like_any_other(endpoint, listener):
    send_test(endpoint.pk, actor="user:1")
    assert send_webhooks.send_due() == 1
    [(_, headers, body)] = listener.got
    assert Webhook(endpoint.secret).verify(body, headers)["type"] == "webhook.test"


def test_api_shows_each_try_and_sends_again(partner, call_as, endpoint, listener):
    client, path = call_as(partner), f"/api/v1/webhooks/{endpoint.pk}"
    event = happen(partner, sequence=3)
    listener.answer = 500
    tell()
    [row] = client.get(f"{path}/deliveries?state=pending").json()["results"]
    assert (row["event"], row["type"], row["subject"], row["sequence"]) == (event.pk, "order.held", "thing:7", 3)
    assert (row["state"], row["attempts"], row["last_error"]) == ("pending", 1, "HTTP 500")
    [tried] = row["tries"]
    assert (tried["number"], tried["status"], tried["error"]) == (1, 500, "HTTP 500")
    assert tried["next_try_at"] == row["next_attempt_at"]

    listener.answer = 204
    assert client.post(f"{path}/deliveries/{row['id']}/redeliver").json()["state"] == "pending"
    assert client.post(f"{path}/test").status_code == 202
    assert send_webhooks.send_due() == 2
    found = client.get(f"{path}/deliveries?state=done&page_size=1").json()
    assert [row["type"] for row in found["results"]] == ["webhook.test"]
    assert [row["type"] for row in client.get(found["next"]).json()["results"]] == ["order.held"]
    answer = client.post(f"{path}/replay", {"since": "2020-01-01T00:00Z", "only_missed": False})
    assert (answer.status_code, answer.json()) == (202, {"messages": 2})


@pytest.mark.parametrize(
    ("query", "found"),
    [("type=webhook.test", 0), ("subject=thing:7", 1), ("since=2100-01-01T00:00Z", 0), ("until=2100-01-01T00:00Z", 1)],
)
def test_api_filters_deliveries(partner, call_as, endpoint, query, found):
    happen(partner)
    tell()
    answer = call_as(partner).get(f"/api/v1/webhooks/{endpoint.pk}/deliveries?{query}")
    assert len(answer.json()["results"]) == found
    bad = call_as(partner).get(f"/api/v1/webhooks/{endpoint.pk}/deliveries?state=lost&since=yesterday")
    assert set(bad.json()["errors"]) == {"state", "since"}


def test_log_costs_the_same_however_long(partner, call_as, endpoint, django_assert_max_num_queries):
    client = call_as(partner)
    for _ in range(5):
        happen(partner)
    tell()
    client.get("/api/v1/webhooks")
    with django_assert_max_num_queries(3):
        client.get(f"/api/v1/webhooks/{endpoint.pk}/deliveries")


def test_delivery_to_another_endpoint_is_not_found(partner, call_as, endpoint):
    other = add_endpoint(partner, url="https://example.com/", events=["*"])
    message = send_test(endpoint.pk)
    answer = call_as(partner).post(f"/api/v1/webhooks/{other.pk}/deliveries/{message.pk}/redeliver")
    assert answer.status_code == 404

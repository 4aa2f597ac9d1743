import re

import pytest
from django.urls import reverse
from django.utils import timezone

from oms.partners import usage
from oms.partners.models import PartnerKey, WebhookEndpoint, WebhookMessage
from oms.partners.services import send_webhooks
from oms.partners.services.keys import create_key
from oms.partners.services.webhooks import add_endpoint, switch_off
from oms.roles import MANAGER
from tests.make import make_user
from tests.oms.partners.conftest import happen, tell
from tests.oms.partners.test_admin import log_in

pytestmark = pytest.mark.corrupt(16)  # there are no such orders


@pytest.fixture
def ann(db, client):
    client.force_login(make_user(MANAGER))
    return client


@pytest.fixture
def endpoint(partner, listener):
    return add_endpoint(partner, url=listener.url, events=["*"])


def text(answer):
    assert answer.status_code == 200, answer
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def do(client, name, pk, **data):
    return client.post(reverse(f"partners:{name}", args=[pk]), data, follow=True)


def test_log_shows_each_try_and_redelivers(ann, partner, endpoint, listener):
    page = reverse("partners:endpoint", args=[endpoint.pk])
    assert "send a test" in text(ann.get(page))
    listener.answer = 500
    happen(partner, sequence=3)
    tell()
    shown = text(ann.get(page))
    assert "thing:7 no. 3 Waiting" in shown
    assert "HTTP 500" in shown
    assert "1 failure in a row" in shown
    assert "None in this state" in text(ann.get(page, {"state": "dead"}))

    listener.answer = 204
    assert "is sent again" in text(do(ann, "redeliver", WebhookMessage.objects.get().pk))
    send_webhooks.send_due()
    assert "Works" in text(ann.get(page, {"state": "done"}))


def test_test_replay_off_and_on(ann, endpoint, listener):
    assert "A test is on its way" in text(do(ann, "test", endpoint.pk))
    assert "is switched off" in text(do(ann, "off", endpoint.pk, reason="Their server moved."))
    shown = text(ann.get(reverse("partners:endpoint", args=[endpoint.pk])))
    assert "Their server moved." in shown
    assert "Switch on, send what it missed" in shown
    assert "switch it on first" in text(do(ann, "test", endpoint.pk))
    assert "1 missed messages are sent" in text(do(ann, "on", endpoint.pk, replay_missed="on"))
    assert send_webhooks.send_due() == 1
    span = {"since": "2020-01-01T00:00", "until": "2100-01-01T00:00"}
    assert "1 messages are sent again" in text(do(ann, "replay", endpoint.pk, **span))
    assert do(ann, "replay", endpoint.pk, since=span["until"], until=span["since"]).status_code == 422


def test_new_secret_is_shown_once(ann, endpoint):
    shown = text(do(ann, "rotate", endpoint.pk))
    new = WebhookEndpoint.objects.get()
    assert new.secret != endpoint.secret
    assert new.secret in shown
    assert new.secret not in text(ann.get(reverse("partners:endpoint", args=[endpoint.pk])))


def test_status_tells_of_keys_calls_errors_and_webhooks(ann, partner, endpoint, listener, call_as):
    create_key(partner, name="old", scopes=["orders:read"], networks=["192.0.2.0/24"])
    PartnerKey.objects.update(revoked=True)
    api = call_as(partner)
    api.get("/api/v1/webhooks")
    api.get("/api/v1/webhooks/0")
    usage.flush()
    listener.answer = 500
    happen(partner)
    tell()
    other = add_endpoint(partner, url="https://example.com/", events=["*"])
    switch_off(other.pk, reason="Moved.", actor="user:1")

    shown = text(ann.get(reverse("partners:status", args=[partner.pk])))
    for words in (
        "1 waiting, the first for 0",
        "Switched off",
        "HTTP 500",
        "192.0.2.0/24",
        "Revoked",
        "GET /api/v1/webhooks/0 404",
    ):
        assert words in shown, words
    assert re.search(r"Failed \(5xx\) \w+ \d+ \w+ 1 1 0", shown)


def test_status_asks_the_same_however_many_calls(ann, partner, call_as, django_assert_max_num_queries):
    api = call_as(partner)
    for _ in range(5):
        api.get("/api/v1/webhooks/0")
    usage.flush()
    with django_assert_max_num_queries(20):
        ann.get(reverse("partners:status", args=[partner.pk]))


def test_addresses_of_a_key_are_changed(ann, partner):
    row, _ = create_key(partner, name="shop", scopes=["orders:read"], networks=["192.0.2.0/24"])
    assert "192.0.2.0/24" in text(ann.get(reverse("partners:restrict", args=[row.pk])))
    assert do(ann, "restrict", row.pk, networks="home").status_code == 422
    do(ann, "restrict", row.pk, networks="203.0.113.7\n2001:db8::/32")
    row.refresh_from_db()
    assert row.networks == ["2001:db8::/32", "203.0.113.7/32"]
    do(ann, "restrict", row.pk, networks="")
    row.refresh_from_db()
    assert row.networks == []


def test_who_may_only_look_changes_nothing(partner, endpoint):
    ann = log_in("view_partner", "view_webhookendpoint")
    message = WebhookMessage.objects.create(
        endpoint=endpoint, event=happen(partner), name="order.held", subject="thing:7", dead_at=timezone.now()
    )
    assert "Send a test" not in text(ann.get(reverse("partners:endpoint", args=[endpoint.pk])))
    for name in ("test", "off", "on", "rotate", "replay"):
        assert do(ann, name, endpoint.pk, reason="x").status_code == 403, name
    assert do(ann, "redeliver", message.pk).status_code == 403
    assert WebhookEndpoint.objects.get().is_active

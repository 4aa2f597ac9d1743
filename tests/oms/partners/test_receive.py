import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from standardwebhooks import Webhook

from oms.outbox.models import Event
from oms.partners.models import InboundMessage

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = json.dumps({"type": "parcel.delivered"})

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def secret(settings):
    settings.INBOUND_SECRETS = {"carrier": SECRET}


def send(body=BODY, *, identity="m1", at=None, secret=SECRET, source="carrier"):
    at = at or datetime.now(UTC)
    headers = {
        "webhook-id": identity,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(identity, at, BODY),
    }
    return Client().post(f"/hooks/{source}", body, content_type="application/json", headers=headers)


def test_is_stored_raw_and_published_once():
    assert send().status_code == 201
    assert send().status_code == 200
    message = InboundMessage.objects.get()
    assert bytes(message.body).decode() == BODY
    [event] = Event.objects.all()
    assert (event.name, event.data) == ("carrier.received", {"message": message.pk})


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"body": BODY + " "}, 401),
        ({"secret": "whsec_c2VjcmV0"}, 401),
        ({"at": datetime.now(UTC) - timedelta(hours=1)}, 401),
        ({"source": "nobody"}, 404),
        ({"body": b"\xff\xfe"}, 401),
    ],
)
def test_what_is_not_signed_is_not_stored(fields, status):
    assert send(**fields).status_code == status
    assert not InboundMessage.objects.exists()
    assert not Event.objects.exists()


def test_too_large_is_refused():
    assert send("x" * 1_000_001).status_code == 413

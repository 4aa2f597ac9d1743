"""JSON of a hundred thousand levels is refused wherever JSON comes in, in little memory."""

import json
import resource
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client, override_settings

from fulfilment.carriers import easypost
from fulfilment.carriers.base import CarrierError
from oms.lib.errors import Invalid
from orders.channels.pollers import POLLERS
from orders.models import ChannelDocument
from tests.fulfilment.test_follow_parcel import SECRET, signed
from tests.orders.channels.feed import make_connection

DEEP = [b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 100_000 + b"1" + b"}" * 100_000]


@pytest.fixture(params=DEEP, ids=["lists", "objects"])
def body(request):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield request.param
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30 * 1024


def test_by_the_api(body, call_as, make_partner):
    client = call_as(make_partner())
    for path in ("orders", "orders/bulk", "quotes", "returns"):
        answer = client.post(f"/api/v1/{path}", body, content_type="application/json")
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.django_db
def test_by_the_webhook_of_a_channel(body):
    shop = make_connection(kind="spreadsheet", code="SHOP")
    url, headers = f"/hooks/channels/{shop.channel.code}/", {"X-Webhook-Secret": shop.secret}
    answer = Client().post(url, body, content_type="application/json", headers=headers)
    assert answer.status_code == 202
    document = ChannelDocument.objects.get()
    assert (bytes(document.body), document.kind) == (body, "other")


@pytest.mark.django_db
@override_settings(INBOUND_SECRETS={"easypost": SECRET})
def test_by_the_webhook_of_a_carrier(body):
    answer = Client().post("/hooks/easypost", body, content_type="application/json", headers=signed(body, SECRET))
    assert answer.status_code == 422
    with pytest.raises(CarrierError, match="is no JSON"):
        easypost.read(body)


def test_in_the_answer_of_a_shop(body):
    for poller in POLLERS.values():
        with pytest.raises(Invalid, match="no JSON"):
            poller.read("https://shop.example.com/orders", body, {})


def test_in_a_recorded_document(body, tmp_path):
    file, out = tmp_path / "deep.json", StringIO()
    file.write_bytes(body)
    call_command("channel_payload", "shopify", str(file), "--json", stdout=out)
    (said,) = json.loads(out.getvalue())
    assert said["refused"] == "The body is deeper than 60 levels."

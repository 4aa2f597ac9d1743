import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from oms.partners.models import IdempotentRequest, WebhookEndpoint
from oms.partners.tasks import purge_idempotent_requests

LIST = "/api/v1/webhooks"


def body(path="a"):
    return {"url": f"https://example.com/{path}", "events": ["*"]}


def post(client, key, data=None):
    return client.post(LIST, data or body(), headers={"Idempotency-Key": key})


@pytest.fixture
def partner(make_partner):
    return make_partner()


@pytest.fixture
def client(partner, call_as):
    return call_as(partner)


def test_same_request_has_the_same_answer(client):
    first, second = post(client, "k1"), post(client, "k1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert json.loads(first.content)["secret"].startswith("whsec_")
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"
    assert WebhookEndpoint.objects.count() == 1


def test_other_request_with_the_key_is_refused(client):
    post(client, "k1")
    answer = post(client, "k1", body("b"))
    assert answer.status_code == 422
    assert answer.json()["code"] == "key-reused"
    assert WebhookEndpoint.objects.count() == 1


def test_key_of_another_partner_is_another_key(client, make_partner, call_as):
    post(client, "k1")
    answer = post(call_as(make_partner("OTHER")), "k1")
    assert "Idempotent-Replayed" not in answer
    assert WebhookEndpoint.objects.count() == 2


def test_failed_request_leaves_nothing_and_is_tried_anew(client):
    first = post(client, "k1", {"url": "ftp://example.com", "events": ["*"]})
    assert first.status_code == 422
    assert not IdempotentRequest.objects.exists()
    assert post(client, "k1").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "\u00e4"])
def test_unusable_key_is_refused(client, key):
    assert post(client, key).status_code == 400
    assert not WebhookEndpoint.objects.exists()


def test_without_a_key_nothing_is_kept(client):
    assert client.post(LIST, body()).status_code == 201
    assert not IdempotentRequest.objects.exists()


def test_answers_are_kept_for_a_day_and_then_forgotten(client):
    post(client, "k1")
    IdempotentRequest.objects.update(created_at=timezone.now() - timezone.timedelta(hours=25))
    purge_idempotent_requests()
    assert IdempotentRequest.objects.exists()
    IdempotentRequest.objects.update(created_at=timezone.now() - timezone.timedelta(days=3))
    purge_idempotent_requests()
    assert not IdempotentRequest.objects.exists()


def race(client, keys):
    def send(key):
        try:
            return post(client, key) if key else client.post(LIST, body())
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(send, keys))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_executed(make_partner, call_as):
    answers = race(call_as(make_partner()), ["k1"] * 50)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer for answer in answers) == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_control_without_a_key_they_differ(make_partner, call_as):
    """The same requests without a key: one gets through, and the others are told something else."""
    answers = race(call_as(make_partner()), [None] * 10)
    assert sorted({answer.status_code for answer in answers}) == [201, 409]

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from oms.partners import usage
from oms.partners.models import CallError, PartnerKey, UsageDay
from oms.partners.services.keys import create_key
from oms.partners.tasks import purge_logs

LIST = "/api/v1/webhooks"


def test_calls_are_counted_by_what_became_of_them(partner, call_as):
    client = call_as(partner)
    client.get(LIST)
    client.get(LIST)
    client.post(LIST, {"url": "x", "events": ["*"]})
    client.get(f"{LIST}/1")
    assert not UsageDay.objects.exists()
    usage.flush()
    client.get(LIST)
    usage.flush()
    usage.flush()
    row = UsageDay.objects.get()
    assert (row.partner, row.day, row.ok, row.refused, row.failed) == (partner, timezone.now().date(), 3, 2, 0)
    assert (timezone.now() - PartnerKey.objects.get().last_used_at).total_seconds() < 60


def test_counting_asks_nothing_of_the_database(partner, call_as, django_assert_num_queries):
    client = call_as(partner)
    client.get(LIST)
    with django_assert_num_queries(1):
        client.get(LIST)


def test_refused_calls_are_kept_without_what_they_said(partner, call_as):
    client = call_as(partner)
    client.post(f"{LIST}?name=Ann", {"url": "https://example.com/", "events": ["*"], "owner": "Ann Miller"})
    usage.flush()
    error = CallError.objects.get()
    assert (error.method, error.path, error.status, error.partner) == ("POST", LIST, 400, partner)
    assert error.detail == "Some of what was sent is not valid: see `errors`. (owner)"
    assert error.key == PartnerKey.objects.get().prefix
    assert len(error.request_id) == 36


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00%2B14:00"])
@pytest.mark.parametrize("query", ["call-errors?since=", "call-errors?until=", "orders?ordered_after="])
def test_a_moment_outside_of_the_calendar_is_refused(partner, call_as, query, moment):
    client = call_as(partner)
    client.raise_request_exception = False
    answer = client.get(f"/api/v1/{query}{moment}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [query.partition("?")[2].strip("=")])


def test_a_program_in_a_loop_fills_no_disk(partner, call_as):
    client = call_as(partner)
    for _ in range(usage.MOST_ERRORS + 5):
        client.get(f"{LIST}/0")
    usage.flush()
    assert CallError.objects.count() == usage.MOST_ERRORS
    assert UsageDay.objects.get().refused == usage.MOST_ERRORS + 5


def test_key_that_is_refused_was_not_used_but_its_partner_sees_it(partner):
    row, key = create_key(partner, name="shop", scopes=["webhooks:read"])
    PartnerKey.objects.update(revoked=True)
    APIClient(headers={"Authorization": f"Bearer {key}"}).get(LIST)
    APIClient(headers={"Authorization": "Bearer a.b"}).get(LIST)
    usage.flush()
    assert CallError.objects.get().detail == "This API key was revoked."
    row.refresh_from_db()
    assert row.last_used_at is None


def test_what_cannot_be_written_is_lost_and_piles_up_nowhere(partner, call_as, monkeypatch):
    def fail(batch):
        raise usage.DatabaseError("away")

    call_as(partner).get(LIST)
    monkeypatch.setattr(usage, "_write", fail)
    usage.flush()
    assert usage.forget() is None


def test_partner_reads_its_own(partner, make_partner, call_as):
    client, stranger = call_as(partner), call_as(make_partner("OTHER"))
    client.get(f"{LIST}/0")
    usage.flush()
    today = timezone.now().date().isoformat()
    assert client.get("/api/v1/usage").json()["results"] == [{"day": today, "ok": 0, "refused": 1, "failed": 0}]
    [error] = client.get("/api/v1/call-errors?status=404").json()["results"]
    assert (error["path"], error["status"]) == (f"{LIST}/0", 404)
    assert client.get("/api/v1/call-errors?status=422").json()["results"] == []
    for path in ("/api/v1/usage", "/api/v1/call-errors"):
        assert stranger.get(path).json()["results"] == []


def test_refused_calls_are_forgotten_after_thirty_days(partner):
    at = timezone.now() - timezone.timedelta(days=31)
    CallError.objects.create(partner=partner, at=at, method="GET", path="/", status=404)
    purge_logs()
    assert not CallError.objects.exists()

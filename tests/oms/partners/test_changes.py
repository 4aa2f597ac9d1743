"""What happened since, by API: in order, once, and never before something that may still come."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from oms.outbox.committed import horizon
from oms.outbox.models import Event
from oms.outbox.publish import publish
from tests.race import processes

pytestmark = [pytest.mark.django_db, pytest.mark.corrupt]  # events of orders that are none

NAMES = ["order.placed", "order.confirmed", "order.cancelled"]


@pytest.fixture
def acme(make_partner):
    return make_partner("ACME")


@pytest.fixture
def client(acme, call_as):
    return call_as(acme)


def happen(partner, *names):
    for name in names:
        publish(name, "order:7", partner=partner.pk, order=7, order_number="100007", external_id="x")


def read(client, **query):
    with time_machine.travel(timezone.now() + timedelta(seconds=9)):
        return client.get("/api/v1/changes", query).json()


def test_pages_join_and_nothing_comes_twice(acme, client):
    happen(acme, *NAMES)
    first = read(client, page_size=2)
    second = read(client, page_size=2, after=first["after"])
    assert [row["type"] for row in first["results"] + second["results"]] == NAMES
    assert (first["has_more"], second["has_more"]) == (True, False)
    assert first["results"][0]["data"] == {
        "subject": "order:7",
        "sequence": None,
        "order": 7,
        "order_number": "100007",
        "external_id": "x",
    }
    assert first["results"][0]["id"] == f"event-{Event.objects.get(name='order.placed').pk}"
    nothing = read(client, after=second["after"])
    assert (nothing["results"], nothing["after"]) == ([], second["after"])
    happen(acme, "order.shipped")
    assert [row["type"] for row in read(client, after=second["after"])["results"]] == ["order.shipped"]


def test_events_of_one_moment_are_told_one_by_one(acme, client):
    with time_machine.travel("2026-03-04 09:00Z", tick=False):
        happen(acme, *NAMES)
    seen, after = [], "0-0"
    for _ in NAMES:
        page = read(client, page_size=1, after=after)
        seen, after = [*seen, page["results"][0]["type"]], page["after"]
    assert seen == NAMES


def test_neither_what_is_ours_nor_what_is_others_is_told(acme, client, make_partner):
    happen(acme, "order.short_picked")
    happen(make_partner("OTHER"), "order.placed")
    publish("order.placed", "order:8", order=8)
    assert read(client)["results"] == []


def test_what_just_happened_waits_until_clocks_agree(acme, client):
    happen(acme, "order.placed")
    assert client.get("/api/v1/changes").json()["results"] == []


@pytest.mark.parametrize("after", ["x", "1", "1-", "-1-1", "1" * 17 + "-1"])
def test_a_cursor_that_is_none_is_refused(client, after):
    answer = client.get("/api/v1/changes", {"after": after})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["after"])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="Writers of SQLite come one after the other.")
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_horizon_is_before_what_a_writer_has_not_committed():
    """Control: once he committed, it is behind his event."""
    wrote, may_end = processes.Event(), processes.Event()

    def write():
        connection.close()
        with transaction.atomic():
            publish("order.placed", "order:1", partner=1)
            wrote.set()
            may_end.wait(20)

    connection.close()
    writer = processes.Process(target=write)
    writer.start()
    assert wrote.wait(20)
    with time_machine.travel(timezone.now() + timedelta(seconds=9)):
        during = horizon()
        may_end.set()
        writer.join(20)
        event = Event.objects.get()
        assert during < event.at < horizon()

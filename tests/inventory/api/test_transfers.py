"""Transfers as the 3PL meets them in the API to which they come."""

import pytest

from inventory.services import draft_transfer, ship_transfer
from tests.inventory.ledger import level
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def depot(make_partner):
    return make_location("SWIFT", kind="3pl", partner=make_partner("SWIFT"))


@pytest.fixture
def berlin():
    return make_location("BER")


@pytest.fixture
def mug(berlin):
    return make_sku(20, berlin, code="MUG")


@pytest.fixture
def client(call_as, depot):
    return call_as(depot.partner)


@pytest.fixture
def shipped(berlin, depot, mug):
    transfer = draft_transfer.draft(berlin, depot, lines={mug: 6})
    draft_transfer.make_ready(transfer.pk)
    return ship_transfer.ship(transfer.pk)


def receive(client, transfer, *rows, headers=None, **fields):
    lines = [{"line": pk, "received": fit, "damaged": damaged} for pk, fit, damaged in rows]
    return client.post(f"/api/v1/transfers/{transfer}/receive", {"lines": lines} | fields, headers=headers)


def test_a_partner_sees_what_comes_to_it_and_no_draft(client, berlin, depot, mug, shipped):
    draft_transfer.draft(berlin, depot, lines={mug: 1})
    draft_transfer.make_ready(draft_transfer.draft(berlin, make_location("PAR"), lines={mug: 1}).pk)
    [row] = client.get("/api/v1/transfers").json()["results"]
    assert (row["number"], row["status"], row["source"]) == (shipped.number, "shipped", "BER")
    assert row["lines"][0] | {"id": 0, "name": ""} == {
        **{"id": 0, "sku": "MUG", "name": "", "quantity": 6, "shipped": 6},
        **{"received": 0, "damaged": 0, "over": 0, "missing": 6},
    }
    assert client.get("/api/v1/transfers?status=ready").json()["results"] == []
    assert client.get(f"/api/v1/transfers/{shipped.number.lower()}").json()["number"] == shipped.number


def test_what_arrived_is_on_hand_and_what_is_missing_is_named(client, mug, depot, shipped):
    answer = receive(client, shipped, (shipped.lines.get().pk, 4, 1))
    assert (answer.status_code, answer.json()["status"]) == (200, "received")
    assert answer.json()["lines"][0]["missing"] == 1
    assert level(mug, depot) == (5, 0, 1)
    assert receive(client, shipped, (shipped.lines.get().pk, 1, 0)).status_code == 409
    assert level(mug, depot) == (5, 0, 1)


def test_the_rest_may_follow_and_a_call_made_again_books_nothing(client, mug, depot, shipped):
    line = shipped.lines.get().pk
    for _ in range(2):
        answer = receive(client, shipped, (line, 4, 0), is_all=False, headers={"Idempotency-Key": "first"})
        assert answer.json()["status"] == "shipped"
    assert level(mug, depot) == (4, 0, 0)
    assert receive(client, shipped, (line, 2, 0)).json()["status"] == "received"
    assert level(mug, depot) == (6, 0, 0)


def test_a_foreign_line_or_one_named_twice_is_refused(client, mug, depot, shipped):
    line = shipped.lines.get().pk
    for rows in ([(line, 1, 0), (line, 2, 0)], [(line + 1, 1, 0)], [(line, -1, 0)]):
        assert receive(client, shipped, *rows).status_code in (400, 404, 422), rows
    shipped.refresh_from_db()
    assert (shipped.status, shipped.lines.get().received) == ("shipped", 0)


def test_a_list_of_nothing_does_not_close_it_with_all_missing(client, shipped):
    answer = receive(client, shipped)
    assert (answer.status_code, answer.json()["errors"]) == (400, {"lines": ["This list may not be empty."]})
    shipped.refresh_from_db()
    assert shipped.status == "shipped"
    nothing = receive(client, shipped, (shipped.lines.get().pk, 0, 0))
    assert (nothing.json()["status"], nothing.json()["lines"][0]["missing"]) == ("received", 6), "said in so many words"


def test_what_has_not_left_cannot_arrive(client, berlin, depot, mug):
    transfer = draft_transfer.make_ready(draft_transfer.draft(berlin, depot, lines={mug: 1}).pk)
    assert receive(client, transfer, (transfer.lines.get().pk, 1, 0)).status_code == 409
    assert not depot.levels.filter(on_hand__gt=0).exists()


def test_the_source_and_strangers_find_nothing(call_as, make_partner, berlin, shipped):
    berlin.partner = make_partner("OTHER")
    berlin.save()
    client = call_as(berlin.partner)
    assert client.get(f"/api/v1/transfers/{shipped}").status_code == 404
    assert receive(client, shipped, (shipped.lines.get().pk, 6, 0)).status_code == 404
    assert shipped.lines.get().received == 0

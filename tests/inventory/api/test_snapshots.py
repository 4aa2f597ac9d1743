"""Stock as a 3PL's own system has it, at a moment; and deliveries that come to him."""

import pytest
from django.utils import timezone

from inventory.models import CountSession, PurchaseOrder, StockLevel
from inventory.services import counts, stock
from tests.inventory.buying import make_sent
from tests.inventory.ledger import level
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db

SNAPSHOTS = "/api/v1/stock-snapshots"


@pytest.fixture
def acme(make_partner):
    return make_partner("ACME")


@pytest.fixture
def depot(acme):
    return make_location("DEPOT", kind="3pl", partner=acme)


@pytest.fixture
def client(call_as, acme):
    return call_as(acme)


def send(client, *levels, at=None, **fields):
    rows = [{"sku": sku.code.lower(), "on_hand": pieces} for sku, pieces in levels]
    body = {"location": "depot", "counted_at": (at or timezone.now()).isoformat(), "levels": rows}
    return client.post(SNAPSHOTS, body | fields)


def test_movements_since_its_moment_are_played_on_top(client, depot):
    mug = make_sku(100, depot)
    moment = timezone.now()
    stock.adjust(mug, depot, -10, reason="damaged")
    answer = send(client, (mug, 98), at=moment)
    assert answer.status_code == 201, answer.content
    posted = answer.json()["posted"]
    assert (posted["status"], posted["lines"][0]["expected"], posted["lines"][0]["difference"]) == ("posted", 100, -2)
    assert StockLevel.objects.get(sku=mug).on_hand == 88
    again = send(client, (mug, 98), at=moment).json()["posted"]
    assert again["lines"][0]["difference"] == 0
    assert StockLevel.objects.get(sku=mug).on_hand == 88


def test_a_change_above_a_fifth_waits_for_a_person_and_the_others_do_not(client, depot):
    mug, cup = make_sku(100, depot), make_sku(100, depot)
    found = send(client, (mug, 79), (cup, 80)).json()
    assert [line["sku"] for line in found["waiting"]["lines"]] == [mug.code]
    assert (found["waiting"]["status"], found["posted"]["lines"][0]["difference"]) == ("to_approve", -20)
    assert StockLevel.objects.get(sku=mug).on_hand == 100
    assert [row["id"] for row in client.get(SNAPSHOTS).json()["results"]] == [
        found["waiting"]["id"],
        found["posted"]["id"],
    ]
    stock.adjust(mug, depot, 5, reason="found")
    counts.approve(CountSession.objects.to_approve().get().pk, actor="user:1")
    assert StockLevel.objects.get(sku=mug).on_hand == 84
    assert client.get(f"{SNAPSHOTS}/{found['waiting']['id']}").json()["status"] == "posted"


def test_of_what_a_whole_snapshot_does_not_name_there_is_none(client, depot):
    mug, cup = make_sku(10, depot), make_sku(10, depot)
    found = send(client, (mug, 10), is_whole=True).json()
    assert [(line["sku"], line["counted"]) for line in found["waiting"]["lines"]] == [(cup.code, 0)]


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"location": "NOPE"}, 404, "location"),
        ({"levels": [{"sku": "NONE", "on_hand": 1}]}, 422, "levels.0.sku"),
        ({"levels": [{"sku": "MUG", "on_hand": 1}] * 2}, 422, "levels.1.sku"),
        ({"levels": []}, 400, "levels"),
        ({"counted_at": "2999-01-01T00:00:00Z"}, 422, "counted_at"),
        ({"counted_at": "0001-01-01T00:00:00Z"}, 422, "counted_at"),
    ],
)
def test_nonsense_changes_nothing(client, depot, change, status, field):
    mug = make_sku(10, depot, code="MUG")
    answer = send(client, (mug, 9), **change)
    assert (answer.status_code, list(answer.json()["errors"])) == (status, [field])
    assert StockLevel.objects.get().on_hand == 10


def test_a_stranger_counts_nothing_of_it(call_as, make_partner, client, depot):
    mug = make_sku(10, depot)
    session = send(client, (mug, 9)).json()["posted"]["id"]
    stranger = call_as(make_partner("OTHER"))
    assert stranger.get(SNAPSHOTS).json()["results"] == []
    assert stranger.get(f"{SNAPSHOTS}/{session}").status_code == 404
    assert send(stranger, (mug, 1)).status_code == 404
    assert StockLevel.objects.get().on_hand == 9


def test_a_delivery_to_him_is_listed_without_its_cost_and_booked_in(client, depot):
    order = make_sent(10, location=depot)
    [shown] = client.get("/api/v1/deliveries?status=sent").json()["results"]
    assert (shown["number"], "cost" in shown["lines"][0]) == (order.number, False)
    lines = [{"line": shown["lines"][0]["id"], "received": 6, "damaged": 1}]
    path = f"/api/v1/deliveries/{order.number}/receive"
    first = client.post(path, {"delivery_note": "LS-1", "lines": lines}, headers={"Idempotency-Key": "k"})
    assert (first.status_code, first.json()["status"]) == (200, "part_received"), first.content
    client.post(path, {"delivery_note": "LS-1", "lines": lines}, headers={"Idempotency-Key": "k"})
    assert level(order.lines.get().sku, depot) == (7, 0, 1)
    too_many = client.post(path, {"lines": [lines[0] | {"received": 99}]})
    twice = client.post(path, {"lines": lines * 2})
    assert (too_many.status_code, twice.status_code) == (422, 422)
    assert list(too_many.json()["errors"]) == ["lines.0.received"]
    assert PurchaseOrder.objects.get().lines.get().received == 7


def test_a_delivery_to_others_does_not_exist(client, call_as, make_partner, depot):
    order = make_sent(10, location=depot)
    stranger = call_as(make_partner("OTHER"))
    body = {"lines": [{"line": order.lines.get().pk, "received": 1}]}
    assert stranger.get("/api/v1/deliveries").json()["results"] == []
    assert stranger.post(f"/api/v1/deliveries/{order.number}/receive", body).status_code == 404

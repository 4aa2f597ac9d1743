"""Stock as the 3PL that runs a location, another partner, and a key without the scope meet it."""

import pytest

from inventory.models import Bin, StockEntry
from inventory.services import stock
from tests.inventory.ledger import bins, level
from tests.make import make_location, make_order, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(make_partner):
    return make_partner("ACME")


@pytest.fixture
def depot(acme):
    return make_location("DEPOT", kind="3pl", partner=acme)


@pytest.fixture
def mug(depot):
    return make_sku(10, depot, code="MUG")


@pytest.fixture
def client(call_as, acme):
    return call_as(acme)


@pytest.fixture
def adjust(client):
    def adjust(client=client, headers=None, **fields):
        body = {"sku": "mug", "location": "depot", "delta": -2, "reason": "damaged"} | fields
        return client.post("/api/v1/stock-adjustments", body, headers=headers)

    return adjust


def test_own_levels_are_listed_and_those_of_others_not(client, mug, depot):
    stock.receive(mug, make_location("OURS"), 5)
    make_order(mug, 4)
    [row] = client.get("/api/v1/stock-levels").json()["results"]
    numbers = {"on_hand": 10, "reserved": 4, "unavailable": 0, "safety": 0, "available": 6}
    assert row == {"sku": "MUG", "location": "DEPOT"} | numbers


def test_levels_are_narrowed_by_sku_and_location(client, mug, depot):
    make_sku(1, depot, code="CUP")
    assert len(client.get("/api/v1/stock-levels", {"location": "depot"}).json()["results"]) == 2
    assert [row["sku"] for row in client.get("/api/v1/stock-levels?sku=cup").json()["results"]] == ["CUP"]
    assert client.get("/api/v1/stock-levels?location=OURS").json()["results"] == []


def test_own_stock_is_adjusted(adjust, mug, depot, acme):
    answer = adjust()
    assert answer.status_code == 201, answer.content
    assert (answer.json()["on_hand"], answer.json()["available"]) == (8, 8)
    assert level(mug, depot) == (8, 0, 0)
    entry = StockEntry.objects.latest("pk")
    assert (entry.reason, entry.actor) == ("damaged", f"partner:{acme.pk}")


def test_a_bin_can_be_named(adjust, mug, depot):
    Bin.objects.create(location=depot, code="A-1")
    assert adjust(delta=3, reason="found", bin="a-1").status_code == 201
    assert bins(mug, depot) == {"DOCK": 10, "A-1": 3}


def test_the_same_key_adjusts_once(adjust, mug, depot):
    first = adjust(headers={"Idempotency-Key": "k1"})
    second = adjust(headers={"Idempotency-Key": "k1"})
    assert (second.status_code, second.json()) == (201, first.json())
    assert level(mug, depot) == (8, 0, 0)


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"delta": -11}, 422, "quantity"),
        ({"delta": 0}, 422, "delta"),
        ({"delta": 10**9}, 400, "delta"),
        ({"delta": 5, "reason": "lost"}, 422, "delta"),
        ({"delta": -5, "reason": "found"}, 422, "delta"),
        ({"reason": "because"}, 400, "reason"),
        ({"sku": "NONE"}, 404, "sku"),
        ({"bin": "NONE"}, 404, "bin"),
        ({"colour": "red"}, 400, "colour"),
    ],
)
def test_nonsense_names_the_field_and_changes_nothing(adjust, mug, depot, fields, status, field):
    answer = adjust(**fields)
    assert (answer.status_code, list(answer.json()["errors"])) == (status, [field])
    assert level(mug, depot) == (10, 0, 0)


def test_the_stock_of_others_does_not_exist(call_as, make_partner, adjust, mug, depot):
    stranger = call_as(make_partner("OTHER"))
    answer = adjust(stranger)
    assert (answer.status_code, list(answer.json()["errors"])) == (404, ["location"])
    assert stranger.get("/api/v1/stock-levels").json()["results"] == []
    assert level(mug, depot) == (10, 0, 0)


def test_a_key_that_may_only_read_does_not_adjust(call_as, acme, adjust, mug, depot):
    assert adjust(call_as(acme, ["stock:read"])).status_code == 403
    assert level(mug, depot) == (10, 0, 0)


def test_a_longer_list_takes_no_more_queries(client, mug, depot, django_assert_num_queries):
    client.get("/api/v1/stock-levels")
    with django_assert_num_queries(1):
        client.get("/api/v1/stock-levels")
    for _ in range(10):
        make_sku(1, depot)
    with django_assert_num_queries(1):
        assert len(client.get("/api/v1/stock-levels").json()["results"]) == 11

import pytest

from inventory.models import KitComponent
from inventory.services import stock
from tests.make import make_channel, make_location, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(make_partner):
    return make_partner("ACME")


@pytest.fixture
def client(call_as, acme):
    return call_as(acme, ["stock:read"])


@pytest.fixture
def berlin():
    return make_location("BER")


@pytest.fixture
def hamburg():
    return make_location("HAM")


@pytest.fixture
def mug(berlin, hamburg):
    sku = make_sku(10, berlin, code="MUG")
    stock.receive(sku, hamburg, 3)
    return sku


def ask(client, *codes, **fields):
    answer = client.post("/api/v1/availability", {"sku": list(codes)} | fields)
    assert answer.status_code == 200, answer.content
    return answer.json()


def numbers(answer):
    return {row["sku"]: (row["available"], row["locations"]) for row in answer["results"]}


def test_a_channel_that_has_chosen_none_has_all_locations(client, acme, mug):
    make_channel(partner=acme)
    answer = ask(client, "mug", "NONE", "MUG")
    assert numbers(answer) == {"MUG": (13, {"BER": 10, "HAM": 3})}
    assert answer["unknown"] == ["NONE"]


def test_a_channel_sees_the_locations_that_may_ship_its_orders(client, acme, mug, berlin, hamburg):
    make_channel(partner=acme, code="WEB").locations.add(berlin)
    make_channel(partner=acme, code="B2B").locations.add(hamburg)
    assert numbers(ask(client, "MUG")) == {"MUG": (13, {"BER": 10, "HAM": 3})}
    assert numbers(ask(client, "MUG", channel="b2b")) == {"MUG": (3, {"HAM": 3})}


def test_a_3pl_sees_the_locations_it_runs(client, acme, mug):
    depot = make_location("DEPOT", kind="3pl", partner=acme)
    stock.receive(mug, depot, 7)
    assert numbers(ask(client, "MUG")) == {"MUG": (7, {"DEPOT": 7})}


def test_a_partner_with_neither_sees_none(client, mug):
    assert numbers(ask(client, "MUG")) == {"MUG": (0, {})}


def test_the_channel_of_another_does_not_exist(client, make_partner, mug):
    make_channel(partner=make_partner("OTHER"), code="THEIRS")
    assert client.post("/api/v1/availability", {"sku": ["MUG"], "channel": "theirs"}).status_code == 404
    assert client.get("/api/v1/availability?sku=MUG&channel=theirs").status_code == 404
    asked = client.get("/api/schema", headers={"Accept": "application/json"}).json()["paths"]["/api/v1/availability"]
    assert all("404" in asked[method]["responses"] for method in ("get", "post"))


def test_a_few_can_be_asked_in_the_address(client, acme, mug):
    make_channel(partner=acme)
    answer = client.get("/api/v1/availability?sku=mug&sku=NONE")
    assert numbers(answer.json()) == {"MUG": (13, {"BER": 10, "HAM": 3})}
    assert client.get("/api/v1/availability").status_code == 400


@pytest.mark.parametrize("body", [{}, {"sku": []}, {"sku": "MUG"}, {"sku": ["x" * 41]}, {"sku": ["M"] * 1001}, []])
def test_nonsense_is_refused(client, body):
    assert client.post("/api/v1/availability", body).status_code == 400


def test_downloads_are_without_end(client, acme, mug):
    make_channel(partner=acme)
    make_sku(code="PDF", kind="digital")
    assert numbers(ask(client, "PDF")) == {"PDF": (None, {"BER": None, "HAM": None})}


def test_many_skus_and_kits_take_no_more_queries(client, acme, mug, django_assert_num_queries):
    make_channel(partner=acme)
    kit = make_sku(code="SET", kind="kit")
    KitComponent.objects.create(kit=kit, component=mug, quantity=2)
    codes = [make_sku().code for _ in range(20)]
    ask(client, "MUG")
    with django_assert_num_queries(5):
        ask(client, "SET")
    with django_assert_num_queries(5):
        assert numbers(ask(client, "SET", *codes))["SET"] == (6, {"BER": 5, "HAM": 1})

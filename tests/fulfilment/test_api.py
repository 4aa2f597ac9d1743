"""A 3PL works through the API: its own work, nothing else."""

import pytest

from fulfilment.models import FulfilmentOrder
from orders.models import Order
from orders.services import cancel
from tests.deliver import deliver
from tests.fulfilment.make import confirmed, make_shelf, work_of
from tests.make import make_location

pytestmark = pytest.mark.django_db


@pytest.fixture
def swift(make_partner):
    return make_partner("SWIFT")


@pytest.fixture
def order(swift):
    place = make_location(kind="3pl", partner=swift)
    _, [sku] = make_shelf(9, location=place)
    return confirmed((sku, 3))


@pytest.fixture
def client(call_as, swift):
    return call_as(swift)


def path(order, action=""):
    return f"/api/v1/fulfilment-orders/{work_of(order).pk}{action}"


def test_work_is_listed_acknowledged_and_shipped_in_part(client, order):
    [work] = client.get("/api/v1/fulfilment-orders").json()["results"]
    assert (work["order"], work["status"], work["lines"][0]["quantity"]) == (order.number, "released", 3)
    assert client.post(path(order, "/acknowledge")).json()["status"] == "picking"
    parcel = {"pieces": {str(work["lines"][0]["id"]): 2}, "tracking_number": "T1"}
    answer = client.post(path(order, "/ship"), {"parcels": [parcel]})
    assert (answer.status_code, answer.json()["status"]) == (200, "shipped"), answer.content
    assert Order.objects.get().fulfilment_state == "partly_shipped"
    [sent] = client.get(f"/api/v1/parcels?order={order}").json()["results"]
    assert (sent["tracking_number"], sent["lines"][0]["quantity"]) == ("T1", 2)


def test_rejected_work_is_sourced_again(client, order):
    answer = client.post(path(order, "/reject"), {"reason": "flooded"})
    assert answer.json()["status"] == "rejected"
    assert Order.objects.get().fulfilment_state == "backordered"


@pytest.mark.parametrize("is_accepted", [True, False])
def test_nothing_is_answered_that_nobody_asked(client, order, is_accepted):
    client.post(path(order, "/acknowledge"))
    answer = client.post(path(order, "/answer-cancel"), {"accept": is_accepted})
    assert (answer.status_code, "Nobody waits for an answer" in answer.json()["detail"]) == (409, True)
    assert FulfilmentOrder.objects.get().status == "picking"


def test_cancel_request_is_answered(client, order):
    client.post(path(order, "/acknowledge"))
    cancel.cancel(order.pk, reason="changed mind")
    deliver()
    assert client.get(path(order)).json()["asks_to_cancel"] is True
    client.post(path(order, "/answer-cancel"), {"accept": True})
    assert Order.objects.get().status == "cancelled"


@pytest.mark.parametrize(("action", "body"), [("/reject", {"reason": "flooded"}), ("/short", {"reason": "missing"})])
def test_what_is_asked_to_be_cancelled_is_answered_and_not_given_back(client, order, action, body):
    client.post(path(order, "/acknowledge"))
    line = order.lines.get()
    cancel.cancel(order.pk, lines={line.pk: 2}, reason="changed mind")
    deliver()
    number = str(work_of(order).lines.get().pk)
    answer = client.post(path(order, action), body | {"lines": {number: 2}})
    assert (answer.status_code, answer.json()["errors"]["lines"]) == (
        422,
        [f"1 of {line.sku_code} can be given back. First answer the request to cancel."],
    )
    assert client.post(path(order, action), body | {"lines": {number: 1}}).status_code == 200
    answer = client.post(path(order, "/answer-cancel"), {"accept": True})
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    line.refresh_from_db()
    assert line.cancelled == 2


@pytest.mark.parametrize(
    ("action", "body", "status"),
    [
        ("/reject", {}, 400),
        ("/reject", {"reason": "x", "lines": {"a": 1}}, 422),
        ("/ship", {"parcels": []}, 400),
        ("/ship", {"parcels": [{"pieces": {"999999": 1}}]}, 404),
        ("/answer-cancel", {"accept": "perhaps"}, 400),
    ],
)
def test_nonsense_is_refused_and_nothing_moves(client, order, action, body, status):
    answer = client.post(path(order, action), body)
    assert answer.status_code == status, answer.content
    assert FulfilmentOrder.objects.get().status == "released"


def test_a_line_is_named_once(client, order):
    number = work_of(order).lines.get().pk
    answer = client.post(path(order, "/reject"), {"reason": "flooded", "lines": {f"{number}": 1, f"0{number}": 2}})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [f"lines.0{number}"])
    assert FulfilmentOrder.objects.get().status == "released"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"pieces": {"LINE": 4}}, "parcels.1.pieces.LINE"),
        ({"pieces": {"999999": 1}}, "parcels.1.pieces.999999"),
        ({"carrier": "NOBODY"}, "parcels.1.carrier"),
    ],
)
def test_refused_parcels_name_what_to_mend(client, order, fields, field):
    number = str(work_of(order).lines.get().pk)
    bad = {"pieces": {"LINE": 1}} | fields
    bad["pieces"] = {key.replace("LINE", number): n for key, n in bad["pieces"].items()}
    parcels, field = [{"pieces": {number: 1}}, bad], field.replace("LINE", number)
    answer = client.post(path(order, "/ship"), {"parcels": parcels}, headers={"Idempotency-Key": "k"})
    assert list(answer.json()["errors"]) == [field]
    many = {"shipments": [{"id": work_of(order).pk, "parcels": parcels}]}
    [result] = client.post("/api/v1/fulfilment-orders/ship", many).json()["results"]
    assert list(result["problem"]["errors"]) == [f"shipments.0.{field}"]
    assert FulfilmentOrder.objects.get().status == "released"


def test_strangers_see_nothing_of_it(call_as, make_partner, order):
    stranger = call_as(make_partner("OTHER"))
    assert stranger.get("/api/v1/fulfilment-orders").json()["results"] == []
    for action in ("", "/acknowledge"):
        answer = stranger.post(path(order, action)) if action else stranger.get(path(order))
        assert answer.status_code == 404
    assert FulfilmentOrder.objects.get().status == "released"

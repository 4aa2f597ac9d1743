"""Changing an order by API: previewed with its money, then applied; held, released, noted."""

import pytest

from orders.models import Note, Order
from orders.services import holds
from tests.make import ADDRESS, make_channel, make_location, make_order, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(make_partner):
    return make_partner("ACME")


@pytest.fixture
def order(acme):
    return make_order(make_sku(9, make_location(), code="MUG"), 2, channel=make_channel(partner=acme))


@pytest.fixture
def client(call_as, acme):
    return call_as(acme)


@pytest.fixture
def stranger(call_as, make_partner):
    return call_as(make_partner("OTHER"))


def preview(client, order, body, **kwargs):
    return client.post(f"/api/v1/orders/{order}/changes", body, **kwargs)


def test_a_change_is_previewed_and_then_applied(client, order):
    line = order.lines.get()
    body = {"quantities": {str(line.pk): 3}, "add": [{"sku": "mug", "quantity": 1, "unit_price": "1.50"}]}
    answer = preview(client, order, body)
    assert answer.status_code == 201, answer.content
    change = answer.json()
    assert (change["delta"], change["status"]) == ("11.00", "previewed")
    assert order.lines.count() == 1
    applied = client.post(f"/api/v1/order-changes/{change['id']}/apply", headers={"If-Match": '"1"'})
    assert (applied.status_code, applied.json()["status"]) == (200, "applied"), applied.content
    read = client.get(f"/api/v1/orders/{order}")
    assert (read.json()["gross"], read["ETag"]) == ("30.00", applied["ETag"])
    assert client.get("/api/v1/order-changes?status=applied").json()["results"] == [applied.json()]


def test_a_preview_of_an_order_that_was_changed_since_is_stale(client, order):
    change = preview(client, order, {"customer_note": "Ring twice"}).json()
    client.post("/api/v1/notes", {"order": order.number, "text": "x"})
    answer = client.post(f"/api/v1/order-changes/{change['id']}/apply")
    assert (answer.status_code, answer.json()["code"]) == (412, "stale")
    assert preview(client, order, {"email": "b@x.com"}, headers={"If-Match": '"1"'}).status_code == 412
    assert Order.objects.get().customer_note == ""


def test_a_rejected_preview_cannot_be_applied(client, order):
    change = preview(client, order, {"ship_to": ADDRESS | {"city": "Potsdam"}}).json()
    assert client.post(f"/api/v1/order-changes/{change['id']}/reject").json()["status"] == "rejected"
    answer = client.post(f"/api/v1/order-changes/{change['id']}/apply")
    assert (answer.status_code, answer.json()["code"]) == (409, "invalid-transition")


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 422), ({"quantities": {"x": 1}}, 422), ({"quantities": {"999999": 1}}, 422), ({"colour": "red"}, 400)],
)
def test_nonsense_changes_nothing(client, order, body, status):
    assert preview(client, order, body).status_code == status
    assert not order.changes.exists()


def test_you_release_your_own_holds_only(client, order):
    theirs = holds.put(order.pk, "fraud", "Looks odd", actor="system")
    answer = client.post("/api/v1/holds", {"order": order.number, "reason": "Wrong colour?"})
    assert answer.status_code == 201, answer.content
    mine = answer.json()
    listed = client.get(f"/api/v1/holds?order={order}&is_active=true").json()["results"]
    assert [(row["kind"], row["reason"], row["is_yours"]) for row in listed] == [
        ("manual", "Wrong colour?", True),
        ("fraud", "", False),
    ]
    assert client.post(f"/api/v1/holds/{theirs.pk}/release").status_code == 422
    released = client.post(f"/api/v1/holds/{mine['id']}/release", {"note": "It was right"})
    assert (released.status_code, released.json()["released_at"] is None) == (200, False)
    assert Order.objects.get().is_held
    past = {"order": order.number, "reason": "x", "until": "2020-01-01T00:00:00Z"}
    assert client.post("/api/v1/holds", past).status_code == 422


def test_notes_are_written_read_and_taken_off(client, order):
    note = client.post("/api/v1/notes", {"order": order.number, "text": "Fragile", "audience": "pack"}).json()
    Note.objects.create(order=order, text="Ours alone", author="user:1")
    assert client.get(f"/api/v1/notes?order={order}").json()["results"] == [note]
    assert client.delete(f"/api/v1/notes/{note['id']}").status_code == 204
    assert list(order.notes.values_list("text", flat=True)) == ["Ours alone"]


def test_a_stranger_finds_none_of_it(client, stranger, order):
    change = preview(client, order, {"email": "b@x.com"}).json()["id"]
    hold = client.post("/api/v1/holds", {"order": order.number, "reason": "x"}).json()["id"]
    note = client.post("/api/v1/notes", {"order": order.number, "text": "x"}).json()["id"]
    for path in (f"order-changes/{change}", f"holds/{hold}", f"notes/{note}"):
        assert stranger.get(f"/api/v1/{path}").status_code == 404
    for path in (f"order-changes/{change}/apply", f"order-changes/{change}/reject", f"holds/{hold}/release"):
        assert stranger.post(f"/api/v1/{path}").status_code == 404
    assert stranger.delete(f"/api/v1/notes/{note}").status_code == 404
    for path, body in (("holds", {"reason": "x"}), ("notes", {"text": "x"})):
        assert stranger.post(f"/api/v1/{path}", {"order": order.number} | body).status_code == 422
    assert preview(stranger, order, {"email": "b@x.com"}).status_code == 404

import pytest

from returns.models import Return
from tests.make import make_channel
from tests.returns.make import asked, shipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(make_partner):
    return make_partner("ACME")


@pytest.fixture
def order(acme):
    return shipped(3, channel=make_channel(partner=acme))


def test_announce_and_read(call_as, acme, order):
    client = call_as(acme)
    line = order.lines.get()
    body = {"order": order.number, "lines": [{"line": line.pk, "quantity": 2, "reason": "damaged"}]}
    made = client.post("/api/v1/returns", body)
    assert (made.status_code, made.json()["status"]) == (201, "requested"), made.content
    assert client.get(made["Location"]).json() == made.json()
    assert client.get(f"/api/v1/returns?order={order}").json()["results"] == [made.json()]


@pytest.mark.parametrize(("pieces", "status"), [(4, 422), (0, 400), ("x", 400)])
def test_nonsense_is_refused(call_as, acme, order, pieces, status):
    body = {"order": order.number, "lines": [{"line": order.lines.get().pk, "quantity": pieces}]}
    assert call_as(acme).post("/api/v1/returns", body).status_code == status
    assert not Return.objects.exists()


def test_strangers_see_nothing_of_it(call_as, make_partner, order):
    rma = asked(order)
    stranger = call_as(make_partner("OTHER"))
    assert stranger.get(f"/api/v1/returns/{rma}").status_code == 404
    assert stranger.get("/api/v1/returns").json()["results"] == []
    body = {"order": order.number, "lines": [{"line": order.lines.get().pk, "quantity": 1}]}
    assert stranger.post("/api/v1/returns", body).status_code == 422
    assert Return.objects.count() == 1

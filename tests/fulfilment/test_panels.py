import pytest
from django.urls import reverse

from fulfilment import panels
from fulfilment.models import Carrier
from fulfilment.services.deliver import track
from fulfilment.services.ship import ship
from oms import roles
from oms.papers.models import Document
from orders.services.cancel import cancel
from tests.deliver import deliver
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, picked, work_of
from tests.make import make_user
from tests.replay import replayed

pytestmark = pytest.mark.django_db


@pytest.fixture
@replayed
def shipped():
    _, (cup,) = make_shelf(9)
    order = confirmed((cup, 2))
    parcel = packed(order)
    Carrier.objects.create(code="dhl", name="DHL", tracking_url="https://dhl.example/{number}")
    ship(work_of(order).pk, tracking={parcel.pk: "0034"}, actor=ACTOR)
    return order


def page(client, order):
    answer = client.get(reverse("console:order", args=[order.pk]))
    return " ".join(answer.content.decode().split())


def test_nothing_is_shown_before_there_is_work():
    order = confirmed((make_shelf(9)[1][0], 1))
    user = make_user(roles.CS)
    assert panels.parcels(order, user) is None
    assert panels.work(order, user)["actions"] == []
    work_of(order).lines.all().delete()
    order.fulfilment_orders.all().delete()
    assert panels.work(order, user) is None


def test_where_is_my_order_without_scrolling(client, shipped):
    track(shipped.parcels.get().pk, "out_for_delivery", place="Berlin", actor=ACTOR)
    client.force_login(make_user(roles.CS))
    text = page(client, shipped)
    head = text[: text.index("oms-columns")] if "oms-columns" in text else text
    assert "DHL 0034 Out for delivery Berlin" in head or "DHL 0034 out for delivery Berlin" in head
    assert 'href="https://dhl.example/0034"' in head
    assert "Copy tracking" in head


def test_cs_marks_a_parcel_as_arrived(client, shipped):
    client.force_login(make_user(roles.CS))
    parcel = shipped.parcels.get()
    assert "Parcel 1 arrived" in page(client, shipped)
    url = reverse("work:deliver", args=[parcel.pk])
    assert client.get(url).status_code == 200
    late = client.post(url, {"at": "2999-01-01T10:00"})
    assert late.status_code == 422
    answer = client.post(url, {})
    assert answer.url == reverse("admin:orders_order_change", args=[shipped.pk])
    parcel.refresh_from_db()
    assert parcel.status == "delivered"
    assert "Parcel 1 arrived" not in page(client, shipped).replace("Parcel 1 arrived.", "")


def test_only_the_lead_takes_a_shipment_back(client, shipped):
    url = reverse("work:take_back", args=[work_of(shipped).pk])
    client.force_login(make_user(roles.CS))
    assert client.post(url).status_code == 403
    assert "Take the shipment back" not in page(client, shipped)
    client.force_login(make_user(roles.LEAD))
    assert "Take the shipment back" in page(client, shipped)
    client.post(url)
    assert work_of(shipped).status == "packed"


def test_stop_is_in_the_headline(client):
    _, (cup,) = make_shelf(9)
    order = confirmed((cup, 2))
    picked(order)
    cancel(order.pk, reason="changed mind")
    deliver()
    client.force_login(make_user(roles.CS))
    text = page(client, order)
    assert "its answer is awaited" in text
    assert "STOP" in text


def test_packer_gets_to_the_bench(shipped):
    _, (cup,) = make_shelf(9)
    order = confirmed((cup, 2))
    picked(order)
    [action] = panels.work(order, make_user(roles.PACKER))["actions"]
    assert action["url"] == reverse("floor:bench", args=[work_of(order).pk])


def test_papers_that_are_offered_are_there(client, shipped):
    client.force_login(make_user(roles.LEAD))
    parcel = shipped.parcels.get()
    text = page(client, shipped)
    for paper in ("slip", "label"):
        url = reverse("floor:parcel_paper", args=[parcel.pk, paper])
        assert url in text
        assert client.get(url).content.startswith(b"%PDF")
    Document.objects.filter(kind="shipping_label").delete()
    assert reverse("floor:parcel_paper", args=[parcel.pk, "label"]) not in page(client, shipped)

"""Requests to suppliers: mailed with PDF, answered by link or API, CS told when nobody answers."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from fulfilment.documents.supplier_links import supplier_link
from fulfilment.models import Carrier, FulfilmentOrder, Parcel
from fulfilment.services.dropship import escalate_due
from inventory.models import SupplierSku
from oms.outbox.models import Event
from tests.deliver import deliver
from tests.fulfilment.make import confirmed, work_of
from tests.inventory.buying import make_supplier
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_location(kind="supplier", tracks_stock=False, answer_hours=8)


@pytest.fixture
def supplier(place):
    return make_supplier("CLAY", location=place, language="de")


@pytest.fixture
def work(supplier):
    sku = make_sku(code="VASE")
    SupplierSku.objects.create(supplier=supplier, sku=sku, code="K-99")
    Carrier.objects.create(code="post", name="Post")
    return work_of(confirmed((sku, 2)))


def page(client, work, **data):
    address = supplier_link(work).partition("/supply/")[2]
    return client.post(f"/supply/{address}", data) if data else client.get(f"/supply/{address}")


def state(work):
    return FulfilmentOrder.objects.get(pk=work.pk).status


def test_the_supplier_is_mailed_its_request_without_a_price(work, supplier):
    deliver()
    [message] = [one for one in mail.outbox if one.to == [supplier.email]]
    assert message.subject == f"Lieferauftrag {work}"
    assert "2 × K-99" in message.body
    assert "/supply/" in message.body
    assert "9.5" not in message.body + message.alternatives[0][0]
    assert message.attachments[0].content[:5] == b"%PDF-"


def test_by_the_link_it_is_taken_on_and_its_parcel_reported(client, work):
    shown = page(client, work).content.decode()
    assert "K-99" in shown
    assert "9.5" not in shown
    page(client, work, do="take")
    assert state(work) == "picking"
    page(client, work, do="ship", carrier="post", tracking_number="T-1")
    assert state(work) == "shipped"
    assert Parcel.objects.get().tracking_number == "T-1"
    assert "es bleibt nichts zu tun" in page(client, work).content.decode()


def test_by_the_link_it_is_refused_with_a_reason(client, work):
    assert page(client, work, do="refuse", reason="").status_code == 422
    assert state(work) == "released"
    page(client, work, do="refuse", reason="Sold out")
    assert state(work) == "rejected"


def test_the_request_is_read_as_csv(client, work):
    address = supplier_link(work).partition("/supply/")[2]
    text = b"".join(client.get(f"/supply/{address}csv/").streaming_content).decode()
    assert f"{work},{work.order}," in text
    assert ",VASE,K-99," in text
    assert "Ann Miller" in text


def test_a_forged_link_tells_nothing(client, work):
    answer = client.get("/supply/WzEsMl0:abc/")
    assert answer.status_code == 404
    assert "Ann Miller" not in answer.content.decode()
    assert client.get("/supply/WzEsMl0:abc/csv/").status_code == 404


def test_silence_is_told_once_and_the_supplier_reminded(work, supplier):
    assert escalate_due() == 0
    FulfilmentOrder.objects.update(touched_at=timezone.now() - timedelta(hours=9))
    assert (escalate_due(), escalate_due()) == (1, 0)
    assert list(FulfilmentOrder.objects.silent()) == [work]
    assert Event.objects.filter(name="order.supplier_silent").count() == 1
    deliver()
    assert "haben wir nichts gehört" in mail.outbox[-1].body
    assert len([one for one in mail.outbox if one.to == [supplier.email]]) == 2


def test_work_that_was_taken_on_is_not_silent(client, work):
    page(client, work, do="take")
    FulfilmentOrder.objects.update(touched_at=timezone.now() - timedelta(hours=99))
    assert escalate_due() == 0


def test_a_supplier_with_a_key_takes_it_on_by_api(call_as, make_partner, place, work):
    place.partner = make_partner("CLAY")
    place.save()
    client = call_as(place.partner)
    [row] = client.get("/api/v1/fulfilment-orders").json()["results"]
    assert (row["id"], row["method"]) == (work.pk, "dropship")
    assert client.post(f"/api/v1/fulfilment-orders/{work.pk}/acknowledge").status_code == 200
    assert state(work) == "picking"

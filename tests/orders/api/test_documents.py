import pytest

from oms.papers.models import Document
from tests.deliver import deliver
from tests.fulfilment.make import confirmed
from tests.inventory.buying import make_supplier
from tests.make import make_channel, make_location, make_sku
from tests.returns.make import shipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(make_partner):
    return make_partner("ACME")


@pytest.fixture
def order(acme):
    order = shipped(3, channel=make_channel(partner=acme))
    deliver()
    return order


def test_invoice_is_listed_and_downloaded(call_as, acme, order):
    client = call_as(acme)
    found = client.get(f"/api/v1/documents?order={order}&kind=invoice").json()["results"]
    assert [row["order"] for row in found] == [order.number]
    pdf = client.get(f"/api/v1/documents/{found[0]['id']}/pdf")
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")


def test_strangers_see_nothing_of_it(call_as, make_partner, order):
    stranger = call_as(make_partner("OTHER"))
    assert stranger.get("/api/v1/documents").json()["results"] == []
    document = Document.objects.first()
    assert stranger.get(f"/api/v1/documents/{document.pk}").status_code == 404
    assert stranger.get(f"/api/v1/documents/{document.pk}/pdf").status_code == 404


def test_the_request_with_its_suppliers_link_is_not_for_the_channel(call_as, acme):
    make_supplier("CLAY", location=make_location(kind="supplier", tracks_stock=False))
    confirmed((make_sku(), 1), channel=make_channel(partner=acme))
    deliver()
    document = Document.objects.get(kind="dropship_request")
    client = call_as(acme)
    assert "dropship_request" not in [row["kind"] for row in client.get("/api/v1/documents").json()["results"]]
    assert client.get(f"/api/v1/documents/{document.pk}/pdf").status_code == 404

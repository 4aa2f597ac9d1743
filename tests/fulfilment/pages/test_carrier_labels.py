"""Labels that a carrier sells, as people meet them: at the bench and in the console."""

import pytest
from django.urls import reverse

from fulfilment.carriers.base import CarrierError
from fulfilment.models import Carrier, Label, Station
from fulfilment.services import label
from oms.papers.models import Document
from tests.fulfilment.fake_carrier import LABELS
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, picked, work_of
from tests.fulfilment.pages.conftest import PACKER, text

LEAD = ["view_label", "change_label", "view_carrier", "change_carrier"]


@pytest.fixture
def carrier(easypost):
    return Carrier.objects.create(code="EP", name="EasyPost", plugin="easypost")


@pytest.fixture
def do(enter, place, carrier):
    """Return `do(what, **fields)`: press or scan at the bench of an order; returns the page's text."""
    _, (cup,) = make_shelf(9, location=place, weight_g=300)
    order = confirmed((cup, 1))
    picked(order)
    client, url = enter(PACKER), reverse("floor:bench", args=[work_of(order).pk])

    def do(what, **fields):
        return text(client.post(url, {"do": what} | fields, follow=True))

    do.client, do.cup, do.order = client, cup, order
    return do


def test_the_bench_says_what_the_carrier_does_not(do, easypost):
    do("scan", scan=do.cup.code)
    easypost.fail("buy", "hang")
    page = do("send", weight_g="320")
    assert "EasyPost does not answer" in page
    assert "EasyPost was asked for the label and has not given it yet" in page
    assert "Void the label" in page
    assert f"Order {do.order} is shipped" in do("send")
    assert len(easypost.charges) == 1


def test_the_label_opens_as_it_came(do, easypost):
    do("scan", scan=do.cup.code)
    do("label", weight_g="320")
    parcel = work_of(do.order).parcels.get()
    url = reverse("floor:parcel_paper", args=[parcel.pk, "label"])
    answer = do.client.get(url)
    assert (answer.content, answer["Content-Type"]) == (LABELS["PDF"], "application/pdf")
    do("void", parcel=parcel.pk)
    assert do.client.get(url).status_code == 404, "one that was given back is not printed any more"


def test_a_station_that_speaks_zpl_buys_zpl(do, place, easypost):
    station = Station.objects.create(code="B1", location=place, label_printer="zpl")
    do.client.post(reverse("floor:station"), {"scan": station.code})
    do("scan", scan=do.cup.code)
    assert Document.objects.get(kind="shipping_label").form == "zpl"
    assert station.jobs.filter(kind="label").count() == 1


def test_the_console_tests_the_connection(enter, carrier, easypost):
    client = enter(LEAD)
    url = reverse("admin:fulfilment_carrier_test_connection", args=[carrier.pk])
    assert "EasyPost accepts the key" in text(client.get(url, follow=True))
    Carrier.objects.update(plugin="manual")
    assert "there is no connection to test" in text(client.get(url, follow=True))


def test_karrio_is_chosen_in_the_console(enter, carrier, karrio):
    client = enter(LEAD)
    fields = {"code": "KA", "name": "Karrio", "plugin": "karrio", "is_active": "on"}
    client.post(reverse("admin:fulfilment_carrier_change", args=[carrier.pk]), fields)
    url = reverse("admin:fulfilment_carrier_test_connection", args=[carrier.pk])
    assert "Karrio accepts the key; all of its carriers are asked." in text(client.get(url, follow=True))


def test_karrio_buys_at_the_bench(do, karrio):
    Carrier.objects.update(code="KA", name="Karrio", plugin="karrio")
    do("scan", scan=do.cup.code)
    karrio.fail("purchase", "lost")
    assert "Karrio does not answer" in do("send", weight_g="320")
    assert f"Order {do.order} is shipped" in do("send")
    assert len(karrio.sold) == 1


def test_the_console_lists_labels_and_asks_now(enter, carrier, easypost):
    _, (cup,) = make_shelf(9)
    parcel = packed(confirmed((cup, 1)))
    easypost.fail("buy", "error")
    with pytest.raises(CarrierError, match="HTTP 500"):
        label.buy(parcel.pk, actor=ACTOR)
    client = enter(LEAD)
    page = text(client.get(reverse("admin:fulfilment_label_changelist")))
    assert "Asked for" in page
    assert "EasyPost: HTTP 500." in page
    url = reverse("admin:fulfilment_label_ask_now", args=[Label.objects.get().pk])
    assert "is bought." in text(client.get(url, follow=True))
    assert len(easypost.charges) == 1


def test_only_who_may_change_labels_asks(enter, carrier, easypost):
    client = enter(["view_label", "view_carrier"])
    assert client.get(reverse("admin:fulfilment_carrier_test_connection", args=[carrier.pk])).status_code == 403
    assert easypost.calls == []

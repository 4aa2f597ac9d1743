import pytest
from django.urls import reverse

from fulfilment.documents.command_card import COMMANDS, render_card
from fulfilment.models import PrintJob
from fulfilment.services import label, printing
from oms.papers.models import Document
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, picked, work_of
from tests.fulfilment.pages.conftest import PACKER, text
from tests.fulfilment.paper import barcodes_of
from tests.fulfilment.test_printing import make_station


def at(client, station):
    client.post(reverse("floor:station"), {"scan": f"AT {station}"})
    return client


def test_a_device_stands_at_the_station_whose_barcode_it_scans(enter, place):
    make_station(place)
    client = enter(PACKER)
    assert "PACK-1" not in text(client.get(reverse("floor:strip")))
    page = text(client.post(reverse("floor:station"), {"scan": "at pack-1"}, follow=True))
    assert "This device stands at PACK-1." in page
    assert "print agent silent" in text(client.get(reverse("floor:strip")))
    assert "no station NONE" in text(client.post(reverse("floor:station"), {"scan": "NONE"}, follow=True))
    client.post(reverse("floor:station"), {"scan": ""})
    assert "PACK-1" not in text(client.get(reverse("floor:strip")))


def test_shipping_at_a_station_prints_slip_and_label_there(enter, place):
    station = make_station(place)
    _, (cup,) = make_shelf(9, location=place)
    order = confirmed((cup, 1))
    picked(order)
    client = at(enter(PACKER), station)
    url = reverse("floor:bench", args=[work_of(order).pk])
    client.post(url, {"do": "scan", "scan": cup.code})
    client.post(url, {"do": "send"})
    jobs = PrintJob.objects.order_by("pk").values_list("document__kind", "kind", "copy", "status")
    assert list(jobs) == [("packing_slip", "paper", 0, "queued"), ("shipping_label", "label", 0, "queued")]

    paper = reverse("floor:parcel_paper", args=[order.parcels.get().pk, "label"])
    page = client.post(paper, {"next": reverse("floor:packing")}, follow=True)
    assert "reprint 1 goes to the printer of PACK-1" in text(page)
    assert PrintJob.objects.latest("pk").copy == 1


def test_without_a_station_papers_are_shown(enter, place):
    _, (cup,) = make_shelf(9, location=place)
    parcel = label.buy(packed(confirmed((cup, 1))).pk, actor=ACTOR)
    answer = enter(PACKER).post(reverse("floor:parcel_paper", args=[parcel.pk, "label"]))
    assert answer["Content-Type"] == "application/pdf"
    assert not PrintJob.objects.exists()


def test_the_scale_of_the_station_fills_in_the_weight(enter, place):
    station = make_station(place, has_scale=True)
    _, (cup,) = make_shelf(9, location=place)
    order = confirmed((cup, 1))
    picked(order)
    printing.note_weight(station, 1234)
    client = at(enter(PACKER), station)
    url = reverse("floor:bench", args=[work_of(order).pk])
    client.post(url, {"do": "scan", "scan": cup.code})
    assert 'value="1234"' in text(client.get(url))
    assert "scale 1234 g" in text(client.get(reverse("floor:strip")))


def test_a_print_nobody_confirmed_is_asked_about(enter, place):
    station = make_station(place)
    _, (cup,) = make_shelf(9, location=place)
    parcel = label.buy(packed(confirmed((cup, 1))).pk, actor=ACTOR)
    job = printing.send(station, Document.objects.latest_of("shipping_label", parcel.pk), actor=ACTOR)
    printing.take(station)
    printing.settle(station, job.pk, "unsure", "broken pipe")
    client = at(enter(PACKER), station)
    assert "did it come out?" in text(client.get(reverse("floor:strip")))
    client.post(reverse("floor:print_job", args=[job.pk]), {"do": "no"})
    assert list(PrintJob.objects.order_by("pk").values_list("copy", "status")) == [(0, "lost"), (1, "queued")]
    assert "did it come out?" not in text(client.get(reverse("floor:strip")))

    page = client.post(reverse("floor:print_job", args=[job.pk]), {"do": "yes"}, follow=True)
    assert "cannot become printed" in text(page)


def test_every_command_of_the_card_is_read_by_a_scanner():
    assert {("]C0", word) for word, _ in COMMANDS} | {("]C0", "AT PACK-1")} == set(barcodes_of(render_card(["PACK-1"])))


@pytest.mark.parametrize(
    ("permissions", "is_shown"), [(["view_station", "change_station"], True), (["view_station"], False)]
)
def test_the_key_is_shown_to_those_who_may_change_the_station(enter, place, permissions, is_shown):
    station = make_station(place)
    page = text(enter(permissions).get(reverse("admin:fulfilment_station_change", args=[station.pk])))
    assert "PACK-1" in page
    assert (station.key in page) is is_shown

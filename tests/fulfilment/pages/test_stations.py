import pytest
from django.urls import reverse
from django.utils import timezone

from fulfilment.documents.command_card import COMMANDS, render_card
from fulfilment.models import PrintJob, Station
from fulfilment.services import label, printing, seal
from oms.papers.models import Document
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, picked, work_of
from tests.fulfilment.pages.conftest import PACKER, text
from tests.fulfilment.paper import barcodes_of
from tests.fulfilment.test_printing import make_station
from tests.make import make_location


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


@pytest.fixture
def bench(enter, place):
    """A packer at a station that prints, with two cups in a tote: `scan(code)` scans there, and returns the page."""
    _, (cup,) = make_shelf(9, location=place)
    order = confirmed((cup, 2))
    picked(order)
    client = at(enter(PACKER), make_station(place))

    def scan(code="", do="scan", **fields):
        url = reverse("floor:bench", args=[work_of(order).pk])
        return text(client.post(url, {"do": do, "scan": str(code)} | fields, follow=True))

    scan.order, scan.cup, scan.client = order, cup, client
    return scan


def prints():
    rows = PrintJob.objects.order_by("pk")
    return list(rows.values_list("document__kind", "kind", "copy", "status"))


SLIP, LABEL = ("packing_slip", "paper", 0, "queued"), ("shipping_label", "label", 0, "queued")


def test_the_last_item_fetches_slip_and_label_and_the_label_ships(bench):
    bench(bench.cup)
    assert prints() == []
    assert "Stick the label on, scan it" in bench(bench.cup)
    assert prints() == [SLIP, LABEL]
    parcel = bench.order.parcels.get()
    assert f"Order {bench.order} is shipped" in bench(parcel.tracking_number)
    assert (bench.order.parcels.get().status, len(prints())) == ("shipped", 2)

    paper = reverse("floor:parcel_paper", args=[parcel.pk, "label"])
    page = bench.client.post(paper, {"next": reverse("floor:packing")}, follow=True)
    assert "reprint 1 goes to the printer of PACK-1" in text(page)
    assert PrintJob.objects.latest("pk").copy == 1


def test_the_label_of_another_parcel_is_refused(bench, place):
    _, (pot,) = make_shelf(9, location=make_location())
    other = label.buy(packed(confirmed((pot, 1))).pk, actor=ACTOR)
    bench(bench.cup)
    bench(bench.cup)
    page = bench(other.tracking_number)
    assert f"This is the label of parcel {other} of order {other.order}. Take it off." in page
    assert "is not the label of a parcel of this order" in bench(bench.cup)
    assert bench.order.parcels.get().status == "packed"


def test_each_of_two_boxes_gets_its_label_while_it_is_in_hand(bench):
    bench(bench.cup)
    bench(do="close")
    first = bench.order.parcels.get()
    assert prints() == [SLIP, LABEL]
    bench(first.tracking_number)
    bench(bench.cup)
    assert prints() == [SLIP, LABEL] * 2
    second = bench.order.parcels.exclude(pk=first.pk).get()
    assert "is shipped" in bench(f"{second.tracking_number}")
    assert {parcel.status for parcel in bench.order.parcels.all()} == {"shipped"}


def test_what_weighs_nothing_in_the_book_is_weighed_first(bench):
    bench.cup.weight_g = 0
    bench.cup.save()
    bench(bench.cup)
    assert "Print the label" in bench(bench.cup)
    assert "Weigh the parcel" in bench(do="label")
    assert prints() == []
    assert "Stick the label on, scan it" in bench(do="label", weight_g="750")
    assert (bench.order.parcels.get().weight_g, prints()) == (750, [SLIP, LABEL])


def test_a_label_that_was_voided_is_bought_and_scanned_anew(bench):
    bench(bench.cup)
    bench(bench.cup)
    old = bench.order.parcels.get()
    seal.seal(work_of(bench.order).pk, old.tracking_number)
    label.void(old.pk, actor=ACTOR)
    assert bench.order.parcels.get().sealed_at is None


def test_without_a_station_papers_are_shown(enter, place):
    _, (cup,) = make_shelf(9, location=place)
    parcel = label.buy(packed(confirmed((cup, 1))).pk, actor=ACTOR)
    answer = enter(PACKER).post(reverse("floor:parcel_paper", args=[parcel.pk, "label"]))
    assert answer["Content-Type"] == "application/pdf"
    assert not PrintJob.objects.exists()


def test_the_scale_of_the_station_says_the_weight(bench):
    Station.objects.update(has_scale=True)
    bench(bench.cup)
    printing.note_weight(Station.objects.get(), 634)
    assert 'value="634"' in text(bench.client.get(reverse("floor:bench", args=[work_of(bench.order).pk])))
    assert "scale 634 g" in text(bench.client.get(reverse("floor:strip")))
    bench(bench.cup)
    assert bench.order.parcels.get().weight_g == 634


def test_a_print_nobody_confirmed_is_asked_about(enter, place):
    station = make_station(place)
    _, (cup,) = make_shelf(9, location=place)
    parcel = label.buy(packed(confirmed((cup, 1))).pk, actor=ACTOR)
    job = printing.send(station, Document.objects.latest_of("shipping_label", parcel.pk), actor=ACTOR)
    printing.take(station)
    printing.settle(station, job.pk, "unsure", "broken pipe")
    client = enter(PACKER)
    assert client.post(reverse("floor:print_job", args=[job.pk]), {"do": "yes"}).status_code == 404, "not its station"
    at(client, station)
    assert "did it come out?" in text(client.get(reverse("floor:strip")))
    client.post(reverse("floor:print_job", args=[job.pk]), {"do": "no"})
    assert list(PrintJob.objects.order_by("pk").values_list("copy", "status")) == [(0, "lost"), (1, "queued")]
    assert "did it come out?" not in text(client.get(reverse("floor:strip")))

    page = client.post(reverse("floor:print_job", args=[job.pk]), {"do": "yes"}, follow=True)
    assert "cannot become printed" in text(page)


@pytest.mark.papers
def test_every_command_of_the_card_is_read_by_a_scanner():
    assert {("]C0", word) for word, _ in COMMANDS} | {("]C0", "AT PACK-1")} == set(barcodes_of(render_card(["PACK-1"])))


@pytest.mark.parametrize(
    ("permissions", "is_shown"), [(["view_station", "change_station"], True), (["view_station"], False)]
)
def test_the_key_is_shown_to_those_who_may_change_the_station(enter, place, permissions, is_shown, time_machine):
    station = make_station(place)
    time_machine.move_to(timezone.now(), tick=False)  # a key names its second
    page = text(enter(permissions).get(reverse("admin:fulfilment_station_change", args=[station.pk])))
    assert "PACK-1" in page
    assert (station.key in page) is is_shown


def test_a_station_that_is_none_has_no_new_key(enter, place):
    client = enter(["view_station", "change_station"])
    assert client.get(reverse("admin:fulfilment_station_new_key", args=[999])).status_code == 404

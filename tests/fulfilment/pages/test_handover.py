"""Loading the carrier's van: parcels are scanned into the manifest, it is closed and printed."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from fulfilment.documents import manifest as paper
from fulfilment.models import Manifest, PrintJob
from fulfilment.services.hand_over import hand_over
from orders.services import holds
from tests.deliver import deliver
from tests.fulfilment import road
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed
from tests.fulfilment.pages.conftest import LEAD, text
from tests.fulfilment.paper import barcodes_of, size_of, text_of, words_outside
from tests.fulfilment.test_printing import make_station
from tests.replay import replayed

LOADER = [*LEAD, "view_fulfilmentorder", "view_manifest"]


@pytest.fixture
@replayed
def dock(place):
    shelf = make_shelf(9, location=place)
    dhl, held = road.shipped(shelf=shelf, number="JD1"), road.shipped(shelf=shelf, number="JD2")
    ups = road.shipped(shelf=shelf, carrier="ups", number="1Z1")
    holds.put(held.order_id, "fraud", "look again")
    return dhl, held, ups


def test_scan_what_goes_and_hear_of_what_does_not(enter, dock):
    dhl, held, ups = dock
    client, url = enter(LOADER), reverse("floor:handover")

    def scan(code, carrier=dhl.carrier_id):
        return text(client.post(url, {"scan": code, "carrier": carrier}, follow=True))

    page = scan("JD1")
    assert f"{dhl} is on the manifest M" in page
    assert "1 scanned into M" in page
    for code, said in (("1Z1", "goes with UPS, not DHL"), ("JD2", f"STOP: {held} stays"), ("NO", "no parcel here")):
        page = scan(code)
        assert said in page[page.index('class="alarm"') :]
    assert "UPS" in scan("1Z1", carrier="")


def test_what_must_be_stopped_is_named_in_red_when_the_manifest_closes(enter, dock, place):
    dhl, held, _ = dock
    standing = packed(confirmed((dhl.lines.get().sku, 1)))
    make_station(place, has_paper_printer=True)
    client, url = enter(LOADER), reverse("floor:handover")
    client.post(reverse("floor:station"), {"scan": "AT PACK-1"})
    page = text(client.get(url))
    assert "STOP: on hold" in page
    assert f"{standing}</a>" in page[page.index("Packed, not shipped") :]
    sent = {"parcel": [dhl.pk, held.pk], "carrier": dhl.carrier_id}
    page = text(client.post(url, sent, follow=True))
    assert f"STOP: {held} stays" in page[page.index('class="alarm"') :]
    assert "1 parcel is handed over" in page
    assert PrintJob.objects.get().document.kind == "manifest"


def test_the_board_counts_what_stands_here_packed(enter, dock):
    client = enter(LOADER)
    counts = {row["title"]: row for row in client.get(reverse("floor:board")).context["columns"]}
    assert counts["Packed, not manifested"]["count"] == 3
    assert counts["Packed, not manifested"]["url"] == reverse("floor:handover")


@pytest.mark.papers
def test_the_paper_names_each_parcel_and_a_second_print_says_so(enter, dock, place, settings):
    settings.GS1_PREFIX = "4012345"
    dhl, *_ = dock
    manifest, _ = hand_over(place, [dhl.pk], actor=ACTOR)
    deliver()
    Manifest.objects.update(handed_over_at=datetime(2026, 1, 9, 23, 30, tzinfo=UTC))
    url = reverse("floor:manifest_paper", args=[manifest.pk])
    client = enter(LOADER)
    assert client.get(url).content[:4] == b"%PDF"
    pdf = paper.render(manifest.pk)
    [page] = text_of(pdf)
    for words in (f"Manifest {manifest}", "DHL", "JD1", "(00)04012345", dhl.order.number, "0.80", "Berlin", "page 1/1"):
        assert words in page
    assert "Sat 10 Jan 2026" in page, "it left by the clock of the place"
    assert "00:30" in page
    assert "REPRINT" not in page
    assert "Unter den Linden" not in page, "where it goes is no business of the driver's paper"
    assert (size_of(pdf), words_outside(pdf)) == ((210, 297), 0)
    assert barcodes_of(pdf) == [("]C0", str(manifest))]
    assert client.post(url).status_code == 200
    assert "REPRINT 1" in text_of(paper.render(manifest.pk, reprint=1))[0]


def test_an_open_manifest_has_no_paper(enter, dock, place):
    manifest = Manifest.objects.create(location=place)
    assert enter(LOADER).get(reverse("floor:manifest_paper", args=[manifest.pk])).status_code == 404


@pytest.mark.parametrize(("count", "pages"), [(1, [1]), (23, [23]), (24, [23, 1]), (30, [29, 1]), (200, None)])
def test_rows_are_cut_so_that_signatures_never_stand_alone(count, pages):
    cut = paper.cut(list(range(count)))
    assert [row for page in cut for row in page] == list(range(count))
    assert len(cut[-1]) >= 1
    assert len(cut[-1]) <= paper.NEXT_PAGE - paper.SIGNING
    assert pages is None or [len(page) for page in cut] == pages

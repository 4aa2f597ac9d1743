"""Loading the carrier's van: parcels are scanned into the manifest, it is closed and printed."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from fulfilment.documents import manifest as paper
from fulfilment.models import Carrier, CarrierManifest, Manifest, PrintJob
from fulfilment.pages import handover as page_module
from fulfilment.services import label
from fulfilment.services.hand_over import hand_over
from fulfilment.services.load import load
from fulfilment.services.ship import ship
from orders.services import holds
from tests.deliver import deliver
from tests.fulfilment import road
from tests.fulfilment.fake_easypost import FORM
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


def test_what_another_device_scanned_meanwhile_is_not_taken_off_unseen(enter, dock, place):
    dhl, *_ = dock
    late = road.shipped(shelf=(place, [dhl.lines.get().sku]), number="JD3")
    client, url = enter(LOADER), reverse("floor:handover")
    client.post(url, {"scan": "JD1"})
    seen = re.search(r'name="seen" value="([\d ]+)"', text(client.get(url)))[1]
    load(place, "JD3")
    page = text(client.post(url, {"parcel": dhl.pk, "seen": seen, "carrier": dhl.carrier_id}, follow=True))
    assert f"since you opened the page: {late}." in page[page.index('class="alarm"') :]
    assert not Manifest.objects.closed().exists()
    sent = {"parcel": [dhl.pk, late.pk], "seen": f"{dhl.pk} {late.pk}", "carrier": dhl.carrier_id}
    assert "2 parcels are handed over" in text(client.post(url, sent, follow=True))


def test_the_page_shows_as_many_as_fit_for_each_carrier_and_what_was_scanned(enter, dock, monkeypatch):
    dhl, _, ups = dock
    monkeypatch.setattr(page_module, "MOST_PARCELS", 1)
    client, url = enter(LOADER), reverse("floor:handover")
    client.post(url, {"scan": "JD1"})
    answer = client.get(url)
    shown = [(group["parcels"], group["count"], group["more"]) for group in answer.context["groups"]]
    assert shown == [([dhl], 2, 1), ([ups], 1, 0)]
    assert "1 more: close this manifest first" in text(answer)


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


SOLD = [*LOADER, "view_carriermanifest"]


@pytest.fixture
def sold(place, easypost):
    """A parcel with a label that EasyPost sold, handed over."""
    Carrier.objects.create(code="EP", name="EasyPost", plugin="easypost")
    _, (cup,) = make_shelf(9, location=place)
    parcel = packed(confirmed((cup, 1)))
    label.buy(parcel.pk, actor=ACTOR)
    ship(parcel.fulfilment_order_id, actor=ACTOR)
    return hand_over(place, [parcel.pk], actor=ACTOR)[0]


def test_the_carriers_own_manifest_opens_beside_ours(enter, sold, place, easypost):
    client = enter(SOLD)
    assert "own manifest is asked for." in text(client.get(reverse("floor:handover")))
    deliver("fulfilment.tasks.ask_carrier_manifest")
    make_station(place, has_paper_printer=True)
    url = reverse("floor:handover")
    paper_url = reverse("floor:carrier_manifest_paper", args=[CarrierManifest.objects.get().pk])
    page = text(client.get(url))
    assert f'href="{paper_url}">Open USPS\'s own</a>' in page.replace("&#x27;", "'")
    assert "Print USPS" not in page, "a first print that is marked is none: it is opened"
    assert client.get(paper_url).content == FORM
    client.post(reverse("floor:station"), {"scan": "AT PACK-1"})
    assert "Print USPS" in text(client.get(url))
    client.post(paper_url)
    assert PrintJob.objects.get().document.kind == "carrier_manifest"
    console = text(client.get(reverse("admin:fulfilment_manifest_change", args=[sold.pk])))
    assert paper_url in console
    assert "Ask the carrier again" not in console


def test_what_the_carrier_refuses_is_said_and_asked_again(enter, sold, easypost):
    easypost.fail("form", "refuse", times=2)
    deliver("fulfilment.tasks.ask_carrier_manifest")
    client, url = enter(SOLD), reverse("floor:handover")
    page = text(client.get(url))
    assert "own manifest. EasyPost: Insufficient funds." in page
    assert "Ask again" in page
    page = text(client.post(reverse("floor:ask_carrier", args=[sold.pk]), follow=True))
    assert "EasyPost is asked again for its own manifest." in page
    deliver()
    console = reverse("admin:fulfilment_manifest_change", args=[sold.pk])
    assert "Insufficient funds" in text(client.get(console))
    assert "is asked again" in text(
        client.get(reverse("admin:fulfilment_manifest_ask_carrier", args=[sold.pk]), follow=True)
    )
    deliver()
    assert CarrierManifest.objects.get().status == "made"
    page = text(client.post(reverse("floor:ask_carrier", args=[sold.pk]), follow=True))
    assert f"There is nothing to ask for: {sold} has what its carrier gives." in page


def test_only_who_closes_manifests_asks_again(enter, sold, easypost):
    easypost.fail("form", "refuse")
    deliver("fulfilment.tasks.ask_carrier_manifest")
    client = enter(["view_manifest", "view_carriermanifest"])
    assert client.post(reverse("floor:ask_carrier", args=[sold.pk])).status_code == 403
    assert client.get(reverse("admin:fulfilment_manifest_ask_carrier", args=[sold.pk])).status_code == 403
    assert (
        client.get(reverse("floor:carrier_manifest_paper", args=[CarrierManifest.objects.get().pk])).status_code == 404
    )

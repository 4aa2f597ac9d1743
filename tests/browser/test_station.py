"""A packer at a station, mouse unplugged: badge, totes, items and labels are scanned, nothing is clicked."""

import os
import subprocess
import sys

import pypdfium2
import pytest
import zxingcpp
from django.conf import settings
from django.contrib.auth.models import Group
from django.core import signing

from fulfilment.models import FulfilmentOrder, Parcel, PrintJob
from fulfilment.services import badges
from tests.browser.test_floor import press, scan
from tests.fulfilment.make import ACTOR, confirmed, make_bin, picked
from tests.fulfilment.pages.test_photos import picture
from tests.fulfilment.test_printing import make_station
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clara(django_user_model):
    user = django_user_model.objects.create_user("clara", is_staff=True)
    user.groups.add(Group.objects.get(name="Packer"))
    return user


@pytest.fixture
def print_out(live_server, tmp_path):
    """Return `print_out(station)`: run its agent until nothing waits; returns the codes on the newest label."""

    def print_out(station):
        command = [sys.executable, settings.BASE_DIR / "static/agent/print_agent.py", live_server.url, "--once"]
        printers = ["--label", f"dir:{tmp_path}", "--paper", f"dir:{tmp_path}"]
        environment = os.environ | {"OMS_STATION_KEY": station.key}
        subprocess.run([*command, *printers], env=environment, check=True, capture_output=True, timeout=60)
        job = PrintJob.objects.filter(kind="label", status="printed").order_by("-pk").first()
        page = pypdfium2.PdfDocument(tmp_path / f"{job.pk}.pdf")[0]
        image = page.render(scale=203 / 72, grayscale=True).to_numpy()
        return [found.text for found in zxingcpp.read_barcodes(image)]

    return print_out


@pytest.fixture
def stand_at(page, live_server, screenshot):
    """Return `stand_at(station, user)`: a lead told the device where it stands; the user scans his badge."""

    def stand_at(station, user):
        cookie = signing.get_cookie_signer(salt="stationstation").sign(station.pk)
        page.context.add_cookies([{"name": "station", "value": cookie, "url": live_server.url}])
        page.goto("/floor/pack/")
        page.get_by_text("Scan your badge").wait_for()
        screenshot(page, "station-badge")
        with page.expect_navigation():
            scan(page, f"BADGE {badges.issue(user, actor=ACTOR)}")
        page.get_by_text("Scan a tote, container, parcel or order").wait_for()

    return stand_at


@pytest.mark.papers
def test_a_packer_ships_parcel_after_parcel_by_scanner_alone(page, clara, stand_at, print_out, sized, screenshot):
    place = make_location("BER", name="Berlin")
    station = make_station(place, name="Bench by the door")
    cup = make_sku(code="CUP-1001", name="Coffee cup, white, 300 ml")
    count = sized(2, 50)
    make_bin(place, "A-2", sku=cup, quantity=count, aisle="A")
    picked(*[confirmed((cup, 1)) for _ in range(count)])
    stand_at(station, clara)

    for number, row in enumerate(FulfilmentOrder.objects.order_by("tote")):
        with page.expect_navigation():
            scan(page, row.tote_code)
        with page.expect_navigation():
            scan(page, cup)
        page.get_by_text("Stick the label on, scan it").wait_for()
        code = next(code for code in print_out(station) if code.startswith("OMS"))
        if number == 0:
            screenshot(page, "station-label")
            scan(page, "OMS0000099999")
            page.get_by_text("is not the label of a parcel of this order").wait_for()
            press(page, "Space")
        with page.expect_navigation():
            scan(page, code)
        page.get_by_text("is shipped").wait_for()
    screenshot(page, "station-sent")
    assert list(Parcel.objects.values_list("status", flat=True)) == ["shipped"] * count
    assert set(PrintJob.objects.values_list("status", "copy")) == {("printed", 0)}


def test_a_print_nobody_heard_of_is_asked_about_with_a_key(page, clara, stand_at, screenshot):
    place = make_location("BER", name="Berlin")
    station = make_station(place)
    cup = make_sku(code="CUP-1001", name="Coffee cup")
    make_bin(place, "A-2", sku=cup, quantity=1, aisle="A")
    picked(confirmed((cup, 1)))
    make_station(place, code="PACK-2")
    stand_at(station, clara)
    for code in ("AT PACK-2", "AT PACK-1"):
        with page.expect_navigation():
            scan(page, code)
        page.get_by_text(f"This device stands at {code.removeprefix('AT ')}.").wait_for()
    page.goto("/floor/pack/")
    with page.expect_navigation():
        scan(page, FulfilmentOrder.objects.get().tote_code)
    with page.expect_navigation():
        scan(page, cup)
    PrintJob.objects.filter(kind="label").update(status="doubtful")
    page.get_by_text("did it come out?").wait_for(timeout=15_000)
    screenshot(page, "station-doubt")
    with page.expect_navigation():
        press(page, "n")
    assert sorted(PrintJob.objects.filter(kind="label").values_list("copy", "status")) == [(0, "lost"), (1, "queued")]


def test_a_photo_of_the_parcel_goes_off_as_soon_as_it_is_taken(page, clara, stand_at, screenshot):
    place = make_location("BER", name="Berlin")
    cup = make_sku(code="CUP-1001", name="Coffee cup")
    make_bin(place, "A-2", sku=cup, quantity=2, aisle="A")
    picked(confirmed((cup, 2)))
    stand_at(make_station(place), clara)
    for code in (FulfilmentOrder.objects.get().tote_code, cup):
        with page.expect_navigation():
            scan(page, code)
    photo = {"name": "box.jpg", "mimeType": "image/jpeg", "buffer": picture((640, 480))}
    with page.expect_navigation():
        page.set_input_files("[name=photo]", files=[photo])
    page.get_by_text("Photo 1 of parcel").wait_for()
    screenshot(page, "station-photo")
    with page.expect_navigation():
        scan(page, cup)

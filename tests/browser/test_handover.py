"""Loading the van with a scanner in hand: each label goes into its carrier's manifest, and what must not is stopped."""

import pytest

from oms import roles
from orders.services import holds
from tests.browser.test_floor import press, scan
from tests.fulfilment import road
from tests.fulfilment.make import make_shelf
from tests.make import make_location, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_labels_are_scanned_without_a_click_and_a_held_one_stops_until_seen(phone, log_in, screenshot):
    shelf = make_shelf(9, location=make_location("BER", name="Berlin"))
    parcels = [road.shipped(shelf=shelf, number=f"JD00{n}") for n in range(3)]
    road.shipped(shelf=shelf, carrier="ups", number="1Z1")
    holds.put(parcels[2].order_id, "fraud", "look again")
    log_in(phone, make_user(roles.LEAD))
    phone.goto(f"/floor/handover/?carrier={parcels[0].carrier_id}")
    scan(phone, "JD000")
    phone.get_by_text("is on the manifest").wait_for()
    for code, words in (("1Z1", "goes with UPS, not DHL"), ("JD002", "STOP:")):
        scan(phone, code)
        alarm = phone.locator(".alarm", has_text=words)
        alarm.wait_for()
        screenshot(phone, f"floor-handover-{code}")
        press(phone, "Space")
        alarm.wait_for(state="detached")
    scan(phone, "JD001")
    phone.get_by_text("2 scanned into M").wait_for()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_role("button", name="Close the manifest").click()
    phone.get_by_text("2 parcels are handed over").wait_for()


def test_who_comes_is_booked_and_seen_on_a_phone(phone, log_in, screenshot):
    parcel = road.shipped(shelf=make_shelf(9, location=make_location("BER", name="Berlin")))
    log_in(phone, make_user(roles.LEAD))
    phone.goto("/floor/handover/")
    screenshot(phone, "floor-handover-nobody-comes")
    phone.get_by_role("link", name="Book a pickup").click()
    phone.get_by_label("Confirmation").fill("K-77")
    screenshot(phone, "floor-book-pickup")
    assert phone.get_by_label("Parcels").input_value() == "1"
    phone.get_by_role("button", name="Book").click()
    phone.get_by_text("the pickup is noted").wait_for()
    row = phone.locator("li", has_text="K-77")
    screenshot(phone, "floor-handover-who-comes")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    row.get_by_role("button", name="Cancel").click()
    phone.get_by_text(f"is cancelled: tell {parcel.carrier}").wait_for()

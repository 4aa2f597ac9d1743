"""The map with a pick list's tour, on a phone and on a desk; the plan in the console."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from fulfilment.services.pick import pick
from tests.fulfilment.floors import make_floor, make_place
from tests.fulfilment.make import ACTOR, confirmed, make_bin, released
from tests.make import make_location, make_sku, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tour():
    """A list of twelve stops, two of them picked, in a warehouse of twelve aisles and two blocks."""
    place = make_floor(make_location("BER", name="Berlin"), aisles=12, cross=(0, 12, 24), start=("A6", 2400))
    skus = []
    for i in range(120):
        aisle, metres = f"A{i % 12 + 1}", 1.5 + 2.2 * (i // 12)
        side = "right" if i % 7 > 3 else "left"
        is_wanted = i % 11 == 3
        _, sku = make_place(place, aisle, metres, code=f"{aisle}-{i}", side=side, zone="N", quantity=9 * is_wanted)
        skus += [sku] if is_wanted else []
    off = make_sku(code="OFF-1", name="A box that lies anywhere")
    make_bin(place, "Z-1", sku=off, quantity=4)
    pick_list = released(confirmed(*((sku, 1) for sku in skus), (off, 1)))
    for task in pick_list.tasks.in_walking_order()[:2]:
        pick(task.pk, picked=1, actor=ACTOR)
    return pick_list


WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_a_tour_is_read_on_a_phone(phone, log_in, tour, screenshot):
    log_in(phone, make_user("Picker"))
    phone.goto(reverse("floor:pick", args=[tour.pk]))
    screenshot(phone, "floor-walk-with-metres-phone")
    phone.get_by_role("link", name="Map").click()
    # Turned, so that twelve aisles are wide enough to be read.
    numbers = phone.locator("svg:visible text.stop")
    expect(numbers).to_have_count(11)
    assert phone.evaluate(WIDER) <= 0
    screenshot(phone, "floor-map-phone")
    assert numbers.first.bounding_box()["height"] >= 8
    phone.locator("svg:visible a").nth(15).click()
    expect(phone.locator("#bin li")).to_have_count(1)


def test_the_lead_reads_a_tour_and_draws_a_cross_aisle(page, log_in, tour, screenshot):
    log_in(page, make_user("Warehouse lead"))
    page.goto(reverse("floor:board"))
    page.get_by_role("link", name=f"{tour_metres(tour)} m").click()
    screenshot(page, "floor-map")
    expect(page.locator("svg:visible")).to_have_count(1)
    page.get_by_role("link", name="Change the plan").click()
    screenshot(page, "console-floor-plan")
    page.get_by_label("Cross-aisles").fill("0, 12, 24, 26")
    page.get_by_role("button", name="Draw").click()
    expect(page.locator("body")).to_contain_text("is drawn: 12 aisles")
    assert tour.location.floor_plan.cross_aisles.count() == 4
    page.get_by_role("link", name="A3", exact=True).click()
    screenshot(page, "console-floor-aisle")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(reverse("plans:plan", args=[tour.location_id]))
    screenshot(page, "console-floor-plan-phone")
    assert page.evaluate(WIDER) <= 0


def tour_metres(tour):
    tour.refresh_from_db()
    return tour.walk_m

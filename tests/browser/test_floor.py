"""A day on the floor with a scanner: the lead releases, the picker walks, the packer ships, without a click."""

import pytest
from django.contrib.auth.models import Group

from fulfilment.models import Carrier, Parcel, RefusedScan
from orders.models import Note
from orders.services.cancel import cancel
from tests.deliver import deliver
from tests.fulfilment.make import confirmed, make_bin, make_carton, picked, released, work_of
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def floor(db):
    """A warehouse and an order of two cups (A-2) and five pots (A-10): (order, cup, pot)."""
    place = make_location("BER", name="Berlin")
    size = {"length_mm": 120, "width_mm": 90, "height_mm": 100}
    cup = make_sku(code="CUP-1001", name="Coffee cup, white, 300 ml", is_hazmat=True, **size)
    size = {"length_mm": 250, "width_mm": 180, "height_mm": 170}
    pot = make_sku(code="POT-2002", name="Tea pot with a long handle and lid", weight_g=900, is_fragile=True, **size)
    make_carton("L", (500, 400, 350))
    make_carton("XL", (600, 400, 400))
    make_bin(place, "A-2", sku=cup, quantity=9, aisle="A")
    make_bin(place, "A-10", sku=pot, quantity=9, aisle="A")
    Carrier.objects.create(code="DHL", name="DHL")
    return confirmed((cup, 2), (pot, 5)), cup, pot


@pytest.fixture
def person(django_user_model, floor, log_in):
    """Return `person(role, page)`: somebody of that role, logged in there."""

    def person(role, page):
        user = django_user_model.objects.create_user(role.split()[-1].lower(), is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        log_in(page, user)
        return user

    return person


SCAN = """code => {
  for (const key of [...code, "Enter"])
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
}"""


def scan(page, code):
    """Type as a scanner does: all at once, into whatever has the focus, with Enter at its end."""
    page.evaluate(SCAN, str(code))


def press(page, key):
    """Press a key as a person does, a while after what was before."""
    page.wait_for_timeout(150)
    page.keyboard.press(key)


def test_lead_releases_in_three_clicks(page, person, floor, screenshot):
    person("Warehouse lead", page)
    page.goto("/floor/board/")
    screenshot(page, "floor-board")
    page.get_by_role("button", name="Make a pick list").click()
    page.get_by_text("holds 1 order").wait_for()
    screenshot(page, "floor-board-released")
    assert work_of(floor[0]).status == "released"


def test_picker_walks_without_touching_the_screen(phone, person, floor, screenshot):
    order, cup, pot = floor
    person("Picker", phone)
    walk = released(order)
    phone.goto("/floor/")
    screenshot(phone, "floor-home-phone")
    scan(phone, walk)
    phone.get_by_text("A-2", exact=True).wait_for()
    screenshot(phone, "floor-bin-phone")
    scan(phone, "A-2")
    phone.get_by_text("Scan the item").wait_for()
    scan(phone, cup)
    phone.get_by_text("1 of 2").first.wait_for()
    screenshot(phone, "floor-item-phone")
    scan(phone, cup)
    phone.get_by_text("A-10", exact=True).wait_for()
    scan(phone, "A-10")
    phone.get_by_text("Scan the item").wait_for()
    scan(phone, pot)
    phone.get_by_text("How many did you take?").wait_for()
    screenshot(phone, "floor-count-phone")
    press(phone, "Enter")
    phone.get_by_text("is done").wait_for()
    screenshot(phone, "floor-walk-done-phone")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    walk.refresh_from_db()
    assert walk.status == "done"


def test_refusal_stays_until_it_is_acknowledged(phone, person, floor, screenshot):
    walk = released(floor[0])
    person("Picker", phone)
    phone.goto(f"/floor/lists/{walk.pk}/")
    scan(phone, "A-10")
    alarm = phone.get_by_text("This is A-10. Go to A-2.")
    alarm.wait_for()
    screenshot(phone, "floor-wrong-bin-phone")
    scan(phone, "A-2")
    phone.wait_for_timeout(300)
    assert alarm.is_visible(), "a scan made without looking is not heard"
    press(phone, "Space")
    alarm.wait_for(state="detached")
    scan(phone, "A-2")
    phone.get_by_text("Scan the item").wait_for()


def test_short_by_one_key(phone, person, floor, screenshot):
    walk = released(floor[0])
    person("Picker", phone)
    phone.goto(f"/floor/lists/{walk.pk}/")
    press(phone, "s")
    phone.get_by_role("button", name="Damaged").wait_for()
    screenshot(phone, "floor-short-phone")
    press(phone, "1")
    phone.get_by_text("A-10", exact=True).wait_for()
    assert walk.tasks.in_walking_order()[0].short_reason == "missing"


def test_packer_ships_without_a_click(page, person, floor, screenshot):
    order, cup, pot = floor
    person("Packer", page)
    Note.objects.create(order=order, audience=Note.Audience.PACK, text="Wrap each cup in tissue paper.")
    picked(order)
    page.goto("/floor/pack/")
    scan(page, work_of(order).tote_code)
    page.get_by_text("Wrap each cup in tissue paper.").wait_for()
    screenshot(page, "floor-note")
    press(page, "o")
    page.get_by_text("Scan the items").wait_for()
    for code in [cup, cup, *[pot] * 5]:
        with page.expect_navigation():
            scan(page, code)
    page.get_by_role("button", name="Ship").wait_for()
    screenshot(page, "floor-bench")
    assert page.locator(".carton .name").inner_text() == "L"
    with page.expect_navigation():
        press(page, "2")
    assert page.locator(".carton .name").inner_text() == "XL"
    page.set_viewport_size({"width": 390, "height": 800})
    screenshot(page, "floor-carton-phone")
    with page.expect_navigation():
        scan(page, order.number)
    page.get_by_text(f"Order {order} is shipped").wait_for()
    screenshot(page, "floor-sent")
    parcel = Parcel.objects.get()
    assert (parcel.status, parcel.length_mm, parcel.packed_in.carton.code) == ("shipped", 606, "XL")


def test_stop_is_seen(phone, person, floor, screenshot):
    order, cup, _ = floor
    person("Packer", phone)
    picked(order)
    cancel(order.pk, reason="changed mind")
    deliver()
    phone.goto(f"/floor/pack/{work_of(order).pk}/")
    phone.get_by_role("heading", name="STOP").wait_for()
    screenshot(phone, "floor-stop-phone")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    with phone.expect_navigation():
        press(phone, "a")
    order.refresh_from_db()
    assert order.status == "cancelled"


@pytest.mark.parametrize("path", ["board", "lists", "pack", "shipped", "handover", "put-backs", "pickups", "labels"])
def test_every_page_fits_a_phone(phone, person, floor, screenshot, path):
    order = floor[0]
    picked(order)
    person("Manager", phone)
    phone.goto(f"/floor/{path}/")
    screenshot(phone, f"floor-{path}-phone")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_picker_goes_on_without_a_connection_and_all_is_sent_once(phone, person, floor, screenshot):
    order, cup, pot = floor
    person("Picker", phone)
    walk = released(order)
    phone.goto(f"/floor/lists/{walk.pk}/")
    scan(phone, "A-2")
    phone.get_by_text("Scan the item").wait_for()
    phone.context.set_offline(True)
    scan(phone, cup)
    phone.get_by_text("No connection. 0 picks are kept here").wait_for()
    scan(phone, pot)
    alarm = phone.get_by_text("POT-2002 is not CUP-1001. Take CUP-1001.")
    alarm.wait_for()
    press(phone, "Space")
    alarm.wait_for(state="detached")
    scan(phone, cup)
    phone.get_by_text("A-10", exact=True).wait_for()
    screenshot(phone, "floor-alone-phone")
    scan(phone, "A-10")
    scan(phone, pot)
    phone.get_by_text("How many did you take?").wait_for()
    phone.keyboard.type("4", delay=80)
    press(phone, "Enter")
    phone.get_by_text("No connection. 2 picks are kept here").wait_for()
    assert list(walk.tasks.in_walking_order().values_list("picked", flat=True)) == [0, 0]

    phone.context.set_offline(False)
    phone.get_by_text("1 of 2 left").wait_for()
    assert list(walk.tasks.in_walking_order().values_list("picked", flat=True)) == [2, 4]
    assert phone.evaluate("localStorage.length") == 0
    assert RefusedScan.objects.get().code == "POT-2002"  # what the device refused by itself

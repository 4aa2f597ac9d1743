"""The receiver's day, with a scanner (a keyboard that types fast and presses Enter)."""

import time

import pytest

from inventory.models import Bin, CountSession
from tests.inventory.ledger import bins
from tests.make import make_location, make_order, make_sku


@pytest.fixture
def berlin(transactional_db):
    location = make_location("BER", name="Berlin")
    Bin.objects.create(location=location, code="A-1")
    return location


@pytest.fixture
def mug(berlin):
    return make_sku(10, berlin, code="MUG-BLUE", name="Mug, blue, with a handle", unit_cost=3, is_fragile=True)


def scan(page, code):
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth") <= 390


def test_goods_are_received_and_put_away_by_scanner(phone, admin_user, log_in, mug, berlin, screenshot):
    log_in(phone, admin_user)
    phone.goto("/stock/")
    screenshot(phone, "stock-home-phone")
    assert fits(phone)
    for tab in phone.locator("nav a").all():
        box = tab.bounding_box()
        assert box["x"] + box["width"] <= 390, tab.inner_text()
    phone.get_by_role("link", name="Receive").last.click()
    phone.wait_for_url("**/receive/")
    scan(phone, "mug-blue")
    phone.wait_for_selector("#id_quantity")
    screenshot(phone, "stock-receive-phone")
    assert fits(phone)
    phone.keyboard.type("2")
    phone.keyboard.press("Enter")
    phone.wait_for_selector("text=into DOCK")
    screenshot(phone, "stock-received-phone")
    phone.goto("/stock/move/")
    scan(phone, "MUG-BLUE")
    phone.wait_for_selector("#id_bin")
    screenshot(phone, "stock-move-phone")
    scan(phone, "a-1")
    phone.wait_for_selector("text=from DOCK to A-1")
    assert bins(mug, berlin) == {"A-1": 12}
    assert fits(phone)


def test_a_number_typed_replaces_the_proposed_one_though_the_browser_focused_it_first(phone, admin_user, log_in, mug):
    """Twelve pieces for two would be booked where only the focus of the script selected what stands there."""

    def late(route):
        time.sleep(0.5)
        route.continue_()

    log_in(phone, admin_user)
    phone.route("**/scan.js", late)
    phone.goto("/stock/receive/?code=MUG-BLUE")
    phone.wait_for_function("document.activeElement.id === 'id_quantity'")
    phone.keyboard.type("2")
    assert phone.input_value("#id_quantity") == "2"


def test_a_scan_is_heard_wherever_the_focus_is_and_a_failure_stays(phone, admin_user, log_in, mug, screenshot):
    log_in(phone, admin_user)
    phone.goto("/stock/move/")
    scan(phone, "NONE")
    phone.wait_for_selector(".alarm")
    screenshot(phone, "stock-refused-phone")
    phone.wait_for_timeout(150)
    phone.keyboard.press("Space")
    phone.wait_for_selector(".alarm", state="detached")
    scan(phone, "MUG-BLUE")
    phone.wait_for_selector("#id_bin")


def test_a_bin_is_counted_blind_and_posted(phone, page, admin_user, log_in, mug, berlin, screenshot):
    log_in(phone, admin_user)
    phone.goto("/stock/counts/")
    screenshot(phone, "stock-counts-phone")
    scan(phone, "A-1")
    phone.wait_for_selector("text=Scan each item")
    for _ in range(2):
        scan(phone, "MUG-BLUE")
        phone.wait_for_load_state()
        phone.wait_for_selector("text=Counted so far")
    phone.wait_for_function("document.querySelector('#pieces').value === '2'")
    screenshot(phone, "stock-count-phone")
    assert fits(phone)
    phone.get_by_role("link", name="Review and post").click()
    phone.wait_for_selector("text=Differences at cost")
    screenshot(phone, "stock-review-phone")
    log_in(page, admin_user)
    page.goto(phone.url)
    screenshot(page, "stock-review")
    page.get_by_role("button", name="Post").click()
    page.wait_for_selector("text=is posted")
    assert CountSession.objects.get().status == "posted"
    assert bins(mug, berlin) == {"DOCK": 10, "A-1": 2}


def test_an_adjustment_is_previewed(page, phone, admin_user, log_in, mug, berlin, screenshot):
    for name, one in (("", page), ("-phone", phone)):
        log_in(one, admin_user)
        one.goto("/stock/adjust/?code=mug-blue")
        one.fill("#id_change", "-1")
        one.select_option("#id_reason", "damaged")
        screenshot(one, f"stock-adjust{name}")
        one.get_by_role("button", name="Preview").click()
        one.wait_for_selector("text=Is this right?")
        screenshot(one, f"stock-adjust-preview{name}")
        one.get_by_role("button", name="Yes, book it").click()
        one.wait_for_selector("text=damaged.")
    assert bins(mug, berlin) == {"DOCK": 8}


def test_an_item_is_looked_up(page, phone, admin_user, log_in, mug, screenshot):
    for name, one in (("", page), ("-phone", phone)):
        log_in(one, admin_user)
        one.goto("/stock/item/?code=mug-blue")
        screenshot(one, f"stock-item{name}")
    assert fits(phone)


def test_an_unknown_code_is_learned(phone, admin_user, log_in, mug, screenshot):
    log_in(phone, admin_user)
    phone.goto("/stock/receive/")
    scan(phone, "4006381333931")
    phone.wait_for_selector("text=Learn this barcode")
    screenshot(phone, "stock-unknown-phone")
    assert fits(phone)
    phone.fill("#id_item", "mug-blue")
    phone.get_by_role("button", name="Learn and go on").click()
    phone.wait_for_selector("#id_quantity")


def test_d_marks_what_came_in_as_damaged(phone, admin_user, log_in, mug, berlin, screenshot):
    make_order(mug, 12)
    log_in(phone, admin_user)
    phone.goto("/stock/receive/?code=mug-blue")
    phone.keyboard.press("d")
    phone.wait_for_selector("#id_is_damaged:checked")
    assert phone.input_value("#id_quantity") == "1"
    phone.keyboard.type("2", delay=100)
    phone.keyboard.press("Enter")
    phone.wait_for_selector("text=into QUARANTINE")
    assert bins(mug, berlin) == {"DOCK": 10, "QUARANTINE": 2}
    phone.goto("/stock/receive/?code=mug-blue")
    phone.keyboard.press("Enter")
    phone.wait_for_selector("text=1 piece for 1 order")
    screenshot(phone, "stock-to-packing-phone")
    assert fits(phone)

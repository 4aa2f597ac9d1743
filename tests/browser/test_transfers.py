"""A transfer from the console to the shelf of another place; a refill, the dock; wide and on a phone."""

import pytest
from playwright.sync_api import expect

from inventory.models import Bin, PickFace, Transfer
from inventory.services import draft_transfer, receive_transfer, refill, ship_transfer
from tests.fulfilment.make import confirmed, make_bin
from tests.inventory.ledger import bins, level
from tests.make import make_location, make_sku


@pytest.fixture
def berlin(transactional_db):
    return make_location("BER", name="Warehouse Berlin")


@pytest.fixture
def paris(berlin):
    return make_location("PAR", name="Warehouse Paris")


@pytest.fixture
def mug(berlin):
    return make_sku(10, berlin, code="MUG-BLUE", name="Mug, blue, with a handle")


def scan(page, code):
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth") <= 390


def choose_place(phone, place):
    phone.goto("/stock/")
    phone.get_by_role("button", name=place.code).click()
    phone.wait_for_load_state()


def test_a_transfer_is_typed_made_ready_and_shipped(page, admin_user, log_in, mug, berlin, paris, screenshot):
    log_in(page, admin_user)
    page.goto("/admin/inventory/transfer/")
    page.keyboard.press("n")
    page.wait_for_url("**/transfer/new/")
    page.select_option("#id_source", str(berlin.pk))
    page.select_option("#id_target", str(paris.pk))
    page.locator("input[name=sku]").first.press_sequentially("mug")
    page.wait_for_selector(".oms-suggest li >> text=10 available")
    screenshot(page, "transfer-new")
    page.keyboard.press("Enter")
    page.keyboard.type("6")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=is drafted")
    page.locator("body").press("r")
    page.wait_for_selector("text=is ready")
    screenshot(page, "transfer-ready")
    page.get_by_role("button", name="Ship").click()
    page.wait_for_selector("text=has left")
    screenshot(page, "transfer-shipped")
    assert Transfer.objects.get().lines.get().shipped == 6


@pytest.fixture
def shipped(berlin, paris, mug):
    transfer = draft_transfer.draft(berlin, paris, lines={mug: 6})
    draft_transfer.make_ready(transfer.pk)
    return ship_transfer.ship(transfer.pk)


def test_what_came_is_scanned_and_what_differs_is_named(phone, admin_user, log_in, mug, paris, shipped, screenshot):
    log_in(phone, admin_user)
    choose_place(phone, paris)
    phone.goto("/stock/transfers/")
    screenshot(phone, "transfers-phone")
    assert fits(phone)
    scan(phone, shipped.number)
    phone.wait_for_selector("text=Scan each item that came")
    for count in range(1, 5):
        scan(phone, "MUG-BLUE")
        expect(phone.locator("#pieces")).to_have_value(str(count))
    phone.get_by_label("Damaged").check()
    phone.locator("#code").focus()
    scan(phone, "MUG-BLUE")
    phone.wait_for_selector("text=Damaged so far")
    screenshot(phone, "transfer-count-phone")
    assert fits(phone)
    phone.get_by_role("link", name="Done").click()
    phone.wait_for_selector("text=1 short")
    screenshot(phone, "transfer-done-phone")
    assert fits(phone)
    phone.get_by_role("button", name="Book: that is all").click()
    phone.wait_for_selector("text=1 piece is missing")
    assert level(mug, paris) == (5, 0, 1)


def test_a_lead_explains_what_is_missing(page, admin_user, log_in, mug, berlin, shipped, screenshot):
    receive_transfer.receive(shipped.pk, {shipped.lines.get().pk: (5, 0)})
    log_in(page, admin_user)
    page.goto("/admin/inventory/transfer/?todo=missing")
    screenshot(page, "transfers")
    page.get_by_role("link", name=shipped.number).click()
    screenshot(page, "transfer-short")
    page.get_by_role("button", name="Lost: write off").click()
    page.wait_for_selector("text=1 lost")
    screenshot(page, "transfer-lost")
    assert level(mug, berlin) == (4, 0, 0)


def test_a_pick_face_is_refilled_by_scanner(phone, page, admin_user, log_in, mug, berlin, screenshot):
    make_bin(berlin, "R-1", sku=mug, quantity=20, kind=Bin.Kind.BULK)
    PickFace.objects.create(sku=mug, bin=make_bin(berlin, "A-1", sku=mug, quantity=1), minimum=2, maximum=8)
    refill.make_due()
    log_in(page, admin_user)
    page.goto("/floor/board/")
    screenshot(page, "board-refills")
    page.get_by_role("link", name="Faces to refill").click()
    page.wait_for_url("**/stock/refills/")
    log_in(phone, admin_user)
    phone.goto("/stock/refills/")
    screenshot(phone, "refills-phone")
    assert fits(phone)
    scan(phone, "R-1")
    phone.wait_for_selector("text=Scan the item")
    scan(phone, "MUG-BLUE")
    phone.wait_for_selector("text=Scan the bin A-1")
    screenshot(phone, "refill-phone")
    assert fits(phone)
    scan(phone, "A-1")
    phone.wait_for_selector("text=are in A-1")
    assert bins(mug, berlin) == {"A-1": 8, "R-1": 13, "DOCK": 10}


def test_the_dock_is_emptied_by_scanner(phone, admin_user, log_in, mug, berlin, screenshot):
    make_bin(berlin, "R-1", sku=mug, quantity=1, kind=Bin.Kind.BULK)
    confirmed((mug, 5))
    make_sku(4, berlin, code="CUP", name="Cup")
    log_in(phone, admin_user)
    phone.goto("/stock/put-away/")
    screenshot(phone, "put-away-phone")
    assert fits(phone)
    scan(phone, "MUG-BLUE")
    phone.wait_for_selector("text=TO PACKING")
    screenshot(phone, "put-away-item-phone")
    assert fits(phone)
    scan(phone, "R-1")
    phone.wait_for_selector("text=are in R-1")
    assert bins(mug, berlin) == {"DOCK": 4, "R-1": 7}
